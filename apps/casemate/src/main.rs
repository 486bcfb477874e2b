//! The command line: parses, wires, exits.

mod cli;
mod compare_command;
mod evaluate_command;
mod explain;
mod fix_command;
mod graph;
mod init;
mod output;
mod own_rules;
mod permissions;
mod profile;
mod scan_command;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use cli::{Cli, Command};

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            // Help and version are answers, not errors.
            return ExitCode::from(if error.use_stderr() { scan::Exit::Usage.code() } else { 0 });
        }
    };
    let result = match &cli.command {
        Command::Scan(arguments) => scan_command::run(arguments),
        Command::Graph(arguments) => graph::run(arguments),
        Command::Permissions(arguments) => permissions::run(arguments),
        Command::Profile(arguments) => profile::run(arguments),
        Command::Fix(arguments) => fix_command::run(arguments),
        Command::Compare(arguments) => compare_command::run(arguments),
        Command::Evaluate(arguments) => evaluate_command::run(arguments),
        Command::Explain { rule } => explain::run(rule),
        Command::Rules { format } => explain::list(*format),
        Command::Init(arguments) => init::run(arguments),
        Command::Completions { shell } => completions(*shell),
        Command::Man => man(),
    };
    match result {
        Ok(exit) => ExitCode::from(exit.code()),
        Err(error) => {
            output::complain(&format!("{error:#}"));
            ExitCode::from(scan::Exit::Usage.code())
        }
    }
}

fn completions(shell: clap_complete::Shell) -> anyhow::Result<scan::Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "casemate", &mut script);
    output::write(None, &String::from_utf8_lossy(&script))?;
    Ok(scan::Exit::Clean)
}

fn man() -> anyhow::Result<scan::Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut page)?;
    output::write(None, &String::from_utf8_lossy(&page))?;
    Ok(scan::Exit::Clean)
}
