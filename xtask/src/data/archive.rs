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
    let index = deflate(&index)?;
    let mut file = format!("{FORMAT}\n{source}\n{date}\n{}\n", index.len()).into_bytes();
    file.extend(index);
    file.extend(blocks);
    let operations: BTreeSet<String> = apis
        .values()
        .flat_map(|api| api.text.lines())
        .filter_map(|line| Some(line.strip_prefix("op\t")?.split('\t').next()?.to_lowercase()))
        .collect();
    let operations = fst::Set::from_iter(operations).context("building the set of operations")?;
    file.extend_from_slice(operations.as_fst().as_bytes());
    Ok(file)
}

fn deflate(text: &str) -> Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(text.as_bytes()).context("compressing")?;
    encoder.finish().context("compressing")
}
