//! The table of all AWS services' actions.
//!
//! `data/actions.fst` is an embedded file: three lines of text (format, source, date), then an
//! [`fst::Map`] from each action's name in AWS's own spelling (`s3:GetObject`) to the bits of an
//! [`Action`]. It is searched in place: nothing is decoded at start. `cargo xtask data` builds it
//! from the Python package that [`source`] names, which is made from AWS's service authorization
//! reference; `data/NOTICE` holds its licence.

use std::sync::LazyLock;

use fst::automaton::Automaton;
use fst::{IntoStreamer, Map, Streamer};

use crate::pattern::{Case, wildcard_matches};
use crate::services;

/// The first line of a data file that this version reads.
pub const FORMAT: &str = "casemate actions 1";

static FILE: &[u8] = include_bytes!("../data/actions.fst");

/// The table, opened where it lies; `None` only for a damaged file, which a test excludes, and
/// then every action is unknown.
static TABLE: LazyLock<Option<Map<&'static [u8]>>> = LazyLock::new(|| Map::new(header().map).ok());

/// What an action does to its service, in AWS's five access levels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    /// Names things, without their content.
    List,
    /// Reads content.
    Read,
    /// Creates, changes or deletes things.
    Write,
    /// Grants or changes access to things.
    PermissionsManagement,
    /// Changes nothing but tags.
    Tagging,
}

/// What resources an action can be narrowed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scope {
    /// None: the action is allowed on `*` only, for example `s3:ListAllMyBuckets`.
    Nothing,
    /// At least one resource type, but none that every call needs: a call may be made that names
    /// no resource (`polly:SynthesizeSpeech` without a lexicon), or one of several types will do.
    Optional,
    /// At least one resource type that is marked as required, for example `sqs:SendMessage`.
    Required,
}

/// What the table knows of one action.
///
/// Bits: 0–2 [`Access`], 3 at least one resource type, 4 a required resource type; the rest is
/// kept free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Action {
    bits: u64,
}

impl Action {
    /// Makes an entry, as the generator of the table needs it.
    #[must_use]
    pub fn new(access: Access, scope: Scope) -> Self {
        let access = match access {
            Access::List => 0,
            Access::Read => 1,
            Access::Write => 2,
            Access::PermissionsManagement => 3,
            Access::Tagging => 4,
        };
        let scope = match scope {
            Scope::Nothing => 0,
            Scope::Optional => 0b01 << 3,
            Scope::Required => 0b11 << 3,
        };
        Self { bits: access | scope }
    }

    /// Returns the entry as it stands in the table.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.bits
    }

    /// Returns the action's access level.
    #[must_use]
    pub fn access(self) -> Access {
        match self.bits & 0b111 {
            0 => Access::List,
            1 => Access::Read,
            3 => Access::PermissionsManagement,
            4 => Access::Tagging,
            _ => Access::Write,
        }
    }

    /// Returns what the action can be narrowed to.
    #[must_use]
    pub fn scope(self) -> Scope {
        match (self.bits >> 3) & 0b11 {
            0 => Scope::Nothing,
            1 => Scope::Optional,
            _ => Scope::Required,
        }
    }

    /// Tells whether a statement can name a narrower resource than `*` for this action.
    #[must_use]
    pub fn is_scopable(self) -> bool {
        self.scope() != Scope::Nothing
    }
}

/// Finds an action by its name, without regard to case; `None` for an action that the table does
/// not know, and for a name with wildcards.
#[must_use]
pub fn lookup(name: &str) -> Option<Action> {
    spelled(name).map(|(_, action)| action)
}

/// Returns an action's name in AWS's own spelling: `S3:getobject` gives `s3:GetObject`.
#[must_use]
pub fn canonical(name: &str) -> Option<String> {
    spelled(name).map(|(name, _)| name)
}

/// Tells whether the table knows a service by this prefix, for example `s3`.
#[must_use]
pub fn is_service(prefix: &str) -> bool {
    !prefix.contains(':') && entries(format!("{prefix}:")).next().is_some()
}

/// Returns all actions whose names match the pattern, without regard to case, in the table's
/// order; the names in AWS's own spelling.
///
/// Only what begins with the pattern's part before its first wildcard is looked at.
pub fn matching(pattern: &str) -> impl Iterator<Item = (String, Action)> + use<> {
    let pattern = pattern.to_owned();
    let literal = pattern.split(['*', '?']).next().unwrap_or_default();
    entries(literal.to_owned())
        .filter(move |(name, _)| wildcard_matches(&pattern, name, Case::Insensitive))
}

/// Returns the names of the resource types that an action takes, and whether every call needs one
/// of that type; none for an action that the table does not know.
#[must_use]
pub fn resource_types(name: &str) -> &'static [(String, bool)] {
    services::action(name).map(|detail| detail.types.as_slice()).unwrap_or_default()
}

/// Returns the formats of the ARNs to which an action can be limited:
/// `arn:${Partition}:s3:::${BucketName}`.
pub fn arn_formats(name: &str) -> impl Iterator<Item = &'static str> + use<> {
    let service = name.split(':').next().and_then(services::service);
    resource_types(name).iter().flat_map(move |(kind, _)| {
        let types = service.into_iter().flat_map(move |service| service.types_named(kind));
        types.map(|kind| kind.arn.as_str())
    })
}

/// Returns the day that the table describes, as `2026-10-27`.
#[must_use]
pub fn date() -> &'static str {
    header().date
}

/// Returns the package that the table was built from, with its version.
#[must_use]
pub fn source() -> &'static str {
    header().source
}

struct Header {
    source: &'static str,
    date: &'static str,
    map: &'static [u8],
}

fn header() -> Header {
    let mut parts = FILE.splitn(4, |&byte| byte == b'\n');
    let format = parts.next().unwrap_or_default();
    let mut text = || std::str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default();
    let (source, date) = (text(), text());
    let map = match format == FORMAT.as_bytes() {
        true => parts.next().unwrap_or_default(),
        false => &[],
    };
    Header { source, date, map }
}

fn spelled(name: &str) -> Option<(String, Action)> {
    entries(name.to_owned()).find(|(found, _)| found.len() == name.len())
}

/// Walks all entries whose names begin with the prefix, without regard to case.
fn entries(prefix: String) -> impl Iterator<Item = (String, Action)> {
    let mut stream = TABLE.as_ref().map(|table| table.search(FoldedPrefix(prefix)).into_stream());
    std::iter::from_fn(move || {
        let (name, bits) = stream.as_mut()?.next()?;
        let name = String::from_utf8_lossy(name).into_owned();
        Some((name, Action { bits }))
    })
}

/// Accepts every key that begins with the prefix, without regard to case. A state is the number of
/// bytes that fitted so far.
struct FoldedPrefix(String);

impl Automaton for FoldedPrefix {
    type State = Option<usize>;

    fn start(&self) -> Self::State {
        Some(0)
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.is_some_and(|fitted| fitted >= self.0.len())
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.is_some()
    }

    fn will_always_match(&self, state: &Self::State) -> bool {
        self.is_match(state)
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        let fitted = (*state)?;
        match self.0.as_bytes().get(fitted) {
            None => Some(fitted),
            Some(expected) if expected.eq_ignore_ascii_case(&byte) => Some(fitted + 1),
            Some(_) => None,
        }
    }
}
