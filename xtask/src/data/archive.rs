//! The archive of services: how `iam` finds one without decoding the others.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::DeflateEncoder;
use iam::archive::FORMAT;

use super::apis::Api;

/// Writes the file that `iam::archive` describes.
pub(super) fn encode(
    services: &BTreeMap<String, String>,
    apis: &BTreeMap<String, Api>,
    source: &str,
    date: &str,
) -> Result<Vec<u8>> {
    let mut blocks = Vec::new();
    let mut index = String::new();
    for (name, text) in services {
        let block = deflate(text)?;
        index.push_str(&format!("iam\t{name}\t{}\n", block.len()));
        blocks.extend(block);
    }
    for (name, api) in apis {
        let block = deflate(&api.text)?;
        index.push_str(&format!("api\t{name}\t{}\t{}\n", block.len(), api.names.join("\t")));
        blocks.extend(block);
    }
    let mut file = assemble([FORMAT, source, date], &index, blocks)?;
    let operations: BTreeSet<String> = apis
        .values()
        .flat_map(|api| api.text.lines())
        .filter_map(|line| Some(line.strip_prefix("op\t")?.split('\t').next()?.to_lowercase()))
        .collect();
    let operations = fst::Set::from_iter(operations).context("building the set of operations")?;
    file.extend_from_slice(operations.as_fst().as_bytes());
    Ok(file)
}

/// Three lines of text, the length of the index in the fourth, the index, the blocks.
pub(super) fn assemble(lines: [&str; 3], index: &str, blocks: Vec<u8>) -> Result<Vec<u8>> {
    let index = deflate(index)?;
    let mut file = format!("{}\n{}\n", lines.join("\n"), index.len()).into_bytes();
    file.extend(index);
    file.extend(blocks);
    Ok(file)
}

pub(super) fn deflate(text: &str) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).context("compressing")?;
    encoder.finish().context("compressing")
}
