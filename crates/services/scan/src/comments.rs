//! Suppressions in comments: our own `casemate: allow(rule-id) reason` and checkov's.

use app_graph::AllowanceTool;
use text::{Loss, Place, Problem, Source, SourceId, Span};

/// A suppression found in a comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommentAllowance {
    /// The rules, in the words of `tool`.
    pub(crate) rules: Vec<String>,
    pub(crate) reason: Option<String>,
    pub(crate) tool: AllowanceTool,
    pub(crate) span: Span,
    /// The line it speaks of: its own, or the next line with code when it stands alone.
    pub(crate) line: u32,
}

const OURS: &str = "casemate:";
const CHECKOV: &str = "checkov:skip=";

/// Finds the suppressions in a source's comments.
pub(crate) fn find(
    source: &Source,
    id: SourceId,
    problems: &mut Vec<Problem>,
) -> Vec<CommentAllowance> {
    let mut found = Vec::new();
    for (marker, tool) in [(OURS, AllowanceTool::Casemate), (CHECKOV, AllowanceTool::Checkov)] {
        for (offset, _) in source.text.match_indices(marker) {
            let number = source.position(offset as u32).line;
            let Some(range) = source.line_range(number) else { continue };
            let before = source.text.get(range.start..offset).unwrap_or_default();
            let Some(comment) = before.rfind(['#', '/']) else { continue };
            if !before.get(comment + 1..).unwrap_or_default().trim().is_empty() {
                continue;
            }
            let text = source.text.get(offset + marker.len()..range.end).unwrap_or_default().trim();
            let span = Span::new(id, range.start + comment, range.end);
            let line = if before.trim().trim_matches(['#', '/']).trim().is_empty() {
                next_line_with_code(source, number)
            } else {
                number
            };
            let parsed = match tool {
                AllowanceTool::Casemate => ours(text),
                _ => Ok(checkovs(text)),
            };
            match parsed {
                Ok((rules, reason)) => {
                    found.push(CommentAllowance { rules, reason, tool, span, line })
                }
                Err(message) => problems.push(Problem {
                    message: message.to_owned(),
                    help: Some("write `casemate: allow(rule-id) reason`".to_owned()),
                    place: Place::Span(span),
                    loss: Loss::Nothing,
                }),
            }
        }
    }
    found
}

type Parsed = (Vec<String>, Option<String>);

fn ours(text: &str) -> Result<Parsed, &'static str> {
    let rest = text.strip_prefix("allow(").ok_or("a casemate comment that allows nothing")?;
    let (rules, reason) = rest.split_once(')').ok_or("`allow(` without its `)`")?;
    let reason = reason.trim().trim_start_matches([':', '-']).trim();
    if reason.is_empty() {
        return Err("a suppression without a reason does not count");
    }
    let rules = rules.split(',').map(|rule| rule.trim().to_owned()).collect();
    Ok((rules, Some(reason.to_owned())))
}

fn checkovs(text: &str) -> Parsed {
    let (rules, reason) = match text.split_once(':') {
        Some((rules, reason)) => (rules, Some(reason.trim().to_owned())),
        None => (text, None),
    };
    (rules.split(',').map(|rule| rule.trim().to_owned()).collect(), reason)
}

fn next_line_with_code(source: &Source, after: u32) -> u32 {
    let is_code = |line: &str| {
        let line = line.trim_start();
        !line.is_empty() && !line.starts_with('#') && !line.starts_with("//")
    };
    (after + 1..=source.line_count())
        .find(|number| source.line(*number).is_some_and(is_code))
        .unwrap_or(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, Option<&str>, u32)]) {
        let mut problems = Vec::new();
        let found = find(&Source::new("t", text), SourceId(0), &mut problems);
        let found: Vec<_> = found
            .iter()
            .map(|allowance| {
                (allowance.rules.join(","), allowance.reason.as_deref(), allowance.line)
            })
            .collect();
        let found: Vec<_> =
            found.iter().map(|(rules, reason, line)| (rules.as_str(), *reason, *line)).collect();
        assert_eq!(found, expect, "{problems:?}");
    }

    #[test]
    fn a_comment_speaks_of_its_own_line_or_of_the_next_with_code() {
        check("a: 1 # casemate: allow(x) why", &[("x", Some("why"), 1)]);
        check("# casemate: allow(x, y) why\n\n# more\na: 1", &[("x,y", Some("why"), 4)]);
        check("  #checkov:skip=CKV_AWS_1:why not\n  a", &[("CKV_AWS_1", Some("why not"), 2)]);
        check("  // casemate: allow(x): why\nz", &[("x", Some("why"), 2)]);
    }

    #[test]
    fn a_suppression_without_a_reason_does_not_count() {
        let mut problems = Vec::new();
        let source = Source::new("t", "a: 1 # casemate: allow(x)");
        assert_eq!(find(&source, SourceId(0), &mut problems), []);
        assert_eq!(problems.len(), 1);
    }
}
