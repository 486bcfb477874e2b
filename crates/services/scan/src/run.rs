use std::collections::BTreeMap;
use std::path::PathBuf;

use app_graph::{AppGraph, Framework, NotRead};
use finding::{Finding, Severity, Sink, UnknownValue};
use posture::Facts;
use rayon::prelude::*;
use templates::Files;
use text::{Loss, Place, Position, Problem, Sources};

use crate::access::{self, FunctionAccess};
use crate::handler;
use crate::observed::{self, Unjoined};

use crate::{Baseline, Config, Outcome, Suppression, context, staleness, suppression, walk};

/// What a scan is asked.
#[derive(Debug, Clone)]
pub struct Request {
    /// Folders and files.
    pub paths: Vec<PathBuf>,
    /// How.
    pub config: Config,
    /// Findings that were there before.
    pub baseline: Option<Baseline>,
    /// Today, as year, month and day.
    pub today: (i16, u8, u8),
}

/// What a scan found.
#[derive(Debug)]
pub struct Scan {
    /// All texts that spans point into.
    pub sources: Sources,
    /// The applications.
    pub applications: Vec<AppGraph>,
    /// What each application's functions need and are granted, in the graphs' order.
    pub access: Vec<Vec<FunctionAccess>>,
    /// Records of CloudTrail's that are of no function.
    pub unjoined: Unjoined,
    /// All findings, open ones first, worst first, then by place.
    pub findings: Vec<Judged>,
    /// Values that rules needed and that stayed unknown, by place.
    pub unknowns: Vec<UnknownValue>,
    /// What could not be read, and advice.
    pub problems: Vec<Problem>,
    /// Infrastructure that was recognised and not read.
    pub not_read: Vec<NotRead>,
    /// Templates that were recognised.
    pub templates: Vec<String>,
    /// The answer.
    pub outcome: Outcome,
}

/// A finding with what became of it.
#[derive(Debug)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// Index of its application.
    pub application: usize,
    /// Unique in the run: the finding's own, with a counter behind it where several share one.
    pub fingerprint: String,
    /// What became of it.
    pub status: Status,
    /// Why it does not count, if suppressed.
    pub suppression: Option<Suppression>,
}

/// What became of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// It counts.
    Open,
    /// It was there before.
    Baseline,
    /// Somebody allowed it, with a reason.
    Suppressed,
}

/// The last lines of a report.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Open findings by severity.
    pub by_severity: BTreeMap<Severity, usize>,
    /// Findings somebody allowed.
    pub suppressed: usize,
    /// Findings that were there before.
    pub baseline: usize,
    /// Open findings that an edit mends.
    pub fixable: usize,
    /// Values that stayed unknown.
    pub unknown: usize,
    /// Parts that could not be read.
    pub incomplete: usize,
    /// Applications of a kind that is not read.
    pub not_read: usize,
}

/// Somebody who judges applications beside Casemate's own rules.
pub trait Judge: Sync {
    /// What is wrong with the judge itself, whatever it is asked.
    fn problems(&self) -> Vec<Problem>;

    /// What is wrong with an application, and what kept the judge from saying so.
    fn judge(&self, graph: &AppGraph, sources: &Sources) -> (Vec<Finding>, Vec<Problem>);
}

/// Why a scan cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// A path cannot be had.
    #[error("`{path}` cannot be scanned: {why}")]
    Path {
        /// The path.
        path: PathBuf,
        /// The system's words.
        why: String,
    },
    /// A pattern of `exclude` is wrong.
    #[error("`{glob}` is no glob: {why}")]
    Glob {
        /// The pattern.
        glob: String,
        /// What is wrong.
        why: String,
    },
}

/// Reads, judges, suppresses and ranks.
pub fn scan(request: &Request) -> Result<Scan, ScanError> {
    scan_with(request, &[])
}

/// As [`scan`], with other judges asked beside Casemate's own rules; what they find is suppressed,
/// ranked and counted alike. Whoever names a judge asks it: selected and ignored rules are ours.
pub fn scan_with(request: &Request, judges: &[&dyn Judge]) -> Result<Scan, ScanError> {
    let walk::Walk { files, problems } = walk::walk(&request.paths, &request.config.exclude)?;
    Ok(scan_listed(&files, problems, request, judges))
}

