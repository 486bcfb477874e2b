use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, StructureStyle, Tag};
use text::{PartialText, Problem, SourceId, Span};

use super::{NESTING_LIMIT, scalar};
use crate::Parsed;
use crate::value::{Kind, Member, Value};

/// Values that aliases may copy in one document: an alias bomb ends here.
const ALIASED_VALUES_LIMIT: usize = 100_000;

/// Parses YAML; on a fault of syntax the tree holds what stands before it.
pub(super) fn parse(text: &str, begin: usize, id: SourceId) -> Parsed {
    let (value, mut problems, fault) = attempt(text, begin, id);
    problems.extend(fault.map(Fault::into_problem));
    Parsed { value, problems }
}

/// Where and why a text is no YAML.
pub(super) struct Fault {
    pub(super) message: String,
    /// Offset in the text given to the parser.
    pub(super) offset: usize,
    span: Span,
}

impl Fault {
    pub(super) fn into_problem(self) -> Problem {
        Problem::incomplete(self.message, self.span.into())
    }

    /// A fault by which nothing was lost, in better words.
    pub(super) fn into_advice(self, message: &str) -> Problem {
        Problem::advice(message, self.span.into())
    }
}

/// Parses up to the first fault of syntax.
pub(super) fn attempt(
    text: &str,
    begin: usize,
    id: SourceId,
) -> (Option<Value>, Vec<Problem>, Option<Fault>) {
    let options = granit_parser::options! {
        emit_comments: false,
        emit_unresolved_aliases: true,
        flow_nesting_limit: 100_000,
        block_nesting_limit: 100_000,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut builder = Builder {
        text,
        begin,
        id,
        open: Vec::new(),
        root: None,
        documents: 0,
        too_deep: 0,
        anchors: HashMap::new(),
        aliased: 0,
        problems: Vec::new(),
    };
    let mut fault = None;
    while let Some(event) = parser.next_event() {
        match event {
            Ok((event, span)) => {
                if builder.take(event, span).is_break() {
                    break;
                }
            }
            Err(error) => {
                fault = Some(builder.fault(&error));
                break;
            }
        }
    }
    while !builder.open.is_empty() {
        builder.close();
    }
    (builder.root, builder.problems, fault)
}

struct Builder<'a> {
    text: &'a str,
    begin: usize,
    id: SourceId,
    open: Vec<Collection>,
    root: Option<Value>,
    documents: usize,
    /// Collections open beyond the nesting limit.
    too_deep: usize,
    anchors: HashMap<usize, Anchored>,
    aliased: usize,
    problems: Vec<Problem>,
}

/// A collection whose end was not yet met.
struct Collection {
    start: usize,
    end: usize,
    anchor: usize,
    tag: Option<Box<str>>,
    content: Content,
}

enum Content {
    List(Vec<Value>),
    Map { members: Vec<Member>, key: Option<(Box<str>, Span)>, placeholder: bool, merges: bool },
}

struct Anchored {
    value: Value,
    values: usize,
    depth: usize,
}

