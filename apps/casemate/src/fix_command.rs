//! `casemate fix`.

use anyhow::{Context, Result};
use fix::{Fate, Old, Plan, Unresolved, Wanted};
use scan::{Exit, Request, Scan};

use crate::cli::FixArguments;
use crate::{output, scan_command};

pub(crate) fn run(arguments: &FixArguments) -> Result<Exit> {
    let mut config = scan_command::configuration(&arguments.reading, &arguments.paths)?;
    config.fail_on = None;
    config.observed.clone_from(&arguments.observed.observed);
    let walk = scan::walk(&arguments.paths, &config.exclude)?;
    let options = templates::Options {
        parameters: config.parameters.clone(),
        stage: config.stage.clone(),
        ..templates::Options::default()
    };
    let today = scan_command::today(None)?;
    let request = Request { paths: arguments.paths.clone(), config, baseline: None, today };
    let scan = scan::scan_files(&walk.files, walk.problems, &request);
    let unresolved = match arguments.accept_unresolved {
        true => Unresolved::Accepted,
        false => Unresolved::Refused,
    };
    let old = Old { applications: &scan.applications, problems: &scan.problems };
    let plan = fix::plan(&walk.files, &options, old, &wanted(&scan, unresolved));
    if arguments.write {
        let texts = plan.files.iter().map(|(path, (_, new))| (path.as_str(), new.as_str()));
        output::replace_all(&texts.collect::<Vec<_>>()).context("nothing was changed")?;
    }
    output::write(None, &told(arguments, &scan, &plan))?;
    let is_due = !plan.files.is_empty() && !arguments.write;
    Ok(match (arguments.check && is_due, scan.outcome.exit) {
        (true, _) => Exit::Findings,
        (false, exit) => exit,
    })
}

fn wanted(scan: &Scan, unresolved: Unresolved) -> Vec<Wanted> {
    let wanted = scan.access.iter().map(|functions| {
        let own = functions.iter().map(|access| {
            let role = fix::wanted(&access.profile, &access.role, unresolved);
            (access.profile.function.clone(), role)
        });
        own.collect()
    });
    wanted.collect()
}

/// The changes, and a line for each function.
fn told(arguments: &FixArguments, scan: &Scan, plan: &Plan) -> String {
    let mut text = String::new();
    if arguments.diff {
        for (path, (old, new)) in &plan.files {
            text.push_str(&fix::diff(path, old, new));
        }
        return text;
    }
    let mut due = 0;
    for outcome in &plan.outcomes {
        let graph = scan.applications.get(outcome.application);
        let function = graph.and_then(|graph| graph.function(&outcome.function));
        let place = function.map(|function| scan.place_of(function.entity.said));
        let (path, position) = place.unzip();
        let line = position.map_or(0, |position| position.line);
        let fate = match &outcome.fate {
            Fate::Narrowed if arguments.write => "narrowed to its least role".to_owned(),
            Fate::Narrowed => "can be narrowed to its least role".to_owned(),
            Fate::Least => "has its least role".to_owned(),
            Fate::Left(why) => format!("left as it is: {why}"),
        };
        due += usize::from(outcome.fate == Fate::Narrowed);
        let name = function.map_or(outcome.function.as_str(), |own| own.entity.name.as_str());
        text.push_str(&format!("{}:{line}: `{name}` {fate}\n", path.unwrap_or_default()));
    }
    let files = plan.files.len();
    text.push_str(&match (due, arguments.write) {
        (0, _) => "nothing to change\n".to_owned(),
        (_, true) => format!("narrowed {due} of {} functions in {files} files\n", plan.outcomes.len()),
        (_, false) => format!(
            "{due} of {} functions in {files} files; `--diff` shows the changes, `--write` makes them\n",
            plan.outcomes.len()
        ),
    });
    text
}
