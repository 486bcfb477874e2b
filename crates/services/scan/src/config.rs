use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use finding::Severity;
use serde::Deserialize;

/// How a scan is to be done: defaults, then `casemate.toml`, then the command line.
#[derive(Debug, Clone)]
pub struct Config {
    /// Findings from this severity on fail the run; `None` never fails.
    pub fail_on: Option<Severity>,
    /// Accept that parts could not be read.
    pub allow_incomplete: bool,
    /// Count unknown values as incompleteness.
    pub strict: bool,
    /// Folders and files left out, as globs relative to the configuration's folder.
    pub exclude: Vec<String>,
    /// Values of parameters and variables.
    pub parameters: BTreeMap<String, String>,
    /// Stage, environment or workspace.
    pub stage: Option<String>,
    /// Which rules are asked.
    pub rules: Rules,
    /// Severities set by the user.
    pub severities: BTreeMap<String, Severity>,
    /// Suppressions by the user.
    pub allow: Vec<Allow>,
    /// Globs of the user's own rules, relative to the configuration's folder; read by who scans.
    pub rego: Vec<String>,
    /// What must be read for a run to be complete.
    pub whole: Whole,
    /// The handler's name, where a file of code is named instead of a template.
    pub handler: Option<String>,
    /// Files and folders of CloudTrail's records.
    pub observed: Vec<PathBuf>,
    /// The file it came from.
    pub file: Option<PathBuf>,
}

/// What must be read for a run to be complete.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Whole {
    /// The templates; of code that is not at hand the rules that need it say that it is unknown.
    #[default]
    Templates,
    /// The code of every function too: it is what was asked about.
    Code,
}

/// Which rules are asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rules {
    /// Only these, when not empty.
    pub select: BTreeSet<String>,
    /// Not these.
    pub ignore: BTreeSet<String>,
}

/// A suppression in the configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allow {
    /// The rule.
    pub rule: String,
    /// Only for findings in files that match this glob.
    pub path: Option<String>,
    /// Only for findings on the function, role or resource of this name.
    pub name: Option<String>,
    /// Why it is allowed.
    pub reason: String,
    /// Byte range of the entry in the file.
    pub range: std::ops::Range<usize>,
}

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// It cannot be read.
    #[error("`{path}` cannot be read: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's words.
        source: std::io::Error,
    },
    /// It is no valid configuration.
    #[error("`{path}` is not a valid configuration: {message}")]
    Invalid {
        /// The file.
        path: PathBuf,
        /// What is wrong, with its place.
        message: String,
    },
}

impl Default for Config {
    fn default() -> Self {
        Self {
            fail_on: Some(Severity::High),
            allow_incomplete: false,
            strict: false,
            exclude: Vec::new(),
            parameters: BTreeMap::new(),
            stage: None,
            rules: Rules::default(),
            severities: BTreeMap::new(),
            allow: Vec::new(),
            rego: Vec::new(),
            whole: Whole::default(),
            handler: None,
            observed: Vec::new(),
            file: None,
        }
    }
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct File {
    fail_on: Option<String>,
    allow_incomplete: bool,
    strict: bool,
    exclude: Vec<String>,
    stage: Option<String>,
    rego: Vec<String>,
    parameters: BTreeMap<String, String>,
    rules: FileRules,
    severity: BTreeMap<String, String>,
    allow: Vec<toml::Spanned<FileAllow>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct FileRules {
    select: BTreeSet<String>,
    ignore: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct FileAllow {
    rule: String,
    path: Option<String>,
    name: Option<String>,
    reason: String,
}

impl Config {
    /// Reads `casemate.toml`.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
        Self::parse(&text, path)
    }

    /// Parses the text of a configuration file.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let invalid = |message: String| ConfigError::Invalid { path: path.to_owned(), message };
        let file: File = toml::from_str(text).map_err(|error| invalid(error.to_string()))?;
        let fail_on = match file.fail_on.as_deref() {
            None => Some(Severity::High),
            Some("none") => None,
            Some(word) => Some(word.parse().map_err(invalid)?),
        };
        let known = |rule: &String| match crate::rule(rule) {
            Ok(_) => Ok(()),
            Err(error) => Err(invalid(error.to_string())),
        };
        file.rules.select.iter().chain(&file.rules.ignore).try_for_each(known)?;
        file.severity.keys().try_for_each(known)?;
        let mut severities = BTreeMap::new();
        for (rule, word) in file.severity {
            severities.insert(rule, word.parse().map_err(invalid)?);
        }
        let mut allow = Vec::new();
        for entry in file.allow {
            let range = entry.span();
            let entry = entry.into_inner();
            // What own rules there are is known when they have judged; an entry that meets nothing
            // is reported then.
            if file.rego.is_empty() {
                known(&entry.rule)?;
            }
            if entry.reason.trim().is_empty() {
                return Err(invalid(format!("allowing `{}` needs a reason", entry.rule)));
            }
            let FileAllow { rule, path, name, reason } = entry;
            allow.push(Allow { rule, path, name, reason, range });
        }
        Ok(Self {
            whole: Whole::default(),
            handler: None,
            observed: Vec::new(),
            fail_on,
            allow_incomplete: file.allow_incomplete,
            strict: file.strict,
            exclude: file.exclude,
            parameters: file.parameters,
            stage: file.stage,
            rules: Rules { select: file.rules.select, ignore: file.rules.ignore },
            severities,
            allow,
            rego: file.rego,
            file: Some(path.to_owned()),
        })
    }

    /// Whether a rule is asked.
    pub fn asks(&self, rule: &str) -> bool {
        let Rules { select, ignore } = &self.rules;
        (select.is_empty() || select.contains(rule)) && !ignore.contains(rule)
    }
}
