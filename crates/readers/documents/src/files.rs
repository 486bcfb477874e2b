use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use text::{Problem, Source, SourceId, Sources, Span};

use crate::document;
use crate::value::Value;

/// Largest file that is read, in bytes; larger ones are a problem, never a wait.
pub const LARGEST_FILE: u64 = 32 << 20;

/// As much of a file that is too large is looked at, in bytes.
const BEGINNING: u64 = 64 << 10;

/// Stands in place of bytes that are no text.
const REPLACEMENT: char = char::REPLACEMENT_CHARACTER;

/// The files of one scan: each read at most once and parsed at most once.
///
/// Paths are relative to the root, with `/` between folders and no `.` or `..`.
pub struct Files {
    origin: Origin,
    /// What is put before a path when it is shown to the user; empty or ending in `/`.
    shown_prefix: String,
    paths: Vec<String>,
    /// Texts that stand in the place of those of the origin.
    changed: BTreeMap<String, Vec<u8>>,
    cache: Mutex<Cache>,
}

#[derive(Clone)]
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
    /// What was wrong with its bytes.
    problem: Option<Problem>,
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
        Self { origin, shown_prefix, paths, changed: BTreeMap::new(), cache: Mutex::default() }
    }

    /// The same files, with other texts in the place of some; nothing is read yet.
    pub fn changed(&self, texts: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut changed = self.changed.clone();
        changed.extend(texts.into_iter().map(|(path, text)| (path, text.into_bytes())));
        Self {
            origin: self.origin.clone(),
            shown_prefix: self.shown_prefix.clone(),
            paths: self.paths.clone(),
            changed,
            cache: Mutex::default(),
        }
    }

    /// The paths to look for applications in.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    /// A path as shown to the user.
    pub fn shown(&self, path: &str) -> String {
        format!("{}{path}", self.shown_prefix)
    }

    /// The path of a file that is shown to the user so.
    pub fn path_of<'shown>(&self, shown: &'shown str) -> Option<&'shown str> {
        shown.strip_prefix(self.shown_prefix.as_str())
    }

    /// Whether there is such a file.
    pub fn exists(&self, path: &str) -> bool {
        match &self.origin {
            Origin::Folder(root) => root.join(path).is_file(),
            Origin::Memory(files) => files.contains_key(path),
        }
    }

    /// Names of the folders right in a folder, sorted, ignored ones too.
    pub fn folders_in(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = match &self.origin {
            Origin::Memory(files) => {
                let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
                let inside = files.keys().filter_map(|path| path.strip_prefix(&prefix));
                inside.filter_map(|rest| Some(rest.split_once('/')?.0.to_owned())).collect()
            }
            Origin::Folder(root) => match std::fs::read_dir(root.join(folder)) {
                Ok(entries) => entries
                    .flatten()
                    .filter(|entry| entry.path().is_dir())
                    .filter_map(|entry| entry.file_name().into_string().ok())
                    .collect(),
                Err(_) => Vec::new(),
            },
        };
        names.sort();
        names.dedup();
        names
    }

    /// Names of the files right in a folder, sorted, ignored ones too.
    pub fn names_in(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = match &self.origin {
            Origin::Memory(files) => {
                let inside = |path: &String| match path.rsplit_once('/') {
                    Some((parent, name)) => (parent == folder).then(|| name.to_owned()),
                    None => folder.is_empty().then(|| path.clone()),
                };
                files.keys().filter_map(inside).collect()
            }
            Origin::Folder(root) => match std::fs::read_dir(root.join(folder)) {
                Ok(entries) => entries
                    .flatten()
                    .filter_map(|entry| entry.file_name().into_string().ok())
                    .filter(|name| root.join(folder).join(name).is_file())
                    .collect(),
                Err(_) => Vec::new(),
            },
        };
        names.sort();
        names
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
        if let Some(bytes) = self.changed.get(path) {
            return Ok(bytes.clone());
        }
        match &self.origin {
            Origin::Memory(files) => {
                let bytes = files.get(path).ok_or_else(|| FileError::Missing(path.to_owned()))?;
                match bytes.len() as u64 {
                    size if size > LARGEST_FILE => {
                        Err(FileError::TooLarge { path: path.to_owned(), bytes: size })
                    }
                    _ => Ok(bytes.clone()),
                }
            }
            Origin::Folder(root) => read_within(root, path),
        }
    }

    /// The first bytes of a file, whatever its size.
    pub fn beginning(&self, path: &str) -> Result<Vec<u8>, FileError> {
        if let Some(bytes) = self.changed.get(path) {
            return Ok(bytes.iter().copied().take(BEGINNING as usize).collect());
        }
        match &self.origin {
            Origin::Memory(files) => {
                let bytes = files.get(path).ok_or_else(|| FileError::Missing(path.to_owned()))?;
                Ok(bytes.iter().copied().take(BEGINNING as usize).collect())
            }
            Origin::Folder(root) => {
                let refused = |error: std::io::Error| FileError::Refused {
                    path: path.to_owned(),
                    why: error.to_string(),
                };
                let file = std::fs::File::open(confined(root, path)?).map_err(refused)?;
                let mut bytes = Vec::new();
                file.take(BEGINNING).read_to_end(&mut bytes).map_err(refused)?;
                Ok(bytes)
            }
        }
    }

    /// Name of the scanned folder, if it has one.
    pub fn root_name(&self) -> Option<String> {
        match &self.origin {
            Origin::Memory(_) => None,
            Origin::Folder(root) => {
                let root = std::fs::canonicalize(root).ok()?;
                Some(root.file_name()?.to_string_lossy().into_owned())
            }
        }
    }

    /// Problems of reading and of syntax met so far, but for those of `rejected` sources. Files that cannot
    /// be had at all are the problem of who asked for them.
    pub fn problems(&self, rejected: &[SourceId]) -> Vec<Problem> {
        let cache = self.locked();
        let mut problems = Vec::new();
        for entry in cache.entries.values() {
            if let Some(Ok(loaded)) = entry.get()
                && !rejected.contains(&loaded.id)
            {
                problems.extend(loaded.problem.clone());
            }
        }
        for (id, document) in &cache.documents {
            if let Some(parsed) = document.get()
                && !rejected.contains(id)
            {
                problems.extend(parsed.problems.iter().cloned());
            }
        }
        problems
    }

    /// A file's text, read once.
    pub fn load(&self, path: &str) -> Result<Loaded, FileError> {
        let entry = self.locked().entries.entry(path.to_owned()).or_default().clone();
        entry
            .get_or_init(|| {
                let bytes = self.bytes(path)?;
                let (text, fault) = decoded(bytes, path)?;
                let source = Arc::new(Source::new(self.shown(path), text));
                let id = self.locked().sources.add(source.clone());
                let problem = fault.map(|offset| {
                    let span = Span::new(id, offset, offset + REPLACEMENT.len_utf8());
                    Problem::incomplete("this byte is not UTF-8", span.into())
                        .help("save the file as UTF-8; the rest of it was read")
                });
                Ok(Loaded { id, source, problem })
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

    /// Frees the trees of all documents; one that is asked for again is parsed again.
    pub fn forget_documents(&self) {
        self.locked().documents.clear();
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

/// The text of a file and the offset of the first byte that is none.
fn decoded(bytes: Vec<u8>, path: &str) -> Result<(String, Option<usize>), FileError> {
    if let [first @ (0xff | 0xfe), second @ (0xff | 0xfe), rest @ ..] = bytes.as_slice()
        && first != second
    {
        let is_little = *first == 0xff;
        let units = rest.as_chunks::<2>().0.iter().map(|unit| match is_little {
            true => u16::from_le_bytes(*unit),
            false => u16::from_be_bytes(*unit),
        });
        let text: Result<String, _> = char::decode_utf16(units).collect();
        return text.map(|text| (text, None)).map_err(|_| FileError::NotText(path.to_owned()));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, None)),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let bytes = error.into_bytes();
            if bytes.contains(&0) {
                return Err(FileError::NotText(path.to_owned()));
            }
            Ok((String::from_utf8_lossy(&bytes).into_owned(), Some(offset)))
        }
    }
}

fn refused(path: &str, error: &std::io::Error) -> FileError {
    match error.kind() {
        std::io::ErrorKind::NotFound => FileError::Missing(path.to_owned()),
        _ => FileError::Refused { path: path.to_owned(), why: error.to_string() },
    }
}

/// The full path of a file; a link anywhere on the way must not lead out of the root.
fn confined(root: &Path, path: &str) -> Result<PathBuf, FileError> {
    let refused = |error: std::io::Error| refused(path, &error);
    let full = root.join(path);
    let metadata = std::fs::symlink_metadata(&full).map_err(refused)?;
    if metadata.is_symlink() || path.contains('/') {
        let real = std::fs::canonicalize(&full).map_err(refused)?;
        let real_root = std::fs::canonicalize(root).map_err(refused)?;
        if !real.starts_with(&real_root) {
            return Err(FileError::Outside(path.to_owned()));
        }
    }
    Ok(full)
}

fn read_within(root: &Path, path: &str) -> Result<Vec<u8>, FileError> {
    let refused = |error: std::io::Error| refused(path, &error);
    let full = confined(root, path)?;
    let metadata = std::fs::metadata(&full).map_err(refused)?;
    // A pipe or a device would be waited for.
    if !metadata.is_file() {
        let why = "it is no regular file".to_owned();
        return Err(FileError::Refused { path: path.to_owned(), why });
    }
    let size = metadata.len();
    if size > LARGEST_FILE {
        return Err(FileError::TooLarge { path: path.to_owned(), bytes: size });
    }
    std::fs::read(&full).map_err(refused)
}
