//! Blocks and attributes of `.tf` and `.tf.json` files, with their places.

use hcl_edit::Span as _;
use hcl_edit::expr::Expression;
use hcl_edit::structure::{Body as HclBody, Structure};
use text::{Problem, Source, SourceId, Span};

use documents::value::{Kind, Value};

/// An expression as written.
#[derive(Debug)]
pub(super) enum Expr {
    /// HCL.
    Hcl(Expression),
    /// JSON; its texts are templates.
    Json(Value),
}

/// `name = expression`.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) expr: Expr,
    /// The expression's place.
    pub(super) span: Span,
}

/// `kind "label" "label" { … }`.
#[derive(Debug)]
pub(super) struct Block {
    pub(super) kind: String,
    pub(super) labels: Vec<String>,
    /// Kind and labels.
    pub(super) header: Span,
    /// Where the last label stands; the kind where there is none.
    pub(super) said: Span,
    /// The whole block.
    pub(super) extent: Span,
    pub(super) body: Body,
}

/// What stands between braces.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) attributes: Vec<Attribute>,
    pub(super) blocks: Vec<Block>,
}

impl Block {
    /// The kind of block that it makes: a dynamic one is named by its label.
    pub(super) fn said_kind(&self) -> &str {
        match self.labels.first() {
            Some(label) if self.kind == "dynamic" => label,
            _ => &self.kind,
        }
    }
}

impl Body {
    /// The attribute of that name.
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The blocks of that kind.
    pub(super) fn blocks_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }

    /// Replaces what `other`, a block of an override file, says again.
    pub(super) fn overridden_by(&mut self, other: Body) {
        for attribute in other.attributes {
            self.attributes.retain(|own| own.name != attribute.name);
            self.attributes.push(attribute);
        }
        let replaced: Vec<String> = other.blocks.iter().map(|block| block.kind.clone()).collect();
        self.blocks.retain(|own| !replaced.contains(&own.kind));
        self.blocks.extend(other.blocks);
    }
}

/// Parses the text of a `.tf` or `.tfvars` file; a syntax error is a problem at its place.
pub(super) fn parse(source: &Source, id: SourceId) -> Result<Body, Problem> {
    // A byte order mark is no part of the language; spans stay those of the file.
    let (text, shift) = match source.text.strip_prefix('\u{feff}') {
        Some(text) => (text, 3),
        None => (source.text.as_str(), 0),
    };
    match hcl_edit::parser::parse_body(text) {
        Ok(body) => Ok(body_of(body, id, shift)),
        Err(error) => {
            let offset = error.location().offset() + shift;
            let line = source.position(u32::try_from(offset).unwrap_or(u32::MAX)).line;
            let end = source.line_range(line).map_or(offset, |range| range.end.max(offset));
            let wanted = error.message().to_owned();
            Err(Problem::incomplete(
                format!("the file is no valid HCL from here on: {wanted}"),
                Span::new(id, offset, end).into(),
            )
            .help("`terraform validate` or `tofu validate` explains the syntax error"))
        }
    }
}

fn range(range: Option<std::ops::Range<usize>>, id: SourceId, shift: usize) -> Span {
    match range {
        Some(range) => Span::new(id, range.start + shift, range.end + shift),
        None => Span::file(id),
    }
}

fn body_of(body: HclBody, id: SourceId, shift: usize) -> Body {
    let mut converted = Body::default();
    for structure in body {
        match structure {
            Structure::Attribute(attribute) => {
                let span = range(attribute.value.span(), id, shift);
                converted.attributes.push(Attribute {
                    name: attribute.key.as_str().to_owned(),
                    name_span: range(attribute.key.span(), id, shift),
                    span,
                    expr: Expr::Hcl(attribute.value),
                });
            }
            Structure::Block(block) => {
                let kind_span = range(block.ident.span(), id, shift);
                let label_span = block.labels.last().map(|label| range(label.span(), id, shift));
                let said = label_span.unwrap_or(kind_span);
                converted.blocks.push(Block {
                    kind: block.ident.as_str().to_owned(),
                    labels: block.labels.iter().map(|label| label.as_str().to_owned()).collect(),
                    header: Span { end: said.end, ..kind_span },
                    said,
                    extent: range(block.span(), id, shift),
                    body: body_of(block.body, id, shift),
                });
            }
        }
    }
    converted
}

/// Blocks of a `.tf.json` file, as Terraform's JSON configuration syntax defines them.
///
/// Source: "JSON Configuration Syntax" of the Terraform language documentation.
pub(super) fn from_json(value: &Value) -> Body {
    let mut body = Body::default();
    for member in value.members() {
        let labels = match &*member.key {
            "resource" | "data" => 2,
            "variable" | "output" | "module" | "provider" => 1,
            _ => 0,
        };
        json_blocks(
            &member.key,
            &mut Vec::new(),
            labels,
            member.key_span,
            &member.value,
            &mut body,
        );
    }
    body
}

fn json_blocks(
    kind: &str,
    labels: &mut Vec<String>,
    missing: usize,
    said: Span,
    value: &Value,
    body: &mut Body,
) {
    if let Kind::List(items) = &value.kind {
        for item in items {
            json_blocks(kind, labels, missing, said, item, body);
        }
        return;
    }
    if missing == 0 {
        let attributes = value.members().iter().map(|member| Attribute {
            name: member.key.to_string(),
            name_span: member.key_span,
            span: member.value.span,
            expr: Expr::Json(member.value.clone()),
        });
        body.blocks.push(Block {
            kind: kind.to_owned(),
            labels: labels.clone(),
            header: said,
            said,
            extent: value.span,
            body: Body { attributes: attributes.collect(), blocks: Vec::new() },
        });
        return;
    }
    for member in value.members() {
        labels.push(member.key.to_string());
        json_blocks(kind, labels, missing - 1, member.key_span, &member.value, body);
        labels.pop();
    }
}
