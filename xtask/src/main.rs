//! What a contributor runs: `cargo xtask TASK`.

mod browser;
mod cloud;
mod corpus;
mod data;
mod docs;
mod fuzz;
mod pictures;
mod shell;
mod test;
mod tidy;

use anyhow::{Result, bail};

const USAGE: &str = "usage: cargo xtask TASK

tidy              the house's rules: edges, sizes, links, generated files
docs [--check]    write (or compare) rule pages, the table of rules, the report's JSON Schema
data [--check]    write (or judge the age of) the tables of actions and runtimes
test              everything a submission must pass; installs what it needs in a folder of its own
ready             the same as fast as possible: format, lints, tidy, docs, tests
corpus DIR        scan a folder of real templates and print what there is to judge by
labels DIR        precision and recall of permissions on handlers labelled by hand
bench DIR         casemate beside checkov over a folder of real templates
bench-permissions permissions of 27 functions beside iam-policy-autopilot
fuzz [SECONDS] [TARGET]    the template readers' fuzz targets, each for that long (60)";

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((task, rest)) => match task.as_str() {
            "tidy" => tidy::run(),
            "docs" => docs::run(rest),
            "data" => data::run(rest),
            "test" => test::everything(),
            "ready" => test::ready(),
            "corpus" => corpus::run(rest),
            "labels" => corpus::labels(rest),
            "bench" => corpus::bench(rest),
            "bench-permissions" => corpus::bench_permissions(),
            "fuzz" => fuzz::run(rest),
            _ => bail!("there is no task `{task}`\n{USAGE}"),
        },
        None => bail!("{USAGE}"),
    }
}
