//! One module's files as written: variables, locals, resources, data, modules and outputs.

use std::collections::{BTreeMap, HashMap};

use text::{Place, Problem};

use super::syntax::{self, Attribute, Block, Body};
use documents::{FileError, Files};

/// A folder's `.tf` and `.tf.json` files together.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// Folder, as a path of the scan.
    pub(super) folder: String,
    /// Files read, as paths of the scan.
    pub(super) files: Vec<String>,
    pub(super) variables: BTreeMap<String, Block>,
    pub(super) locals: HashMap<String, Attribute>,
    /// Managed resources in written order.
    pub(super) resources: Vec<Block>,
    pub(super) data: Vec<Block>,
    pub(super) modules: Vec<Block>,
    pub(super) outputs: BTreeMap<String, Block>,
    index: HashMap<(Mode, String, String), usize>,
}

/// Whether a resource is made or looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Mode {
    Managed,
    Data,
}

impl Configuration {
    /// A configuration of one text.
    pub(super) fn of(body: Body) -> Self {
        let mut configuration = Self::default();
        body.blocks.into_iter().for_each(|block| configuration.take(block));
        configuration
    }

    /// The block of a resource or data source.
    pub(super) fn resource(&self, mode: Mode, kind: &str, name: &str) -> Option<&Block> {
        let index = *self.index.get(&(mode, kind.to_owned(), name.to_owned()))?;
        match mode {
            Mode::Managed => self.resources.get(index),
            Mode::Data => self.data.get(index),
        }
    }

    /// The module call of that name.
    pub(super) fn module(&self, name: &str) -> Option<&Block> {
        self.modules.iter().find(|block| block.labels.first().is_some_and(|label| label == name))
    }

    fn take(&mut self, block: Block) {
        let label = |index: usize| block.labels.get(index).cloned().unwrap_or_default();
        match block.kind.as_str() {
            "variable" => drop(self.variables.insert(label(0), block)),
            "output" => drop(self.outputs.insert(label(0), block)),
            "module" => self.modules.push(block),
            "locals" => {
                let attributes = block.body.attributes.into_iter();
                self.locals.extend(attributes.map(|local| (local.name.clone(), local)));
            }
            "resource" => {
                let key = (Mode::Managed, label(0), label(1));
                self.index.insert(key, self.resources.len());
                self.resources.push(block);
            }
            "data" => {
                self.index.insert((Mode::Data, label(0), label(1)), self.data.len());
                self.data.push(block);
            }
            // `terraform`, `provider`, `moved`, `import`, `removed` and `check` declare nothing.
            _ => {}
        }
    }

    fn override_with(&mut self, block: Block) {
        let name = block.labels.first().cloned().unwrap_or_default();
        let own = match block.kind.as_str() {
            "variable" => self.variables.get_mut(&name),
            "output" => self.outputs.get_mut(&name),
            "module" => self.modules.iter_mut().find(|own| own.labels == block.labels),
            "resource" => self.resources.iter_mut().find(|own| own.labels == block.labels),
            "data" => self.data.iter_mut().find(|own| own.labels == block.labels),
            _ => None,
        };
        match own {
            Some(own) => own.body.overridden_by(block.body),
            None => self.take(block),
        }
    }
}

/// Reads a folder's configuration; `None` where it has no Terraform file.
pub(super) fn load(
    folder: &str,
    files: &Files,
    problems: &mut Vec<Problem>,
) -> Option<Configuration> {
    let names = files.names_in(folder);
    let mut paths: Vec<String> = names
        .iter()
        .filter(|name| name.ends_with(".tf") || name.ends_with(".tf.json"))
        .map(|name| if folder.is_empty() { name.clone() } else { format!("{folder}/{name}") })
        .collect();
    if paths.is_empty() {
        return None;
    }
    // Overrides come last, whatever their names.
    paths.sort_by_key(|path| (is_override(path), path.clone()));
    let mut configuration = Configuration { folder: folder.to_owned(), ..Default::default() };
    for path in paths {
        let body = match body(&path, files) {
            Ok(body) => body,
            Err(problem) => {
                problems.push(problem);
                Body::default()
            }
        };
        for block in body.blocks {
            if is_override(&path) {
                configuration.override_with(block);
            } else {
                configuration.take(block);
            }
        }
        configuration.files.push(path);
    }
    Some(configuration)
}

/// Reads one `.tf`, `.tfvars` or JSON file.
pub(super) fn body(path: &str, files: &Files) -> Result<Body, Problem> {
    if path.ends_with(".json") {
        let parsed = files.document(path).map_err(|error| unreadable(path, files, &error))?;
        // Its problems are the reading's: it collects those of every document.
        let value = parsed.get().and_then(|parsed| parsed.value.as_ref());
        return Ok(value.map(syntax::from_json).unwrap_or_default());
    }
    let loaded = files.load(path).map_err(|error| unreadable(path, files, &error))?;
    syntax::parse(&loaded.source, loaded.id)
}

fn unreadable(path: &str, files: &Files, error: &FileError) -> Problem {
    Problem::incomplete(error.to_string(), Place::Path(files.shown(path)))
}

fn is_override(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.split(".tf").next().unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}
