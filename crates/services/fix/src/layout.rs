//! Places in a YAML or JSON document, and edits of its mappings.

use documents::value::{Kind, Member, Value};
use finding::Edit;
use text::{Source, SourceId, Span};

use crate::node::Node;
use crate::spelling::Speller;
use crate::write::{Style, written};

/// A document that is edited.
pub(crate) struct Layout<'a> {
    source: &'a Source,
    id: SourceId,
    pub(crate) root: Value,
    /// What block style is written as.
    block: Style<'static>,
}

impl<'a> Layout<'a> {
    /// Parses the document again; `None` where it cannot be parsed without loss.
    pub(crate) fn new(source: &'a Source, id: SourceId, block: Style<'static>) -> Option<Self> {
        let parsed = documents::parse(source, id);
        let lost = parsed.problems.iter().any(|problem| problem.loss != text::Loss::Nothing);
        if lost {
            return None;
        }
        Some(Self { source, id, root: parsed.value?, block })
    }

    /// The member whose key stands at that place, with the mapping it is a member of.
    pub(crate) fn member_at(&self, said: Span) -> Option<(&Value, &Member)> {
        find(&self.root, said)
    }

    /// The text as written.
    pub(crate) fn slice(&self, span: Span) -> &'a str {
        self.source.slice(span)
    }

    /// The whole text.
    pub(crate) fn text(&self) -> &'a str {
        &self.source.text
    }

    /// Puts another value in the place of a member's.
    pub(crate) fn replace(
        &self,
        map: &Value,
        member: &Member,
        node: &Node,
        speller: &Speller<'_>,
    ) -> Result<Edit, String> {
        self.check(map, member)?;
        let mut replacement = self.member_text(map, member.key_span, &member.key, node, speller)?;
        let mut span =
            Span { end: member.value.span.end.max(member.key_span.end), ..member.key_span };
        let comment = self.comment_behind(member).or_else(|| {
            // Behind a value of one line it moves to the line of the key, if the new one is longer.
            let end = self.line_end(span.end as usize);
            let rest = self.text().get(span.end as usize..end)?.trim();
            let moves = rest.starts_with('#') && replacement.contains(":\n");
            moves.then(|| {
                span = Span::new(self.id, span.start as usize, end);
                rest
            })
        });
        if let Some(comment) = comment.filter(|_| !self.is_flow(map)) {
            replacement = replacement.replacen(":\n", &format!(": {comment}\n"), 1);
        }
        Ok(Edit { span, replacement })
    }

    /// The comment that ends the line of a key whose value begins below.
    fn comment_behind(&self, member: &Member) -> Option<&'a str> {
        let behind = Span { start: member.key_span.end, ..member.value.span };
        let (line, _) = self.slice(behind).split_once('\n')?;
        let comment = line.strip_prefix(':')?.trim();
        comment.starts_with('#').then_some(comment)
    }

    /// Puts another member in the place of one.
    pub(crate) fn replace_by(
        &self,
        map: &Value,
        member: &Member,
        key: &str,
        node: &Node,
        speller: &Speller<'_>,
    ) -> Result<Edit, String> {
        let edit = self.replace(map, member, node, speller)?;
        let new = edit.replacement.replacen(&*member.key, key, 1);
        Ok(Edit { replacement: new, ..edit })
    }

    /// Adds a member behind the last one.
    pub(crate) fn add(
        &self,
        map: &Value,
        key: &str,
        node: &Node,
        speller: &Speller<'_>,
    ) -> Result<Edit, String> {
        let own = map.members().iter().filter(|member| map.span.contains(&member.key_span));
        let Some(last) = own.max_by_key(|member| member.key_span.start) else {
            return Err("there is no member to write beside".to_owned());
        };
        self.check(map, last)?;
        self.add_behind(map, last, &[(key.to_owned(), node.clone())], speller)
    }

    /// Adds members right behind one.
    pub(crate) fn add_behind(
        &self,
        map: &Value,
        member: &Member,
        members: &[(String, Node)],
        speller: &Speller<'_>,
    ) -> Result<Edit, String> {
        self.check(map, member)?;
        let end = member.value.span.end.max(member.key_span.end) as usize;
        let indent = self.indent(member.key_span);
        let mut replacement = String::new();
        for (key, node) in members {
            let text = self.member_text(map, member.key_span, key, node, speller)?;
            match (self.is_flow(map), &indent) {
                (true, Some(indent)) => replacement.push_str(&format!(",\n{indent}{text}")),
                (true, None) => replacement.push_str(&format!(", {text}")),
                (false, Some(indent)) => replacement.push_str(&format!("\n{indent}{text}")),
                (false, None) => return Err("the mapping has no lines of its own".to_owned()),
            }
        }
        let at = if self.is_flow(map) { end } else { self.line_end(end) };
        Ok(Edit { span: Span::new(self.id, at, at), replacement })
    }

    /// Takes a member away with its line.
    pub(crate) fn remove(&self, map: &Value, member: &Member) -> Result<Edit, String> {
        self.check(map, member)?;
        let (start, end) = (member.key_span.start as usize, member.value.span.end as usize);
        let text = self.text();
        if self.is_flow(map) {
            // With the comma behind it, or before it where it is the last.
            let rest = text.get(end..).unwrap_or_default();
            let behind = rest.trim_start();
            if let Some(after) = behind.strip_prefix(',') {
                let skipped = rest.len() - after.trim_start().len();
                return Ok(Edit {
                    span: Span::new(self.id, start, end + skipped),
                    replacement: String::new(),
                });
            }
            let before = text.get(..start).unwrap_or_default().trim_end();
            let before = before.strip_suffix(',').unwrap_or(before);
            let span = Span::new(self.id, before.len(), end);
            return Ok(Edit { span, replacement: String::new() });
        }
        let Some(indent) = self.indent(member.key_span) else {
            return Err(format!("`{}` does not begin its line", member.key));
        };
        let end = self.line_end(end);
        let end = (end + 1).min(text.len());
        let span = Span::new(self.id, start - indent.len(), end);
        Ok(Edit { span, replacement: String::new() })
    }

    /// Takes an entry of a list away with its line.
    pub(crate) fn remove_item(&self, list: &Value, item: &Value) -> Result<Edit, String> {
        let text = self.text();
        let (start, end) = (item.span.start as usize, item.span.end as usize);
        let before = text.get(..start).unwrap_or_default();
        let span = if text.as_bytes().get(list.span.start as usize) == Some(&b'[') {
            let rest = text.get(end..).unwrap_or_default();
            match rest.trim_start().strip_prefix(',') {
                Some(after) => {
                    let skipped = rest.len() - after.trim_start().len();
                    Span::new(self.id, start, end + skipped)
                }
                None => {
                    let before = before.trim_end();
                    Span::new(self.id, before.strip_suffix(',').unwrap_or(before).len(), end)
                }
            }
        } else {
            let line = before.rfind('\n').map_or(0, |at| at + 1);
            let dash = before.get(line..).unwrap_or_default().trim();
            if dash != "-" {
                return Err("an entry of a list does not begin its line".to_owned());
            }
            Span::new(self.id, line, (self.line_end(end) + 1).min(text.len()))
        };
        Ok(Edit { span, replacement: String::new() })
    }

    /// The text of a member that stands where `at` begins.
    fn member_text(
        &self,
        map: &Value,
        at: Span,
        key: &str,
        node: &Node,
        speller: &Speller<'_>,
    ) -> Result<String, String> {
        let indent = self.indent(at);
        if self.is_flow(map) {
            let style = if indent.is_some() { Style::Json } else { Style::Flow };
            let value = written(node, style, indent.as_deref().unwrap_or_default(), speller)?;
            return Ok(format!("\"{key}\": {value}"));
        }
        // The first key of an entry of a list stands behind the dash.
        let column = self.column(at);
        let tree = Node::Map(vec![(key.to_owned(), node.clone())]);
        written(&tree, self.block, &" ".repeat(column), speller)
    }

    /// Refuses members that stand elsewhere, or that others refer to.
    fn check(&self, map: &Value, member: &Member) -> Result<(), String> {
        let behind = Span { start: member.key_span.end, ..member.value.span };
        if map.origin.is_some() || !map.span.contains(&member.key_span) {
            return Err(format!("`{}` comes from an anchor", member.key));
        }
        if member.value.origin.is_some() {
            return Err(format!("`{}` is an alias", member.key));
        }
        let anchored = self.slice(behind);
        let has_anchor = anchored.split_whitespace().any(|word| {
            word.strip_prefix('&')
                .is_some_and(|name| !name.is_empty() && self.text().contains(&format!("*{name}")))
        });
        match has_anchor {
            true => Err(format!("`{}` has an anchor that is used elsewhere", member.key)),
            false => Ok(()),
        }
    }

    /// Whether a mapping is written between braces.
    pub(crate) fn is_flow(&self, map: &Value) -> bool {
        self.text().as_bytes().get(map.span.start as usize) == Some(&b'{')
    }

    /// The white space in front of a token that begins its line.
    fn indent(&self, at: Span) -> Option<String> {
        let before = self.text().get(..at.start as usize)?;
        let line = before.get(before.rfind('\n').map_or(0, |at| at + 1)..)?;
        line.chars().all(|letter| letter == ' ' || letter == '\t').then(|| line.to_owned())
    }

    /// Characters in front of a token on its line.
    pub(crate) fn column(&self, at: Span) -> usize {
        self.source.position(at.start).column as usize - 1
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = self.text().get(from..).unwrap_or_default();
        let end = from + rest.find('\n').unwrap_or(rest.len());
        if self.text().as_bytes().get(end.wrapping_sub(1)) == Some(&b'\r') { end - 1 } else { end }
    }

    /// A value as it stands, to be written again where its key has the same column.
    pub(crate) fn kept(&self, value: &Value) -> Node {
        Node::Kept(self.slice(value.span).to_owned())
    }

    /// A value as it stands with its key, as a member of a mapping in block style whose keys have
    /// the same column.
    pub(crate) fn kept_member(&self, member: &Member) -> (String, Node) {
        let behind = Span { start: member.key_span.end, ..member.value.span };
        let text = self.slice(behind);
        let text = text.strip_prefix(':').unwrap_or(text);
        // A block stands on the lines behind the key.
        let is_block = matches!(member.value.kind, Kind::Map(_) | Kind::List(_));
        let kept = if is_block && text.trim_start_matches([' ', '\r']).starts_with('\n') {
            text.to_owned()
        } else {
            text.trim_start().to_owned()
        };
        (member.key.to_string(), Node::Kept(kept))
    }
}

fn find(value: &Value, said: Span) -> Option<(&Value, &Member)> {
    if let Some(member) = value.members().iter().find(|member| member.key_span == said) {
        return Some((value, member));
    }
    let inner = value.members().iter().map(|member| &member.value).chain(value.items());
    inner.into_iter().find_map(|inner| find(inner, said))
}
