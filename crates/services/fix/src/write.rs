//! Trees written as YAML, JSON and HCL.

use crate::node::Node;
use crate::spelling::{Hcl, Spelled, Speller, TerraformData};

/// How a tree is written.
#[derive(Clone, Copy)]
pub(crate) enum Style<'a> {
    /// Block style, short tags: CloudFormation and SAM.
    Yaml,
    /// Block style as the Serverless Framework takes it.
    ServerlessYaml,
    /// JSON over several lines.
    Json,
    /// JSON on one line: within YAML's flow style too.
    Flow,
    /// HCL, as arguments of `jsonencode`.
    Hcl(&'a TerraformData),
}

/// Writes a tree whose first line stands at `indent` already. What is nested is indented further.
pub(crate) fn written(
    node: &Node,
    style: Style<'_>,
    indent: &str,
    speller: &Speller<'_>,
) -> Result<String, String> {
    let mut text = String::new();
    let mut writer = Writer { style, speller, text: &mut text };
    match style {
        Style::Yaml | Style::ServerlessYaml => writer.yaml(node, indent, Place::Line)?,
        Style::Json => writer.json(node, Some(indent))?,
        Style::Flow => writer.json(node, None)?,
        Style::Hcl(data) => writer.hcl(node, indent, data)?,
    }
    Ok(text)
}

struct Writer<'a, 'b> {
    style: Style<'a>,
    speller: &'a Speller<'a>,
    text: &'b mut String,
}

/// Where a block of YAML begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// At the beginning of a line that is indented already.
    Line,
    /// Behind `key:`.
    Key,
}

impl Writer<'_, '_> {
    fn yaml(&mut self, node: &Node, indent: &str, place: Place) -> Result<(), String> {
        match node {
            Node::Text(text) => {
                let spelled = match self.style {
                    Style::ServerlessYaml => self.speller.serverless(text)?,
                    _ => self.speller.cloudformation(text)?,
                };
                self.space(place);
                self.text.push_str(&yaml_scalar(&spelled));
            }
            Node::Kept(kept) => {
                if !kept.starts_with(['\n', '\r']) {
                    self.space(place);
                }
                self.text.push_str(kept);
            }
            Node::List(items) if items.is_empty() => {
                self.space(place);
                self.text.push_str("[]");
            }
            Node::Map(members) if members.is_empty() => {
                self.space(place);
                self.text.push_str("{}");
            }
            Node::List(items) => {
                let inner = format!("{indent}  ");
                for (index, item) in items.iter().enumerate() {
                    if index > 0 || place == Place::Key {
                        self.text.push_str(&format!("\n{indent}"));
                    }
                    self.text.push_str("- ");
                    self.yaml(item, &inner, Place::Line)?;
                }
            }
            Node::Map(members) => {
                for (index, (key, value)) in members.iter().enumerate() {
                    if index > 0 || place == Place::Key {
                        self.text.push_str(&format!("\n{indent}"));
                    }
                    self.text.push_str(&yaml_plain(key));
                    self.text.push(':');
                    self.yaml(value, &format!("{indent}  "), Place::Key)?;
                }
            }
        }
        Ok(())
    }

    fn space(&mut self, place: Place) {
        if place == Place::Key {
            self.text.push(' ');
        }
    }

    fn json(&mut self, node: &Node, indent: Option<&str>) -> Result<(), String> {
        match node {
            Node::Text(text) => {
                let spelled = self.speller.cloudformation(text)?;
                self.text.push_str(&json_scalar(&spelled));
                Ok(())
            }
            Node::Kept(kept) => {
                self.text.push_str(kept);
                Ok(())
            }
            Node::List(items) => {
                let items = items.iter().map(|item| (None, item));
                self.json_items(('[', ']'), items.collect(), indent)
            }
            Node::Map(members) => {
                let members = members.iter().map(|(key, value)| (Some(key.as_str()), value));
                self.json_items(('{', '}'), members.collect(), indent)
            }
        }
    }

