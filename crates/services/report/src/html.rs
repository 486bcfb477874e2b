//! The report as one page without external requests, readable in print and in the dark.

use std::collections::BTreeMap;

use app_graph::{AppGraph, EdgeKind, Node};
use askama::Template;
use finding::Severity;
use scan::{Judged, Scan};
use text::EntityId;

use crate::excerpt::excerpt;
use crate::picture::{Detail, Style, draw, picture};
use crate::{Group, fix, groups, terminal};

/// Bytes of blocks after which the mildest are left out with a notice; the page stays under 500 KB.
const BUDGET: usize = 400_000;

/// Bytes of pictures and tables that a page may hold.
const PICTURES: usize = 200_000;

/// Rows of one table of paths; what is beyond is counted.
const ROWS: usize = 100;

#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    version: &'static str,
    exit: u8,
    reason: &'a str,
    total: String,
    severities: Vec<(&'static str, usize)>,
    counts: scan::Counts,
    problems: Vec<Note>,
    applications: Vec<Section>,
    left_out: usize,
}

struct Note {
    word: &'static str,
    message: String,
    place: String,
}

struct Section {
    title: String,
    anchor: usize,
    svg: Option<String>,
    rows: Vec<Row>,
    more_rows: usize,
    blocks: Vec<Block>,
}

/// One line of the table beside the picture.
struct Row {
    triggers: Vec<String>,
    function: String,
    roles: Vec<String>,
    resources: Vec<String>,
}

struct Block {
    severity: &'static str,
    confidence: &'static str,
    rule: &'static str,
    reference: &'static str,
    message: String,
    conditions: String,
    number: u32,
    before: String,
    token: String,
    after: String,
    count: usize,
    places: Vec<String>,
    steps: Vec<String>,
    fix: String,
    diff: Vec<(char, String)>,
    classes: String,
    entities: String,
}

/// The report as HTML.
pub fn render(scan: &Scan) -> Result<String, askama::Error> {
    let mut budget = BUDGET;
    let mut left_out = 0;
    let mut blocks: BTreeMap<usize, Vec<Block>> = BTreeMap::new();
    for group in groups(scan) {
        let Some(first) = group.first() else { continue };
        let block = block(scan, &group);
        match budget.checked_sub(block.size()) {
            Some(left) => {
                budget = left;
                blocks.entry(first.application).or_default().push(block);
            }
            None => {
                budget = 0;
                left_out += group.findings.len();
            }
        }
    }
    let mut pictures = PICTURES.min(budget + PICTURES / 4);
    let mut applications: Vec<Section> = scan
        .applications
        .iter()
        .enumerate()
        .map(|(index, graph)| Section {
            title: format!("{} ({}, {})", graph.name, graph.framework.as_str(), graph.root),
            anchor: index,
            svg: None,
            rows: Vec::new(),
            more_rows: 0,
            blocks: blocks.remove(&index).unwrap_or_default(),
        })
        .collect();
    // Applications with the worst findings come first, and get their picture first.
    applications.sort_by_key(|section| {
        std::cmp::Reverse(
            section
                .blocks
                .first()
                .and_then(|block| block.severity.parse().ok())
                .map(|severity: Severity| (severity, section.blocks.len())),
        )
    });
    for section in &mut applications {
        let Some(graph) = scan.applications.get(section.anchor) else { continue };
        let svg = draw(&[picture(scan, section.anchor, Detail::Collapsed)], Style::Embedded);
        let mut rows = rows(graph);
        section.more_rows = rows.len().saturating_sub(ROWS);
        rows.truncate(ROWS);
        let size = svg.len() + rows.iter().map(Row::size).sum::<usize>();
        if let Some(left) = pictures.checked_sub(size) {
            pictures = left;
            section.svg = Some(svg);
            section.rows = rows;
        }
    }
    if applications.len() > 50 {
        applications.retain(|section| !section.blocks.is_empty());
    }
    let counts = scan.counts();
    Page {
        version: env!("CARGO_PKG_VERSION"),
        exit: scan.outcome.exit.code(),
        reason: &scan.outcome.reason,
        total: terminal::counted(counts.by_severity.values().sum(), "finding"),
        severities: Severity::ALL
            .iter()
            .rev()
            .filter_map(|severity| Some((severity.as_str(), *counts.by_severity.get(severity)?)))
            .collect(),
        counts,
        problems: notes(scan),
        applications,
        left_out,
    }
    .render()
}

fn notes(scan: &Scan) -> Vec<Note> {
    let problems = scan.problems.iter().map(|problem| Note {
        word: if problem.loss == text::Loss::Incomplete { "not read" } else { "note" },
        message: problem.message.clone(),
        place: match &problem.place {
            text::Place::Path(path) => path.clone(),
            text::Place::Span(span) => {
                let (file, position) = scan.place_of(*span);
                format!("{file}:{}:{}", position.line, position.column)
            }
        },
    });
    let parts = scan.not_read.iter().map(|part| Note {
        word: "not read",
        message: part.what.clone(),
        place: part.path.clone(),
    });
    problems.chain(parts).take(200).collect()
}

fn place(scan: &Scan, judged: &Judged) -> String {
    let (file, position) = scan.place_of(judged.finding.span);
    let name = judged.finding.subjects().next().map_or("", |subject| &subject.name);
    format!("{file}:{}:{} {name}", position.line, position.column)
}