/// Reads, judges, suppresses and ranks files that were listed already, with what was wrong then;
/// the request's paths are not looked at.
pub fn scan_files(files: &Files, problems: Vec<Problem>, request: &Request) -> Scan {
    scan_listed(files, problems, request, &[])
}

/// What one application was found to be.
struct Judgement {
    findings: Vec<Finding>,
    unknowns: Vec<UnknownValue>,
    problems: Vec<Problem>,
    access: Vec<FunctionAccess>,
}

fn scan_listed(
    files: &Files,
    problems: Vec<Problem>,
    request: &Request,
    judges: &[&dyn Judge],
) -> Scan {
    let options = templates::Options {
        parameters: request.config.parameters.clone(),
        stage: request.config.stage.clone(),
        environment: BTreeMap::new(),
    };
    let mut reading = templates::read(files, &options);
    if reading.templates.is_empty() && reading.applications.is_empty() {
        let handler = request.config.handler.as_deref();
        reading.applications = handler::applications(files, handler);
    }
    let facts = Facts { today: request.today };
    // Code first: it adds its own texts to those of the templates.
    let read: (Vec<permissions::Facts<'_>>, Vec<Vec<Problem>>) =
        reading.applications.par_iter().map(|graph| access::facts(files, graph)).unzip();
    let (mut read, code_problems) = read;
    let observed = &request.config.observed;
    let (unjoined, trail_problems) = observed::observe(observed, &reading.applications, &mut read);
    let sources = files.sources();
    let judged: Vec<Judgement> = reading
        .applications
        .par_iter()
        .zip(read)
        .zip(code_problems)
        .map(|((graph, code), mut problems)| {
            let mut sink = Sink::with_overrides(request.config.severities.clone());
            let asked = |rule: &finding::Rule| request.config.asks(rule.id);
            posture::judge(graph, &facts, &asked, &mut sink);
            permissions::judge(graph, &code, &asked, &mut sink);
            for judge in judges {
                let (found, trouble) = judge.judge(graph, &sources);
                found.into_iter().for_each(|finding| sink.report(finding));
                problems.extend(trouble);
            }
            let (mut findings, unknowns) = sink.into_parts();
            context::attach(graph, &mut findings);
            // The next synthesis overwrites the output: it is mended in the construct.
            if graph.framework == Framework::Cdk {
                for fix in findings.iter_mut().filter_map(|finding| finding.fix.as_mut()) {
                    fix.edits.clear();
                }
            }
            Judgement { findings, unknowns, problems, access: access::of_functions(graph, code) }
        })
        .collect();
    let mut scan = Scan {
        sources,
        applications: reading.applications,
        access: Vec::new(),
        unjoined,
        findings: Vec::new(),
        unknowns: Vec::new(),
        problems,
        not_read: reading.not_read,
        templates: reading.templates,
        outcome: Outcome { exit: crate::Exit::Clean, reason: String::new() },
    };
    scan.problems.extend(reading.problems);
    scan.problems.extend(trail_problems);
    let is_nothing = scan.templates.is_empty() && scan.applications.is_empty();
    if is_nothing && scan.not_read.is_empty() && scan.problems.is_empty() {
        let path = request.paths.first().map(|path| path.to_string_lossy().into_owned());
        let nothing =
            Problem::advice("there is no template", Place::Path(path.unwrap_or_default()));
        scan.problems.push(nothing.help("name the folder that your templates lie in"));
    }
    scan.problems.extend(judges.iter().flat_map(|judge| judge.problems()));
    scan.problems.extend(staleness::notes(&scan.applications, request.today));
    for (application, judgement) in judged.into_iter().enumerate() {
        scan.findings.extend(judgement.findings.into_iter().map(|finding| Judged {
            finding,
            application,
            fingerprint: String::new(),
            status: Status::Open,
            suppression: None,
        }));
        scan.unknowns.extend(judgement.unknowns);
        scan.problems.extend(judgement.problems);
        scan.access.push(judgement.access);
    }
    // What is said twice must be one finding before it is compared with what was known.
    scan.merge();
    suppression::suppress(&mut scan, &request.config);
    if let Some(baseline) = &request.baseline {
        baseline.apply(&mut scan);
    }
    scan.rank();
    scan.outcome = Outcome::of(&scan, &request.config);
    scan
}

impl Scan {
    /// Every function with its application and what it needs and is granted.
    pub fn functions(&self) -> impl Iterator<Item = (&AppGraph, &FunctionAccess)> {
        let applications = self.applications.iter().zip(&self.access);
        applications.flat_map(|(graph, access)| access.iter().map(move |access| (graph, access)))
    }

    /// The file a finding lies in, as shown to the user.
    pub fn file_of(&self, judged: &Judged) -> &str {
        self.sources.of(judged.finding.span).map_or("", |source| &source.path)
    }

    /// Where a span begins: file as shown, line and column.
    pub fn place_of(&self, span: text::Span) -> (&str, Position) {
        match self.sources.of(span) {
            Some(source) => (&source.path, source.position(span.start)),
            None => ("", Position { line: 1, column: 1 }),
        }
    }

    /// Findings that count.
    pub fn open(&self) -> impl Iterator<Item = &Judged> {
        self.findings.iter().filter(|judged| judged.status == Status::Open)
    }

    /// The last lines of a report.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { unknown: self.unknowns.len(), ..Counts::default() };
        for judged in &self.findings {
            match judged.status {
                Status::Suppressed => counts.suppressed += 1,
                Status::Baseline => counts.baseline += 1,
                Status::Open => {
                    *counts.by_severity.entry(judged.finding.severity).or_default() += 1;
                    let fix = judged.finding.fix.as_ref();
                    counts.fixable += usize::from(fix.is_some_and(|fix| !fix.edits.is_empty()));
                }
            }
        }
        let lost = self.problems.iter().filter(|problem| problem.loss == Loss::Incomplete);
        counts.incomplete = lost.count();
        counts.not_read = self.not_read.len();
        counts
    }

    /// Sorts findings: open ones first, worst first, then by rule and place.
    fn sort_findings(&mut self) {
        let sources = &self.sources;
        self.findings.sort_by_cached_key(|judged| {
            let finding = &judged.finding;
            // What anyone can reach comes before what only insiders can.
            let exposed = finding.path.first().is_some_and(|step| step.id.is_none());
            let worst_first = std::cmp::Reverse((finding.severity, exposed, finding.confidence));
            let place = place(sources, finding.span);
            (judged.status, worst_first, finding.rule.id, place, finding.message.clone())
        });
    }

    /// A template that one application takes twice says the same thing twice; every application
    /// keeps its own.
    fn merge(&mut self) {
        self.sort_findings();
        self.findings.dedup_by(|second, first| {
            second.application == first.application
                && second.finding.span == first.finding.span
                && second.finding.rule.id == first.finding.rule.id
                && second.finding.message == first.finding.message
        });
    }

    /// Sorts everything for people and machines, and makes fingerprints unique.
    fn rank(&mut self) {
        self.sort_findings();
        let sources = &self.sources;
        let place = |span| place(sources, span);
        self.unknowns.sort_by_cached_key(|unknown| {
            (place(unknown.unknown.span), unknown.rule.id, unknown.property.clone())
        });
        self.problems.sort_by_cached_key(|problem| match &problem.place {
            Place::Span(span) => (place(*span), problem.message.clone()),
            Place::Path(path) => ((Some(path.clone()), 0, 0), problem.message.clone()),
        });
        self.problems.dedup();
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for judged in &mut self.findings {
            let own = judged.finding.fingerprint().0;
            let count = seen.entry(own.clone()).or_default();
            *count += 1;
            judged.fingerprint = if *count == 1 { own } else { format!("{own}.{count}") };
        }
    }
}

/// Where a span lies, for sorting.
fn place(sources: &Sources, span: text::Span) -> (Option<String>, u32, u32) {
    (sources.of(span).map(|source| source.path.clone()), span.start, span.end)
}