impl Builder<'_> {
    fn fault(&self, error: &ScanError) -> Fault {
        let offset = error.marker().byte_offset().unwrap_or(self.text.len()).min(self.text.len());
        let at = self.begin + offset;
        let width = self.text.get(offset..).and_then(|rest| rest.chars().next());
        let end = at + width.filter(|letter| !letter.is_control()).map_or(0, char::len_utf8);
        let info = error.info();
        let message = format!("this is not YAML: {}", info.trim_end_matches('.'));
        Fault { message, offset, span: Span::new(self.id, at, end) }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.id, self.begin + start, self.begin + end)
    }

    fn take(&mut self, event: Event<'_>, place: granit_parser::Span) -> std::ops::ControlFlow<()> {
        let range = place.byte_range().unwrap_or_default();
        let start = place.tag_start().and_then(|mark| mark.byte_offset()).unwrap_or(range.start);
        match event {
            Event::DocumentStart(..) => self.documents += 1,
            Event::Scalar(..)
            | Event::SequenceStart(..)
            | Event::MappingStart(..)
            | Event::Alias(_)
            | Event::UnresolvedAlias(_)
                if self.documents > 1 && self.open.is_empty() && self.root.is_some() =>
            {
                if !self.root.as_ref().is_some_and(Value::is_null) {
                    let is_scalar = matches!(&event, Event::Scalar(..));
                    if !is_scalar || !range.is_empty() {
                        let span = self.span(range.start, range.start);
                        let message = "only the first document of this file is read";
                        self.problems.push(Problem::incomplete(message, span.into()));
                    }
                    return std::ops::ControlFlow::Break(());
                }
                self.root = None;
                return self.take(event, place);
            }
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(text, style, anchor, tag, start, range);
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.start(start, anchor, tag, Content::List(Vec::new()));
            }
            Event::MappingStart(style, anchor, tag) => {
                let placeholder = style == StructureStyle::Flow;
                let content =
                    Content::Map { members: Vec::new(), key: None, placeholder, merges: false };
                self.start(start, anchor, tag, content);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if self.too_deep > 0 {
                    self.too_deep -= 1;
                } else {
                    // The end of a block is where the next token begins; only `]` and `}` have width.
                    if let Some(collection) = self.open.last_mut()
                        && range.end > range.start
                        && matches!(self.text.as_bytes().get(range.start), Some(b']' | b'}'))
                    {
                        collection.end = collection.end.max(range.end);
                    }
                    self.close();
                }
            }
            Event::Alias(anchor) => self.alias(anchor, range),
            Event::UnresolvedAlias(name) => {
                let span = self.span(range.start, range.end);
                let message = format!("there is no anchor `{name}`");
                self.problems.push(Problem::incomplete(message.clone(), span.into()));
                self.add(Value::new(Kind::Unknown(message), span), false);
            }
            _ => {}
        }
        std::ops::ControlFlow::Continue(())
    }

    fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<Cow<'_, Tag>>,
        start: usize,
        range: std::ops::Range<usize>,
    ) {
        if self.too_deep > 0 {
            return;
        }
        let core = tag.as_ref().and_then(|tag| tag.core_suffix().map(str::to_owned));
        let tag = tag.filter(|_| core.is_none()).map(|tag| tag.original().into_boxed_str());
        let is_plain = style == ScalarStyle::Plain;
        let is_typed = match core.as_deref() {
            Some("str") => false,
            Some(_) => true,
            None => is_plain && tag.is_none(),
        };
        let mut start = start;
        let mut end = range.end;
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) || is_plain {
            let written = self.text.get(range.start..range.end).unwrap_or_default();
            end = range.start + written.trim_end().len();
        }
        if text.is_empty() && is_plain && tag.is_none() && core.is_none() {
            // A missing value lies behind its key, not where the next token begins.
            if let Some(Collection { content: Content::Map { key: Some((_, key)), .. }, .. }) =
                self.open.last()
            {
                start = (key.end as usize).saturating_sub(self.begin);
                end = start;
            }
        }
        let span = self.span(start, end.max(start));
        // A key is kept as written, whatever type it would have.
        if self.expects_key() {
            let merges = is_plain && text == "<<";
            self.key(text.into(), span, merges);
            return;
        }
        let kind = if is_typed {
            scalar::plain(&text)
        } else {
            Kind::Text(PartialText::known(text.into_owned()))
        };
        let mut value = Value::new(kind, span);
        value.tag = tag;
        self.keep(anchor, &value);
        self.add(value, false);
    }

    fn start(&mut self, start: usize, anchor: usize, tag: Option<Cow<'_, Tag>>, content: Content) {
        if self.too_deep > 0 || self.open.len() >= NESTING_LIMIT {
            if self.too_deep == 0 {
                let message = format!("this is nested more than {NESTING_LIMIT} levels deep");
                let span = self.span(start, start);
                self.problems.push(Problem::incomplete(message.clone(), span.into()));
                self.add(Value::new(Kind::Unknown(message), span), false);
            }
            self.too_deep += 1;
            return;
        }
        let tag = tag.filter(|tag| tag.core_suffix().is_none());
        let tag = tag.map(|tag| tag.original().into_boxed_str());
        self.open.push(Collection { start, end: start, anchor, tag, content });
    }

    fn close(&mut self) {
        let Some(collection) = self.open.pop() else { return };
        let span = self.span(collection.start, collection.end);
        let kind = match collection.content {
            Content::List(items) => Kind::List(items),
            Content::Map { mut members, key, placeholder, merges } => {
                if let Some((key, key_span)) = key {
                    let value = Value::new(Kind::Null, self.span_behind(key_span));
                    members.push(Member { key, key_span, value });
                }
                if placeholder && is_placeholder(&members) {
                    let written = self.text.get(collection.start..collection.end);
                    Kind::Unknown(format!(
                        "`{}` is filled in before deployment",
                        written.unwrap_or_default()
                    ))
                } else {
                    if merges {
                        members = merged(members, &mut self.problems);
                    }
                    Kind::Map(unique_members(members, &mut self.problems))
                }
            }
        };
        let mut value = Value::new(kind, span);
        value.tag = collection.tag;
        self.keep(collection.anchor, &value);
        self.add(value, true);
    }

    fn span_behind(&self, span: Span) -> Span {
        Span { start: span.end, ..span }
    }

    fn keep(&mut self, anchor: usize, value: &Value) {
        if anchor != 0 {
            let (values, depth) = extent(value);
            self.anchors.insert(anchor, Anchored { value: value.clone(), values, depth });
        }
    }

    fn alias(&mut self, anchor: usize, range: std::ops::Range<usize>) {
        if self.too_deep > 0 {
            return;
        }
        let span = self.span(range.start, range.end);
        let refused = match self.anchors.get(&anchor) {
            Some(anchored) => {
                let total = self.aliased + anchored.values;
                if total <= ALIASED_VALUES_LIMIT
                    && self.open.len() + anchored.depth <= NESTING_LIMIT
                {
                    self.aliased = total;
                    let mut value = anchored.value.clone();
                    value.origin = Some(value.span);
                    if !matches!(value.kind, Kind::Map(_) | Kind::List(_)) {
                        value.span = span;
                    }
                    self.add_spanning(value, range.end);
                    return;
                }
                "the aliases of this document copy too much to be read"
            }
            None => "this alias lies inside its own anchor",
        };
        // Said once: a bomb has thousands.
        if !self.problems.iter().any(|problem| problem.message == refused) {
            self.problems.push(Problem::incomplete(refused, span.into()));
        }
        self.add_spanning(Value::new(Kind::Unknown(refused.to_owned()), span), range.end);
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Collection { content: Content::Map { key: None, .. }, .. }))
    }

    fn key(&mut self, text: Box<str>, span: Span, is_merge: bool) {
        if let Some(Collection { content: Content::Map { key, merges, .. }, end, .. }) =
            self.open.last_mut()
        {
            *merges |= is_merge;
            *end = (*end).max((span.end as usize).saturating_sub(self.begin));
            *key = Some((text, span));
        }
    }

    /// Adds a value where the innermost open collection expects one.
    fn add(&mut self, value: Value, is_collection: bool) {
        let end = (value.span.end as usize).saturating_sub(self.begin);
        if is_collection && self.expects_key() {
            // A collection as key: its text names it.
            let text = self.text.get((value.span.start as usize).saturating_sub(self.begin)..end);
            let text = text.unwrap_or_default().into();
            self.key(text, value.span, false);
            return;
        }
        self.add_spanning(value, end);
    }

    fn add_spanning(&mut self, value: Value, end: usize) {
        if self.expects_key() {
            let text = value.scalar_text().map(|text| text.to_string()).unwrap_or_default();
            self.key(text.into(), value.span, false);
            return;
        }
        let Some(collection) = self.open.last_mut() else {
            self.root = Some(value);
            return;
        };
        collection.end = collection.end.max(end);
        match &mut collection.content {
            Content::List(items) => items.push(value),
            Content::Map { members, key, .. } => {
                if let Some((key, key_span)) = key.take() {
                    members.push(Member { key, key_span, value });
                }
            }
        }
    }
}

