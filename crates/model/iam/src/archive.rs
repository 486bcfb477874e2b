//! The embedded archive of services and APIs.
//!
//! `data/services.archive` begins with four lines of text: format, sources, date, and the length of
//! the index. The index is compressed, each of its lines names one block and its length; the blocks
//! lie behind it in the same order, each compressed by itself (raw deflate), so that only services
//! that are asked for are decoded. An [`fst::Set`] of all operations' names ends it. `cargo xtask data` builds it, and says in `services.rs`,
//! `apis.rs` and `resources.rs` what the lines of a block are; `data/NOTICE` holds the licences.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::LazyLock;

use flate2::read::DeflateDecoder;

/// The first line of an archive that this version reads.
pub const FORMAT: &str = "casemate services 1";

static FILE: &[u8] = include_bytes!("../data/services.archive");

/// The index; empty only for a damaged file, which a test excludes, and then every call is unknown.
static INDEX: LazyLock<Index> = LazyLock::new(|| read_index(FILE).unwrap_or_default());

/// Where the blocks are.
#[derive(Default)]
pub(crate) struct Index {
    /// The block of each service, by its prefix in IAM.
    pub(crate) services: BTreeMap<String, Block>,
    /// The block of each API, by botocore's name.
    pub(crate) apis: BTreeMap<String, (Block, Names)>,
    operations: Option<fst::Set<&'static [u8]>>,
    source: String,
}

/// What the index itself says of an API.
pub(crate) struct Names {
    /// botocore's service id: `Cognito Identity Provider`.
    pub(crate) id: String,
    /// The endpoint's first label: `monitoring`.
    pub(crate) endpoint: String,
    /// The name that requests are signed for.
    pub(crate) signing: String,
    /// The prefix in IAM; `-` where it has none.
    pub(crate) prefix: String,
}

/// One compressed part of the file.
pub(crate) struct Block(&'static [u8]);

impl Block {
    /// The block's lines, each apart at its tabs.
    pub(crate) fn text(&self) -> String {
        inflate(self.0).unwrap_or_default()
    }
}

pub(crate) fn index() -> &'static Index {
    &INDEX
}

/// The names of all operations, lower case.
pub(crate) fn operations() -> Option<&'static fst::Set<&'static [u8]>> {
    INDEX.operations.as_ref()
}

/// Returns the packages that the archive was built from, with their versions.
#[must_use]
pub fn source() -> &'static str {
    &INDEX.source
}

fn read_index(file: &'static [u8]) -> Option<Index> {
    let Opened { source, index, mut blocks, .. } = open(file, FORMAT)?;
    let mut found = Index { source: source.to_owned(), ..Index::default() };
    for line in index.lines() {
        let mut fields = line.split('\t');
        let mut field = || fields.next().map(str::to_owned);
        let (kind, name, length) = (field()?, field()?, field()?.parse().ok()?);
        let block;
        (block, blocks) = blocks.split_at_checked(length)?;
        if kind == "iam" {
            found.services.insert(name, Block(block));
        } else {
            let names =
                Names { id: field()?, endpoint: field()?, signing: field()?, prefix: field()? };
            found.apis.insert(name, (Block(block), names));
        }
    }
    found.operations = fst::Set::new(blocks).ok();
    Some(found)
}

/// A file of compressed blocks, its four lines of text and its index read.
pub(crate) struct Opened {
    pub(crate) source: &'static str,
    pub(crate) date: &'static str,
    pub(crate) index: String,
    pub(crate) blocks: &'static [u8],
}

pub(crate) fn open(file: &'static [u8], expected: &str) -> Option<Opened> {
    let mut parts = file.splitn(5, |&byte| byte == b'\n');
    let mut line = || std::str::from_utf8(parts.next()?).ok();
    let (format, source, date) = (line()?, line()?, line()?);
    let length: usize = line()?.parse().ok()?;
    let (index, blocks) = parts.next()?.split_at_checked(length)?;
    if format != expected {
        return None;
    }
    Some(Opened { source, date, index: inflate(index)?, blocks })
}

pub(crate) fn inflate(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    DeflateDecoder::new(bytes).read_to_string(&mut text).ok()?;
    Some(text)
}
