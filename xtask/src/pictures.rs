//! Pictures for the README, made from a real scan of the sample.

use std::fmt::Write;

use anyhow::Result;
use scan::{Config, Request};

use crate::shell;

/// The day the pictures are made for, so that they are the same in every run.
const TODAY: (i16, u8, u8) = (2026, 11, 1);
/// Lines of the report that are shown: its end, as it stands next to the prompt.
const LINES: usize = 34;
const LINE_HEIGHT: usize = 18;
const WIDTH: usize = 1060;

/// The end of the sample's report as a terminal shows it, and the sample's graph.
pub(crate) fn pictures() -> Result<(String, String)> {
    let sample = shell::root().join("fixtures/apps/webshop");
    let request =
        Request { paths: vec![sample], config: Config::default(), baseline: None, today: TODAY };
    let scan = scan::scan(&request)?;
    let text = report::terminal::render(&scan, report::terminal::Colour::Ansi);
    // The reader types the path relative to the checkout.
    let prefix = format!("{}/", shell::root().display());
    let graph = report::picture::svg(&scan).replace(&prefix, "");
    Ok((terminal(&text.replace(&prefix, "")), graph))
}

fn terminal(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    let end = lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default();
    // From the beginning of a block on.
    let begin = end.iter().position(|line| line.is_empty()).unwrap_or(0);
    let shown = end.get(begin..).unwrap_or_default();
    let height = (shown.len() + 3) * LINE_HEIGHT;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"the end of a report of casemate\"><style>text{{font:13px ui-monospace,monospace;\
         fill:#e6edf3;white-space:pre}}.b{{font-weight:700}}.r{{fill:#ff7b72;font-weight:700}}\
         .y{{fill:#e3b341;font-weight:700}}.c{{fill:#79c0ff;font-weight:700}}.g{{fill:#7ee787}}</style>\
         <rect width=\"{WIDTH}\" height=\"{height}\" rx=\"8\" fill=\"#0d1117\"/>"
    );
    let prompt = "$ casemate scan fixtures/apps/webshop";
    for (row, line) in std::iter::once(&prompt).chain(shown).enumerate() {
        let y = (row + 2) * LINE_HEIGHT;
        let _ = writeln!(out, "<text x=\"16\" y=\"{y}\">{}</text>", spans(line));
    }
    out.push_str("</svg>\n");
    out
}

/// A line with escape sequences as spans with classes.
fn spans(line: &str) -> String {
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut out = String::new();
    for (position, piece) in line.split("\u{1b}[").enumerate() {
        let (code, text) = match piece.split_once('m') {
            Some((code, text)) if position > 0 => (code, text),
            _ => ("0", piece),
        };
        let class = match code {
            "1" => "b",
            "1;31" | "1;37;41" | "31" => "r",
            "1;33" => "y",
            "1;36" | "1;34" => "c",
            "32" => "g",
            _ => {
                out.push_str(&escape(text));
                continue;
            }
        };
        let _ = write!(out, "<tspan class=\"{class}\">{}</tspan>", escape(text));
    }
    out
}