/// `{{ name }}` of a template language parses as a mapping with a mapping as key.
fn is_placeholder(members: &[Member]) -> bool {
    matches!(members, [member] if member.key.starts_with('{') && member.value.is_null())
}

/// Number of values in a tree, and its depth.
fn extent(value: &Value) -> (usize, usize) {
    let (mut values, mut depth) = (1, 1);
    let mut add = |child: &Value| {
        let (child_values, child_depth) = extent(child);
        values += child_values;
        depth = depth.max(child_depth + 1);
    };
    value.items().iter().for_each(&mut add);
    value.members().iter().for_each(|member| add(&member.value));
    (values, depth)
}

/// Resolves merge keys: their members stand in for keys that the mapping does not have itself.
fn merged(members: Vec<Member>, problems: &mut Vec<Problem>) -> Vec<Member> {
    let (merges, mut own): (Vec<Member>, Vec<Member>) =
        members.into_iter().partition(|member| &*member.key == "<<");
    for merge in merges {
        let sources = match merge.value.kind {
            Kind::List(items) => items,
            _ => vec![merge.value],
        };
        for source in sources {
            match source.kind {
                Kind::Map(members) => {
                    let names: std::collections::HashSet<Box<str>> =
                        own.iter().map(|member| member.key.clone()).collect();
                    own.extend(members.into_iter().filter(|member| !names.contains(&member.key)));
                }
                Kind::Null | Kind::Unknown(_) => {}
                _ => {
                    let message = "`<<` merges mappings only";
                    problems.push(Problem::incomplete(message, source.span.into()));
                }
            }
        }
    }
    own
}

/// Keeps the last of members with equal keys and reports the others.
pub(super) fn unique_members(members: Vec<Member>, problems: &mut Vec<Problem>) -> Vec<Member> {
    let has_duplicate = if members.len() <= 12 {
        members.iter().enumerate().any(|(index, member)| {
            members.iter().take(index).any(|before| before.key == member.key)
        })
    } else {
        let keys: std::collections::HashSet<&str> =
            members.iter().map(|member| &*member.key).collect();
        keys.len() < members.len()
    };
    if !has_duplicate {
        return members;
    }
    let mut kept: Vec<Member> = Vec::new();
    let mut places: HashMap<Box<str>, usize> = HashMap::new();
    for member in members {
        match places.get(&member.key) {
            Some(place) => {
                let message = format!("the key `{}` is given twice; the last wins", member.key);
                problems.push(Problem::advice(message, member.key_span.into()));
                if let Some(before) = kept.get_mut(*place) {
                    *before = member;
                }
            }
            None => {
                places.insert(member.key.clone(), kept.len());
                kept.push(member);
            }
        }
    }
    kept
}
