//! What a contributor runs: `cargo xtask TASK`.

mod data;

use anyhow::{Result, bail};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((task, arguments)) if task == "data" => data::run(arguments),
        _ => bail!("usage: cargo xtask data [--check]"),
    }
}