    fn json_items(
        &mut self,
        (open, close): (char, char),
        items: Vec<(Option<&str>, &Node)>,
        indent: Option<&str>,
    ) -> Result<(), String> {
        self.text.push(open);
        let inner = indent.map(|indent| format!("{indent}  "));
        for (index, (key, value)) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            match &inner {
                Some(inner) => self.text.push_str(&format!("\n{inner}")),
                None if index > 0 => self.text.push(' '),
                None => {}
            }
            if let Some(key) = key {
                self.text.push_str(&format!("{}: ", quoted(key)));
            }
            self.json(value, inner.as_deref())?;
        }
        if let Some(indent) = indent.filter(|_| !items.is_empty()) {
            self.text.push_str(&format!("\n{indent}"));
        }
        self.text.push(close);
        Ok(())
    }

    fn hcl(&mut self, node: &Node, indent: &str, data: &TerraformData) -> Result<(), String> {
        let inner = format!("{indent}  ");
        match node {
            Node::Text(text) => match self.speller.terraform(text, data)? {
                Hcl::Template(template) => self.text.push_str(&format!("\"{template}\"")),
                Hcl::Expression(expression) => self.text.push_str(&expression),
            },
            Node::Kept(kept) => self.text.push_str(kept),
            Node::List(items) if matches!(items.as_slice(), [Node::Text(_)]) => {
                self.text.push('[');
                for item in items {
                    self.hcl(item, &inner, data)?;
                }
                self.text.push(']');
            }
            Node::List(items) => {
                self.text.push('[');
                for item in items {
                    self.text.push_str(&format!("\n{inner}"));
                    self.hcl(item, &inner, data)?;
                    self.text.push(',');
                }
                if !items.is_empty() {
                    self.text.push_str(&format!("\n{indent}"));
                }
                self.text.push(']');
            }
            Node::Map(members) => {
                self.text.push('{');
                // As `terraform fmt` aligns them: neighbours that take one line each.
                let widths = aligned(members);
                for ((key, value), width) in members.iter().zip(widths) {
                    let key = hcl_key(key);
                    self.text.push_str(&format!("\n{inner}{key:width$} = "));
                    self.hcl(value, &inner, data)?;
                }
                self.text.push_str(&format!("\n{indent}}}"));
            }
        }
        Ok(())
    }
}

/// The width of each key: that of the longest among its neighbours that take one line.
fn aligned(members: &[(String, Node)]) -> Vec<usize> {
    let is_line = |node: &Node| matches!(node, Node::Text(_) | Node::Kept(_));
    let mut widths = vec![0; members.len()];
    let mut begin = 0;
    while begin < members.len() {
        let run = members.iter().skip(begin).take_while(|(_, value)| is_line(value)).count();
        let end = begin + run.max(1);
        let group = || members.iter().skip(begin).take(end - begin);
        let width = group().map(|(key, _)| hcl_key(key).len()).max().unwrap_or_default();
        widths.iter_mut().skip(begin).take(end - begin).for_each(|own| *own = width);
        begin = end;
    }
    widths
}

fn hcl_key(key: &str) -> String {
    let is_word = key.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    if is_word { key.to_owned() } else { quoted(key) }
}

fn yaml_scalar(spelled: &Spelled) -> String {
    match spelled {
        Spelled::Literal(literal) => yaml_plain(literal),
        Spelled::Ref(id) => format!("!Ref {id}"),
        Spelled::Attribute(id, attribute) => format!("!GetAtt {id}.{attribute}"),
        Spelled::Sub(text) => format!("!Sub {}", yaml_plain(text)),
        Spelled::Join(_) => format!("{{ {} }}", json_scalar(spelled).trim_matches(['{', '}'])),
    }
}

fn json_scalar(spelled: &Spelled) -> String {
    match spelled {
        Spelled::Literal(literal) => quoted(literal),
        Spelled::Ref(id) => format!("{{\"Ref\": {}}}", quoted(id)),
        Spelled::Attribute(id, attribute) => {
            format!("{{\"Fn::GetAtt\": [{}, {}]}}", quoted(id), quoted(attribute))
        }
        Spelled::Sub(text) => format!("{{\"Fn::Sub\": {}}}", quoted(text)),
        Spelled::Join(pieces) => {
            let pieces: Vec<String> = pieces.iter().map(json_scalar).collect();
            format!("{{\"Fn::Join\": [\"\", [{}]]}}", pieces.join(", "))
        }
    }
}

/// A text in YAML, in quotes where it would else be something other than this text.
fn yaml_plain(text: &str) -> String {
    let is_safe = |letter: char| letter.is_ascii_alphanumeric() || "_-./:${}".contains(letter);
    let begins = text.chars().next().is_some_and(|first| first.is_ascii_alphabetic());
    let is_word = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        .contains(&text.to_ascii_lowercase().as_str());
    let plain =
        begins && text.chars().all(|letter| is_safe(letter) || letter == '*' || letter == '?');
    if plain && !is_word && !text.ends_with(':') { text.to_owned() } else { quoted(text) }
}

pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
