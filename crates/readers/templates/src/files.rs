use std::collections::{BTreeMap, HashMap};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use text::{Problem, Source, SourceId, Sources};

use crate::document;
use crate::value::Value;

/// Largest file that is read, in bytes; larger ones are a problem, never a wait.
pub const LARGEST_FILE: u64 = 32 << 20;

/// The files of one scan: each read at most once and parsed at most once.
///
/// Paths are relative to the root, with `/` between folders and no `.` or `..`.
pub struct Files {
    origin: Origin,
    /// What is put before a path when it is shown to the user; empty or ending in `/`.
    shown_prefix: String,
    paths: Vec<String>,
    cache: Mutex<Cache>,
}

enum Origin {
    Folder(PathBuf),
    Memory(BTreeMap<String, Vec<u8>>),
}

#[derive(Default)]
struct Cache {
    sources: Sources,
    entries: HashMap<String, Arc<OnceLock<Result<Loaded, FileError>>>>,
    documents: HashMap<SourceId, Arc<OnceLock<Parsed>>>,
}

/// A file's text.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// Its id, for spans.
    pub id: SourceId,
    /// Its path and text.
    pub source: Arc<Source>,
}

/// A file as a document tree, with what was wrong.
#[derive(Debug)]
pub struct Parsed {
    /// The root value; `None` where nothing could be parsed.
    pub value: Option<Value>,
    /// Problems of syntax; already collected into the reading once.
    pub problems: Vec<Problem>,
}

/// Why a file cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is none.
    #[error("there is no file `{0}`")]
    Missing(String),
    /// The path leads out of the scanned folder.
    #[error("`{0}` lies outside the scanned folder")]
    Outside(String),
    /// Too large to be a template.
    #[error("`{path}` has {bytes} bytes, more than the {LARGEST_FILE} that are read")]
    TooLarge {
        /// The file.
        path: String,
        /// Its size.
        bytes: u64,
    },
    /// Not text.
    #[error("`{0}` is not UTF-8 text")]
    NotText(String),
    /// The system refused.
    #[error("`{path}` cannot be read: {why}")]
    Refused {
        /// The file.
        path: String,
        /// The system's words.
        why: String,
    },
}

impl Files {
    /// A folder's files: `paths` are those to look for applications in, relative to `root`.
    pub fn folder(
        root: impl Into<PathBuf>,
        shown_prefix: impl Into<String>,
        paths: Vec<String>,
    ) -> Self {
        Self::new(Origin::Folder(root.into()), shown_prefix.into(), paths)
    }

    /// Texts in memory.
    pub fn memory<P: Into<String>, T: Into<Vec<u8>>>(
        files: impl IntoIterator<Item = (P, T)>,
    ) -> Self {
        let files: BTreeMap<String, Vec<u8>> =
            files.into_iter().map(|(path, bytes)| (path.into(), bytes.into())).collect();
        let paths = files.keys().cloned().collect();
        Self::new(Origin::Memory(files), String::new(), paths)
    }

    fn new(origin: Origin, shown_prefix: String, paths: Vec<String>) -> Self {
        Self { origin, shown_prefix, paths, cache: Mutex::default() }
    }

    /// The paths to look for applications in.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// A path as shown to the user.
    pub fn shown(&self, path: &str) -> String {
        format!("{}{path}", self.shown_prefix)
    }

    /// Whether there is such a file.
    pub fn exists(&self, path: &str) -> bool {
        match &self.origin {
            Origin::Folder(root) => root.join(path).is_file(),
            Origin::Memory(files) => files.contains_key(path),
        }
    }

    /// Joins `relative` to the folder of `file` and resolves `.` and `..`.
    pub fn resolve(&self, file: &str, relative: &str) -> Result<String, FileError> {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        self.resolve_in(folder, relative)
    }

    /// Joins `relative` to `folder` and resolves `.` and `..`.
    pub fn resolve_in(&self, folder: &str, relative: &str) -> Result<String, FileError> {
        let outside = || FileError::Outside(relative.to_owned());
        if Path::new(relative).is_absolute() {
            return Err(outside());
        }
        let mut parts: Vec<String> = Vec::new();
        for component in Path::new(folder).join(relative.replace('\\', "/")).components() {
            match component {
                Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
                Component::ParentDir => drop(parts.pop().ok_or_else(outside)?),
                Component::CurDir => {}
                Component::RootDir | Component::Prefix(_) => return Err(outside()),
            }
        }
        Ok(parts.join("/"))
    }

    /// A file's bytes, without keeping them: for looking whether it is worth reading.
    pub fn bytes(&self, path: &str) -> Result<Vec<u8>, FileError> {
        match &self.origin {
            Origin::Memory(files) => {
                files.get(path).cloned().ok_or_else(|| FileError::Missing(path.to_owned()))
            }
            Origin::Folder(root) => read_within(root, path),
        }
    }

    /// A file's text, read once.
    pub fn load(&self, path: &str) -> Result<Loaded, FileError> {
        let entry = self.locked().entries.entry(path.to_owned()).or_default().clone();
        entry
            .get_or_init(|| {
                let bytes = self.bytes(path)?;
                let text =
                    String::from_utf8(bytes).map_err(|_| FileError::NotText(path.to_owned()))?;
                let source = Arc::new(Source::new(self.shown(path), text));
                let id = self.locked().sources.add(source.clone());
                Ok(Loaded { id, source })
            })
            .clone()
    }

    /// A YAML or JSON file as a tree, parsed once.
    pub fn document(&self, path: &str) -> Result<Arc<OnceLock<Parsed>>, FileError> {
        let loaded = self.load(path)?;
        let entry = self.locked().documents.entry(loaded.id).or_default().clone();
        entry.get_or_init(|| document::parse(&loaded.source, loaded.id));
        Ok(entry)
    }

    /// The source of that id, if it was read.
    pub fn source(&self, id: SourceId) -> Option<Arc<Source>> {
        self.locked().sources.get(id).cloned()
    }

    /// Everything read so far.
    pub fn sources(&self) -> Sources {
        self.locked().sources.clone()
    }

    fn locked(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_within(root: &Path, path: &str) -> Result<Vec<u8>, FileError> {
    let full = root.join(path);
    let refused = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => FileError::Missing(path.to_owned()),
        _ => FileError::Refused { path: path.to_owned(), why: error.to_string() },
    };
    let metadata = std::fs::symlink_metadata(&full).map_err(refused)?;
    if metadata.is_symlink() || path.contains('/') {
        // A link anywhere on the way must not lead out of the root.
        let real = std::fs::canonicalize(&full).map_err(refused)?;
        let real_root = std::fs::canonicalize(root).map_err(refused)?;
        if !real.starts_with(&real_root) {
            return Err(FileError::Outside(path.to_owned()));
        }
    }
    let size = std::fs::metadata(&full).map_err(refused)?.len();
    if size > LARGEST_FILE {
        return Err(FileError::TooLarge { path: path.to_owned(), bytes: size });
    }
    std::fs::read(&full).map_err(refused)
}