fn block(scan: &Scan, group: &Group<'_>) -> Block {
    let mut block = Block {
        severity: "",
        confidence: "",
        rule: "",
        reference: "",
        message: String::new(),
        conditions: String::new(),
        number: 0,
        before: String::new(),
        token: String::new(),
        after: String::new(),
        count: group.findings.len(),
        places: group.findings.iter().take(50).map(|judged| place(scan, judged)).collect(),
        steps: Vec::new(),
        fix: String::new(),
        diff: Vec::new(),
        classes: String::new(),
        entities: String::new(),
    };
    if group.findings.len() > block.places.len() {
        block.places.push(format!("and {} more", group.findings.len() - block.places.len()));
    }
    let Some(judged) = group.first() else { return block };
    let finding = &judged.finding;
    let rule = finding.rule;
    block.severity = finding.severity.as_str();
    block.confidence = finding.confidence.as_str();
    block.rule = rule.id;
    block.reference = finding.link().unwrap_or_default();
    block.message.clone_from(&finding.message);
    block.conditions = finding.conditions.join(" and ");
    if let Some(excerpt) =
        scan.sources.of(finding.span).and_then(|source| excerpt(source, finding.span))
    {
        block.number = excerpt.number;
        let (before, rest) = split_at_columns(&excerpt.line, excerpt.indent);
        let (token, after) = split_at_columns(rest, excerpt.width);
        block.before = before.to_owned();
        block.token = token.to_owned();
        block.after = after.to_owned();
    }
    block.steps = finding.path.iter().map(|step| step.name.clone()).collect();
    if let Some(fix) = &finding.fix {
        block.fix.clone_from(&fix.summary);
        block.diff = fix::diff(fix, &scan.sources);
    }
    let mut classes: Vec<String> = rule.cwe.iter().map(|number| format!("CWE-{number}")).collect();
    classes.push(format!("OWASP Serverless {}", rule.owasp.as_str()));
    classes.extend(rule.security_hub.iter().map(|control| format!("Security Hub {control}")));
    block.classes = classes.join(", ");
    let mut entities: Vec<&str> =
        finding.path.iter().map(|step| step.id.as_ref().map_or("", EntityId::as_str)).collect();
    for judged in &group.findings {
        entities.extend(judged.finding.subjects().map(|subject| subject.id.as_str()));
    }
    entities.dedup();
    block.entities = entities.join("\n");
    block
}

/// Splits a line in front of the character at which `columns` are used up.
fn split_at_columns(line: &str, columns: usize) -> (&str, &str) {
    let mut width = 0;
    for (offset, letter) in line.char_indices() {
        if width >= columns {
            return line.split_at(offset);
        }
        width += unicode_width::UnicodeWidthChar::width(letter).unwrap_or(0);
    }
    (line, "")
}

/// Functions with what invokes them, whom they run as and what that may touch.
fn rows(graph: &AppGraph) -> Vec<Row> {
    let mut out: BTreeMap<&EntityId, Vec<(&EntityId, EdgeKind)>> = BTreeMap::new();
    let edges = graph.edges();
    for edge in &edges {
        if let (Node::Entity(from), Node::Entity(to)) = (&edge.from, &edge.to) {
            out.entry(from).or_default().push((to, edge.kind));
        }
    }
    let names: BTreeMap<&EntityId, &str> =
        graph.entities().map(|entity| (&entity.id, entity.name.as_str())).collect();
    let name = |id: &EntityId| names.get(id).copied().unwrap_or_default().to_owned();
    let after = |id: &EntityId, wanted: fn(EdgeKind) -> bool| {
        let next = out.get(id).map_or(&[][..], Vec::as_slice);
        next.iter().filter(move |(_, kind)| wanted(*kind))
    };
    let functions = graph.functions.iter();
    functions
        .map(|function| {
            let id = &function.entity.id;
            let triggers = graph.triggers_of(id).map(|trigger| match &trigger.route {
                Some(route) => format!("{} {}", route.method, route.path).trim().to_owned(),
                None => format!("{} {}", trigger.kind.as_str(), trigger.entity.name),
            });
            let mut roles = Vec::new();
            let mut resources = Vec::new();
            for (role, _) in after(id, |kind| kind == EdgeKind::RunsAs) {
                roles.push(name(role));
                for (resource, kind) in after(role, |kind| matches!(kind, EdgeKind::MayAccess(_))) {
                    resources.push(format!(
                        "{} {}",
                        crate::json::edge_words(*kind),
                        name(resource)
                    ));
                }
            }
            Row {
                triggers: triggers.collect(),
                function: function.entity.name.clone(),
                roles,
                resources,
            }
        })
        .collect()
}

impl Row {
    fn size(&self) -> usize {
        let lists = [&self.triggers, &self.roles, &self.resources];
        100 + lists.iter().flat_map(|list| list.iter()).map(|text| text.len() + 20).sum::<usize>()
    }
}

impl Block {
    /// About how many bytes it takes in the page.
    fn size(&self) -> usize {
        let places: usize = self.places.iter().map(|place| place.len() + 12).sum();
        let steps: usize = self.steps.iter().map(|step| step.len() + 12).sum();
        let texts = self.message.len() + self.before.len() + self.after.len() + self.fix.len();
        900 + places + steps + texts + self.entities.len() + self.classes.len()
    }
}
