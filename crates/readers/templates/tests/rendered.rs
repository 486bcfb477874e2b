//! Values, problems and places as short texts.

use casemate_templates::Files;
use documents::value::{Kind, Value};
use text::{Loss, Place, Problem, Span};

/// A value on one line: `{Key: text ${Table.Arn}, List: [1, ?why], Choice: (a => 1 | b => 2)}`.
pub(crate) fn value(value: &Value) -> String {
    match &value.kind {
        Kind::Null => "null".to_owned(),
        Kind::Bool(value) => value.to_string(),
        Kind::Number(number) => number.to_string(),
        Kind::Text(text) => text
            .parts()
            .iter()
            .map(|part| match part {
                text::Part::Unknown(why) => format!("${{?{why}}}"),
                part => {
                    let mut alone = text::PartialText::default();
                    alone.push(part.clone());
                    alone.to_string()
                }
            })
            .collect(),
        Kind::List(items) => {
            format!("[{}]", items.iter().map(self::value).collect::<Vec<_>>().join(", "))
        }
        Kind::Map(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|member| format!("{}: {}", member.key, self::value(&member.value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Kind::Unknown(why) => format!("?{why}"),
        Kind::Branches(alternatives) => {
            let alternatives: Vec<String> = alternatives
                .iter()
                .map(|it| format!("{} => {}", it.condition, self::value(&it.value)))
                .collect();
            format!("({})", alternatives.join(" | "))
        }
    }
}

/// `path:line:column`.
pub(crate) fn place(span: Span, files: &Files) -> String {
    let source = files.source(span.source).expect("a span lies in a source that was read");
    let position = source.position(span.start);
    format!("{}:{}:{}", source.path, position.line, position.column)
}

/// `path:line:column: message`, with `advice: ` where nothing was lost.
pub(crate) fn problem(problem: &Problem, files: &Files) -> String {
    let at = match &problem.place {
        Place::Path(path) => path.clone(),
        Place::Span(span) => place(*span, files),
    };
    let kind = if problem.loss == Loss::Nothing { "advice: " } else { "" };
    format!("{at}: {kind}{}", problem.message)
}
