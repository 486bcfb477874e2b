//! The permissions report for people at a terminal.

use std::fmt::Write;

use permissions::{ExcessKind, Observed};
use profile::{Coverage, Evidence};
use scan::{FunctionAccess, Scan};
use text::Span;

use super::{blast_radius, shown};
use crate::excerpt::visible;
use crate::terminal::{Colour, Paint};

/// Most rows of a kind that are listed for one function.
const ROWS: usize = 12;

/// Writes the report.
pub fn render(scan: &Scan, colour: Colour) -> String {
    let paint = Paint(colour);
    let mut out = String::new();
    for ((graph, access), radius) in scan.functions().zip(blast_radius::all(scan)) {
        let name = graph.function(&access.profile.function);
        let name = name.map_or("", |function| function.entity.name.as_str());
        let _ = writeln!(out, "{}  {}", paint.bold(&visible(name)), heading(access));
        body(&mut out, scan, access, paint);
        if radius.granted.is_some() {
            let _ = writeln!(out, "  {:<11} {}", "reaches", blast_radius::line(graph, &radius));
        }
        out.push('\n');
    }
    for problem in &scan.problems {
        let _ = writeln!(out, "note: {}", visible(&problem.message));
    }
    summary(&mut out, scan);
    out
}

fn heading(access: &FunctionAccess) -> String {
    let behaviour = &access.profile.behaviour;
    match &behaviour.coverage {
        Coverage::Read(language) => {
            format!("{} {}", language.as_str(), behaviour.file.as_deref().unwrap_or_default())
        }
        Coverage::NotRead(why) => format!("code not read: {}", visible(why)),
        Coverage::Unsupported(runtime) => {
            format!("code not read: no reader for `{}`", visible(runtime))
        }
    }
}

fn body(out: &mut String, scan: &Scan, access: &FunctionAccess, paint: Paint) {
    let place = |span: Span| {
        let (file, position) = scan.place_of(span);
        format!("{}:{}", visible(file), position.line)
    };
    let mut section = |word: &str, rows: Vec<String>| {
        for (index, row) in rows.iter().take(ROWS).enumerate() {
            let word = if index == 0 { word } else { "" };
            let _ = writeln!(out, "  {:<11} {row}", word);
        }
        if rows.len() > ROWS {
            let _ = writeln!(out, "  {:<11} … and {} more", "", rows.len() - ROWS);
        }
    };
    let of_code = |evidence: &Evidence| matches!(evidence, Evidence::Code { .. });
    let profile = &access.profile;
    let needs = profile.needs.iter().filter(|need| need.evidence.iter().any(of_code));
    let needs = needs.map(|need| {
        let place = need.evidence.iter().find(|it| of_code(it)).map(|it| place(it.span()));
        let (action, resource) = (&need.action, visible(&shown(&need.resource)));
        let seen = match profile.uses_of(need) {
            None => String::new(),
            Some(0) => "  never observed".to_owned(),
            Some(count) => format!("  observed {}", times(count)),
        };
        format!("{action} on {resource}  {}{seen}", place.unwrap_or_default())
    });
    section("needs", needs.collect());
    let beyond = profile.needs.iter().filter(|need| !need.is_said()).map(|need| {
        let (action, resource) = (&need.action, visible(&shown(&need.resource)));
        let count = profile.uses_of(need).unwrap_or_default();
        format!("{action} on {resource}: {}, not in the code", times(count))
    });
    let denied = access.account.observed.iter().filter(|it| it.observation.denied > 0);
    section("observed", beyond.chain(denied.map(refused)).collect());
    let missing = access.account.missing.iter().map(|missing| {
        let need = &missing.need;
        let place = need.evidence.first().map(|evidence| place(evidence.span()));
        let (action, resource) = (&need.action, visible(&shown(&need.resource)));
        let refused = match missing.refusals {
            0 => String::new(),
            count => format!("  refused {}", times(count)),
        };
        format!("{action} on {resource}  {}{refused}", place.unwrap_or_default())
    });
    section(&paint.bold("missing"), missing.collect());
    let excess = access.account.excess.iter().map(|excess| {
        let resources: Vec<String> = excess.resources.iter().map(shown).collect();
        let resources = visible(&resources.join(", "));
        let (action, place) = (visible(&excess.action), place(excess.span));
        match &excess.kind {
            ExcessKind::Unused => format!("{action} on {resources}: never called  {place}"),
            ExcessKind::NoAction => format!("{action}: no action has this name  {place}"),
            ExcessKind::Actions { needed, others } => {
                format!(
                    "{action}: only {} of it, {others} more granted  {place}",
                    needed.join(", ")
                )
            }
            ExcessKind::Resources { needed } if needed.is_empty() => {
                format!("{resources}: never touched  {place}")
            }
            ExcessKind::Resources { needed } => {
                let needed: Vec<String> = needed.iter().map(shown).collect();
                format!("{resources}: only {} of it  {place}", visible(&needed.join(", ")))
            }
        }
    });
    section("excess", excess.collect());
    let unresolved = access.profile.behaviour.unresolved.iter().map(|unresolved| {
        let (call, reason) = (visible(&unresolved.call), visible(&unresolved.reason));
        format!("{call}: {reason}  {}", place(unresolved.span))
    });
    section("unresolved", unresolved.collect());
}

/// What was tried and denied.
fn refused(observed: &Observed) -> String {
    let observation = &observed.observation;
    let (action, resource) = (&observation.action, visible(&shown(&observation.resource)));
    let said = if observed.is_said { "" } else { ", not in the code" };
    let granted = match observed.is_granted {
        Some(true) => "though the role allows it",
        Some(false) => "the role does not allow it",
        None => "the role is not known whole",
    };
    format!("{action} on {resource}: denied {}{said}; {granted}", times(observation.denied))
}

fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn summary(out: &mut String, scan: &Scan) {
    let (mut functions, mut read, mut excess, mut missing, mut unresolved) = (0, 0, 0, 0, 0);
    for (_, access) in scan.functions() {
        functions += 1;
        read += usize::from(matches!(access.profile.behaviour.coverage, Coverage::Read(_)));
        excess += usize::from(!access.account.excess.is_empty());
        missing += usize::from(!access.account.missing.is_empty());
        unresolved += usize::from(!access.profile.behaviour.unresolved.is_empty());
    }
    let _ = writeln!(
        out,
        "{functions} functions, code of {read} read: {excess} granted more than they need, {missing} \
         less, {unresolved} with unresolved calls"
    );
}
