//! A comparison for people.

use crate::Comparison;

/// Writes a comparison as lines of text, what is new by kind.
pub fn text(comparison: &Comparison) -> String {
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            text.push_str(&format!("{title}\n"));
            lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
            text.push('\n');
        }
    };
    let access = comparison.access.iter().map(|found| {
        let whose = if found.is_new_holder { "new " } else { "" };
        let mut line = format!(
            "{}: {whose}{} `{}` may do `{}` on `{}`",
            found.place, found.kind, found.holder, found.action, found.resource
        );
        if !found.conditions.is_empty() {
            line.push_str(&format!(" if {}", found.conditions.join(" and ")));
        }
        if let Some(doubt) = &found.doubt {
            line.push_str(&format!(" ({doubt})"));
        }
        line
    });
    section("new access", access.collect());
    let entries = comparison.entries.iter().map(|found| {
        let target = found.target.as_ref().map(|target| format!(" to `{target}`"));
        let before = found.asked.map(|asked| format!(", asked for {asked} before"));
        format!(
            "{}: `{}`{} asks for {}{}",
            found.place,
            found.entry,
            target.unwrap_or_default(),
            found.asks,
            before.unwrap_or_default()
        )
    });
    section("new ways in from the internet", entries.collect());
    let exposures = comparison.exposures.iter();
    let exposures =
        exposures.map(|found| format!("{}: {} [{}]", found.place, found.message, found.rule));
    section("newly open", exposures.collect());
    section("not compared", comparison.gaps.clone());
    if comparison.is_empty() {
        text.push_str("nothing new\n");
    } else {
        let text_of = |count: usize, one: &str, many: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {many}"),
        };
        text.push_str(&format!(
            "{}, {}, {} newly open\n",
            text_of(comparison.access.len(), "new access", "new accesses"),
            text_of(comparison.entries.len(), "new way in", "new ways in"),
            text_of(comparison.exposures.len(), "thing", "things"),
        ));
    }
    text
}
