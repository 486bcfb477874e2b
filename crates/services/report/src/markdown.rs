//! The report as Markdown, for pull requests.

use std::fmt::Write;

use scan::Scan;

use crate::terminal::counted;
use crate::{Group, fix, groups};

/// Longest comment that GitHub and GitLab take is 65,536 characters; what is beyond is counted.
const MOST: usize = 60_000;

/// The report as Markdown, worst first.
pub fn render(scan: &Scan) -> String {
    let counts = scan.counts();
    let total: usize = counts.by_severity.values().sum();
    let mut out = format!(
        "## casemate: {}\n\n{}.\n\n",
        counted(total, "finding"),
        escape(&scan.outcome.reason)
    );
    for problem in &scan.problems {
        if problem.loss == text::Loss::Incomplete {
            let _ = writeln!(out, "> **not read**: {}\n", escape(&problem.message));
        }
    }
    for part in &scan.not_read {
        let _ = writeln!(out, "> **not read**: {} ({})\n", escape(&part.what), escape(&part.path));
    }
    let groups = groups(scan);
    for (position, group) in groups.iter().enumerate() {
        let block = block(scan, group);
        if out.len() + block.len() > MOST {
            let left: usize = groups.iter().skip(position).map(|group| group.findings.len()).sum();
            let _ = writeln!(out, "…and {left} more; see the whole report.\n");
            break;
        }
        out.push_str(&block);
    }
    let _ = writeln!(
        out,
        "{} suppressed, {} in the baseline, {} fixable, {} unknown, {} not read",
        counts.suppressed,
        counts.baseline,
        counts.fixable,
        counts.unknown,
        counts.incomplete + counts.not_read
    );
    out
}

fn block(scan: &Scan, group: &Group<'_>) -> String {
    let mut out = String::new();
    let Some(judged) = group.first() else { return out };
    let finding = &judged.finding;
    let rule = match finding.link() {
        Some(reference) => format!("[{}]({reference})", finding.rule.id),
        None => finding.rule.id.to_owned(),
    };
    let _ = writeln!(out, "### {} · {rule}\n\n{}\n", finding.severity, escape(&finding.message));
    for judged in &group.findings {
        let (file, position) = scan.place_of(judged.finding.span);
        let name = judged.finding.subjects().next().map_or("", |subject| &subject.name);
        let _ = writeln!(out, "- {}:{} {}", escape(file), position.line, escape(name));
    }
    out.push('\n');
    if !finding.path.is_empty() {
        let steps: Vec<String> = finding.path.iter().map(|step| escape(&step.name)).collect();
        let _ = writeln!(out, "Path: {}\n", steps.join(" → "));
    }
    if let Some(fix) = &finding.fix {
        let _ = writeln!(out, "Fix: {}\n", escape(&fix.summary));
        let lines = fix::diff(fix, &scan.sources);
        if !lines.is_empty() {
            out.push_str("~~~diff\n");
            for (sign, line) in lines {
                let _ = writeln!(out, "{sign} {}", line.replace("~~~", "~ ~ ~"));
            }
            out.push_str("~~~\n\n");
        }
    }
    out
}

/// Escapes what Markdown and HTML would take for markup; backticks keep their meaning.
fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\n' | '\r' => escaped.push(' '),
            '*' | '_' | '[' | ']' | '|' => {
                escaped.push('\\');
                escaped.push(letter);
            }
            _ => escaped.push(letter),
        }
    }
    escaped
}
