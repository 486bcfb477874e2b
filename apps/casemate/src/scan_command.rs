//! `casemate scan`.

use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use scan::{Baseline, Config, Exit, Judge, Request, Scan};

use crate::cli::{Format, ReadingArguments, ScanArguments};
use crate::{output, own_rules};

/// Time after which a wait is shown.
const PATIENCE: Duration = Duration::from_millis(400);

pub(crate) fn run(arguments: &ScanArguments) -> Result<Exit> {
    let mut config = configuration(&arguments.reading, &arguments.paths)?;
    match arguments.fail_on.as_deref() {
        None => {}
        Some("none") => config.fail_on = None,
        Some(word) => config.fail_on = Some(word.parse().map_err(|why: String| anyhow!(why))?),
    }
    config.observed.clone_from(&arguments.observed.observed);
    config.allow_incomplete |= arguments.allow_incomplete;
    config.strict |= arguments.strict;
    for rule in arguments.select.iter().chain(&arguments.ignore) {
        scan::rule(rule)?;
    }
    if !arguments.select.is_empty() {
        config.rules.select = arguments.select.iter().cloned().collect();
    }
    config.rules.ignore.extend(arguments.ignore.iter().cloned());
    let own_rules = own_rules::read(&arguments.rego, &config)?;
    let judges: Vec<&dyn Judge> = own_rules.iter().map(AsRef::as_ref).collect();
    let request = Request {
        paths: arguments.paths.clone(),
        config,
        baseline: arguments.baseline.as_deref().map(Baseline::read).transpose()?,
        today: today(arguments.today.as_deref())?,
    };
    let scan = patiently(&request, &judges)?;
    if let Some(file) = &arguments.write_baseline {
        Baseline::of(&scan).write(file)?;
    }
    let file = arguments.output.as_deref();
    let text = match arguments.format {
        Format::Text => report::terminal::render(&scan, output::colour(arguments.color, file)),
        Format::Json => report::json::render(&scan)?,
        Format::Sarif => report::sarif::render(&scan)?,
        Format::Junit => report::junit::render(&scan)?,
        Format::Gitlab => report::gitlab::render(&scan, time::OffsetDateTime::now_utc())?,
        Format::Markdown => report::markdown::render(&scan),
        Format::Html => report::html::render(&scan)?,
    };
    output::write(file, &text)?;
    Ok(scan.outcome.exit)
}

/// The configuration file's settings, and what the command line says of reading.
pub(crate) fn configuration(reading: &ReadingArguments, paths: &[PathBuf]) -> Result<Config> {
    let beside = paths.first().map(|path| path.join("casemate.toml"));
    let here = Some(Path::new("casemate.toml").to_owned());
    // The current folder's is named without `./`.
    let beside = beside.filter(|beside| beside.parent() != Some(Path::new(".")));
    let found = [beside, here].into_iter().flatten().find(|file| file.is_file());
    let mut config = match reading.config.as_ref().or(found.as_ref()) {
        Some(file) => Config::read(file)?,
        None => Config::default(),
    };
    for pair in &reading.parameters {
        let (name, value) =
            pair.split_once('=').with_context(|| format!("`{pair}` is not NAME=VALUE"))?;
        config.parameters.insert(name.to_owned(), value.to_owned());
    }
    config.stage = reading.stage.clone().or(config.stage);
    Ok(config)
}

pub(crate) fn today(said: Option<&str>) -> Result<(i16, u8, u8)> {
    let date = match said {
        None => time::OffsetDateTime::now_utc().date(),
        Some(day) => {
            let format = time::macros::format_description!("[year]-[month]-[day]");
            time::Date::parse(day, format).with_context(|| format!("`{day}` is no day"))?
        }
    };
    let Ok(year) = i16::try_from(date.year()) else { bail!("the year {} is no year", date.year()) };
    Ok((year, date.month().into(), date.day()))
}

/// Scans, and shows that it does when it takes long and somebody is watching.
fn patiently(request: &Request, judges: &[&dyn Judge]) -> Result<Scan> {
    std::thread::scope(|scope| {
        let (done, waiting) = mpsc::channel();
        scope.spawn(move || {
            let _ = done.send(scan::scan_with(request, judges));
        });
        let result = match waiting.recv_timeout(PATIENCE) {
            Ok(result) => result,
            Err(_) => {
                // Drawn to standard error, and only on a terminal.
                let bar = indicatif::ProgressBar::new_spinner().with_message("reading templates");
                bar.enable_steady_tick(Duration::from_millis(100));
                let result = waiting.recv().context("the scan ended without an answer")?;
                bar.finish_and_clear();
                result
            }
        };
        Ok(result?)
    })
}
