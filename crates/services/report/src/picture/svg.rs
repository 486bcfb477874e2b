use std::fmt::Write;

use unicode_width::UnicodeWidthChar;

use super::layout::columns;
use super::model::{Column, Node, Picture};

const WIDTH: usize = 190;
const HEIGHT: usize = 38;
const ROW: usize = 50;
const COLUMN: usize = 250;
const MARGIN: usize = 20;
const TITLE: usize = 56;
/// Columns of text that fit into a node at the font's size.
const LETTERS: usize = 25;

const COLUMNS: [(Column, &str); 5] = [
    (Column::Internet, "internet"),
    (Column::Trigger, "trigger"),
    (Column::Function, "function"),
    (Column::Role, "role"),
    (Column::Resource, "resource"),
];

/// Whether the SVG stands alone or in a page with a style of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// A document with its own colours, light and dark.
    Document,
    /// Part of a page.
    Embedded,
}

/// Colours as custom properties; the page sets the same names.
const DOCUMENT_STYLE: &str = "<style>
svg{--ink:#1b1f24;--soft:#57606a;--line:#8c959f;--paper:#fff;--box:#f6f8fa;--critical:#a40e26;--high:#cf222e;--medium:#9a6700;--low:#0969da;--info:#57606a}
@media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--soft:#9da7b3;--line:#6e7681;--paper:#0d1117;--box:#161b22;--critical:#ff7b72;--high:#ff7b72;--medium:#e3b341;--low:#79c0ff;--info:#9da7b3}}
.paper{fill:var(--paper)}text{font:13px system-ui,sans-serif;fill:var(--ink)}text.kind,text.column{font-size:11px;fill:var(--soft)}
.node rect{fill:var(--box);stroke:var(--line)}.edge{fill:none;stroke:var(--line);stroke-width:1.2}
.node.critical rect{stroke:var(--critical);stroke-width:2.5}.node.high rect{stroke:var(--high);stroke-width:2.5}.node.medium rect{stroke:var(--medium);stroke-width:2}.node.low rect{stroke:var(--low)}
</style>";

/// Pictures one below the other in one SVG element.
pub fn draw(pictures: &[Picture], style: Style) -> String {
    let mut body = String::new();
    let mut top = 0;
    for picture in pictures {
        top += one(&mut body, picture, top);
    }
    let width = MARGIN * 2 + COLUMN * (COLUMNS.len() - 1) + WIDTH;
    let height = top.max(TITLE);
    let label = match pictures {
        [picture] => format!("application graph of {}", escape(&picture.title)),
        _ => format!("application graphs of {} applications", pictures.len()),
    };
    let (namespace, own_style) = match style {
        Style::Document => (" xmlns=\"http://www.w3.org/2000/svg\"", DOCUMENT_STYLE),
        Style::Embedded => ("", ""),
    };
    format!(
        "<svg{namespace} viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"img\" aria-label=\"{label}\">{own_style}\
         <rect class=\"paper\" width=\"{width}\" height=\"{height}\"/>{body}</svg>\n"
    )
}

/// Draws one picture below `top` and answers its height.
fn one(body: &mut String, picture: &Picture, top: usize) -> usize {
    let columns = columns(picture);
    let rows = columns.values().map(Vec::len).max().unwrap_or(0);
    let left = |column: Column| {
        let position = COLUMNS.iter().position(|(other, _)| *other == column).unwrap_or(0);
        MARGIN + position * COLUMN
    };
    let mut at = vec![(0, 0); picture.nodes.len()];
    for (column, nodes) in &columns {
        // Shorter columns stand in the middle.
        let free = (rows - nodes.len()) * ROW / 2;
        for (row, node) in nodes.iter().enumerate() {
            if let Some(at) = at.get_mut(*node) {
                *at = (left(*column), top + TITLE + free + row * ROW);
            }
        }
    }
    let _ = write!(
        body,
        "<text x=\"{MARGIN}\" y=\"{}\" font-weight=\"600\">{}</text>",
        top + 22,
        escape(&picture.title)
    );
    for (column, name) in COLUMNS {
        let (x, y) = (left(column), top + 44);
        let _ = write!(body, "<text class=\"column\" x=\"{x}\" y=\"{y}\">{name}</text>");
    }
    for edge in &picture.edges {
        let (Some(from), Some(to)) = (at.get(edge.from), at.get(edge.to)) else { continue };
        let (x1, y1) = (from.0 + WIDTH, from.1 + HEIGHT / 2);
        let (x2, y2) = (to.0, to.1 + HEIGHT / 2);
        let bend = (x2 - x1) / 2;
        let _ = write!(
            body,
            "<path class=\"edge\" data-from=\"{}\" data-to=\"{}\" \
             d=\"M{x1} {y1}C{} {y1} {} {y2} {x2} {y2}\"><title>{}</title></path>",
            edge.from,
            edge.to,
            x1 + bend,
            x2 - bend,
            edge.words
        );
    }
    for (position, (node, (x, y))) in picture.nodes.iter().zip(&at).enumerate() {
        draw_node(body, position, node, *x, *y);
    }
    TITLE + rows * ROW + MARGIN
}

fn draw_node(body: &mut String, position: usize, node: &Node, x: usize, y: usize) {
    let worst = node.worst.map_or("", |severity| severity.as_str());
    let entities: Vec<String> = node.entities.iter().map(|id| escape(id.as_str())).collect();
    let _ = write!(
        body,
        "<g class=\"node {worst}\" data-node=\"{position}\" data-entities=\"{}\">\
         <title>{} {}{}</title>\
         <rect x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"6\"/>\
         <text x=\"{}\" y=\"{}\">{}</text><text class=\"kind\" x=\"{}\" y=\"{}\">{}</text></g>",
        entities.join("\n"),
        escape(&node.kind),
        escape(&node.name),
        if worst.is_empty() { String::new() } else { format!(", worst finding: {worst}") },
        x + 9,
        y + 16,
        escape(&shortened(&node.name)),
        x + 9,
        y + 31,
        escape(&node.kind),
    );
}

/// Cuts the middle out of long names: their ends tell them apart.
fn shortened(name: &str) -> String {
    let width = |letters: &[char]| -> usize {
        letters.iter().map(|letter| letter.width().unwrap_or(0)).sum()
    };
    let letters: Vec<char> = name.chars().collect();
    if width(&letters) <= LETTERS {
        return name.to_owned();
    }
    let half = LETTERS / 2;
    let head: String = letters.iter().take(half).collect();
    let tail: String = letters.iter().skip(letters.len().saturating_sub(half)).collect();
    format!("{head}…{tail}")
}

/// Escapes for text and attributes of XML; control characters may not stand there at all.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            letter if letter.is_control() && letter != '\n' => escaped.push('\u{FFFD}'),
            letter => escaped.push(letter),
        }
    }
    escaped
}
