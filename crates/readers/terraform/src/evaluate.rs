//! Expressions over values that may be unknown, conditional, or known only at deployment.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use app_graph::NotRead;
use hcl_edit::Span as _;
use hcl_edit::expr::{
    Expression, ForExpr, Object, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl_edit::template::Template;
use text::{EntityId, Part, PartialText, Problem, Source, SourceId, Span};

use super::configuration::{Configuration, Mode};
use super::functions;
use super::json_text::Piece;
use super::mapping;
use super::module::{Instance, Module};
use super::operators::binary;
use super::syntax::{Attribute, Expr};
use super::values::{self, error, is_error};
use documents::value::{Alternative, Kind, Member, Value};
use documents::{Files, Options};

/// Deepest evaluation; deeper is a cycle or an attack.
const DEEPEST: usize = 160;
/// Most steps for one application.
const MOST_STEPS: usize = 2_000_000;

/// The source id of configurations that are part of the program.
pub(super) const BUILT_IN: SourceId = SourceId(u32::MAX);

/// A text where it is written, and its pieces.
type Places = HashMap<(Span, PartialText), Rc<Vec<Piece>>>;

/// A template file as parsed once, or why it could not be.
pub(super) type ParsedTemplate = Result<(Rc<Template>, SourceId), String>;

/// What one application is evaluated with.
pub(super) struct Evaluator<'a> {
    pub(super) files: &'a Files,
    pub(super) options: &'a Options,
    pub(super) problems: RefCell<Vec<Problem>>,
    pub(super) not_read: RefCell<Vec<NotRead>>,
    pub(super) files_read: RefCell<BTreeSet<String>>,
    pub(super) configurations: RefCell<HashMap<String, Option<Rc<Configuration>>>>,
    /// Places of root variables' defaults: what rests on them may be decided otherwise.
    pub(super) open: RefCell<HashSet<Span>>,
    /// Conditions taken to hold just now: "`var.x` is true".
    pub(super) assumed: RefCell<Vec<String>>,
    /// Where the pieces of longer texts are written.
    pub(super) pieces: RefCell<Places>,
    pub(super) templates: RefCell<HashMap<String, ParsedTemplate>>,
    /// What the archives read so far are made of, by the path that each is written to.
    pub(super) archives: RefCell<HashMap<String, Value>>,
    /// Instances that references were made to.
    pub(super) instances: RefCell<HashMap<EntityId, Rc<Instance>>>,
    pub(super) running: RefCell<HashSet<(EntityId, String)>>,
    sources: RefCell<HashMap<SourceId, Arc<Source>>>,
    depth: Cell<usize>,
    steps: Cell<usize>,
}

/// Where names are looked up.
#[derive(Clone)]
pub(super) struct Scope {
    pub(super) module: Rc<Module>,
    pub(super) bindings: Option<Rc<Binding>>,
    /// The source that spans of expressions speak of.
    pub(super) source: SourceId,
    /// Bytes before the parsed text in that source.
    pub(super) shift: usize,
}

/// A name bound by `for`, `each`, `count`, a dynamic block or `templatefile`.
pub(super) struct Binding {
    pub(super) name: String,
    pub(super) value: Value,
    pub(super) next: Option<Rc<Binding>>,
}

impl Scope {
    /// The module's own scope.
    pub(super) fn of(module: &Rc<Module>, source: SourceId) -> Self {
        Self { module: module.clone(), bindings: None, source, shift: 0 }
    }

    /// This scope with one more name.
    pub(super) fn with(&self, name: &str, value: Value) -> Self {
        let next = self.bindings.clone();
        let binding = Binding { name: name.to_owned(), value, next };
        Self { bindings: Some(Rc::new(binding)), ..self.clone() }
    }

    fn bound(&self, name: &str) -> Option<&Value> {
        let mut binding = self.bindings.as_deref();
        while let Some(current) = binding {
            if current.name == name {
                return Some(&current.value);
            }
            binding = current.next.as_deref();
        }
        None
    }

    pub(super) fn span(&self, range: Option<std::ops::Range<usize>>) -> Span {
        match range {
            Some(range) => Span::new(self.source, range.start + self.shift, range.end + self.shift),
            None => Span::file(self.source),
        }
    }
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(files: &'a Files, options: &'a Options) -> Self {
        Self {
            files,
            options,
            problems: RefCell::default(),
            not_read: RefCell::default(),
            files_read: RefCell::default(),
            configurations: RefCell::default(),
            open: RefCell::default(),
            assumed: RefCell::default(),
            pieces: RefCell::default(),
            templates: RefCell::default(),
            archives: RefCell::default(),
            instances: RefCell::default(),
            running: RefCell::default(),
            sources: RefCell::default(),
            depth: Cell::new(0),
            steps: Cell::new(0),
        }
    }

    /// The source of that id, if it was read.
    pub(super) fn source(&self, id: SourceId) -> Option<Arc<Source>> {
        if let Some(source) = self.sources.borrow().get(&id) {
            return Some(source.clone());
        }
        let source = self.files.sources().get(id).cloned()?;
        self.sources.borrow_mut().insert(id, source.clone());
        Some(source)
    }

    fn written(&self, span: Span) -> String {
        let source = self.source(span.source);
        let text = source
            .as_ref()
            .and_then(|source| source.text.get(span.start as usize..span.end as usize))
            .unwrap_or("condition");
        let words: Vec<&str> = text.split_whitespace().collect();
        words.join(" ")
    }

    /// Evaluates an attribute's expression.
    pub(super) fn attribute(&self, attribute: &Attribute, scope: &Scope) -> Value {
        match &attribute.expr {
            Expr::Hcl(expression) => {
                // The byte order mark is the only text in front of a parsed one.
                let shift = expression
                    .span()
                    .map_or(0, |range| (attribute.span.start as usize).saturating_sub(range.start));
                let scope = Scope { source: attribute.span.source, shift, ..scope.clone() };
                self.expression(expression, &scope)
            }
            Expr::Json(value) => self.json_value(value, scope),
        }
    }

    /// Evaluates a JSON value: its texts are templates.
    fn json_value(&self, value: &Value, scope: &Scope) -> Value {
        let kind = match &value.kind {
            Kind::List(items) => {
                Kind::List(items.iter().map(|item| self.json_value(item, scope)).collect())
            }
            Kind::Map(members) => Kind::Map(
                members
                    .iter()
                    .map(|member| Member {
                        value: self.json_value(&member.value, scope),
                        ..member.clone()
                    })
                    .collect(),
            ),
            Kind::Text(text) => match text.literal() {
                Some(literal) if literal.contains("${") || literal.contains("%{") => {
                    let Ok(template) = hcl_edit::parser::parse_template(literal) else {
                        return Value::unknown("the template is not valid", value.span);
                    };
                    // Spans within the text are not those of the file; take the whole text's.
                    let inner = self.template(
                        &template,
                        value.span,
                        scope,
                        super::template::Unwrap::Single,
                    );
                    return Value { span: value.span, ..inner };
                }
                _ => return value.clone(),
            },
            _ => return value.clone(),
        };
        Value { kind, ..value.clone() }
    }

    /// Counts the cost of copying a value; an answer in its place where the budget is spent, so
    /// that doubling again and again ends.
    pub(super) fn charged(&self, value: Value, span: Span) -> Value {
        self.steps.set(self.steps.get().saturating_add(values::size(&value)));
        match self.steps.get() > MOST_STEPS {
            true => self.lost("the configuration takes too long to evaluate", span),
            false => value,
        }
    }

    /// Evaluates an expression.
    pub(super) fn expression(&self, expression: &Expression, scope: &Scope) -> Value {
        let span = scope.span(expression.span());
        self.steps.set(self.steps.get() + 1);
        if self.steps.get() > MOST_STEPS {
            return self.lost("the configuration takes too long to evaluate", span);
        }
        if self.depth.get() >= DEEPEST {
            return self.lost("the configuration is nested too deeply, or in a circle", span);
        }
        self.depth.set(self.depth.get() + 1);
        let value = self.undepthed(expression, span, scope);
        self.depth.set(self.depth.get() - 1);
        value
    }

    fn undepthed(&self, expression: &Expression, span: Span, scope: &Scope) -> Value {
        match expression {
            Expression::Null(_) => Value::new(Kind::Null, span),
            Expression::Bool(value) => values::boolean(*value.value(), span),
            Expression::Number(number) => {
                Value::new(Kind::Number(number.value().to_string().into()), span)
            }
            Expression::String(string) => {
                let text = string.value();
                if text.starts_with(['{', '[']) {
                    self.remember_quoted(text, span);
                }
                Value::text(text.clone(), span)
            }
            Expression::Array(array) => {
                let items = array.iter().map(|item| self.expression(item, scope));
                Value::new(Kind::List(items.collect()), span)
            }
            Expression::Object(object) => self.object(object, span, scope),
            Expression::StringTemplate(template) => {
                self.template(template, span, scope, super::template::Unwrap::Single)
            }
            Expression::HeredocTemplate(heredoc) => {
                self.template(&heredoc.template, span, scope, super::template::Unwrap::Never)
            }
            Expression::Parenthesis(parenthesis) => self.expression(parenthesis.inner(), scope),
            Expression::Variable(name) => match scope.bound(name.as_str()) {
                Some(value) => self.charged(Value { span, ..value.clone() }, span),
                None => error(format!("there is no `{}` here", name.as_str()), span),
            },
            Expression::Conditional(conditional) => self.conditional(
                &conditional.cond_expr,
                span,
                scope,
                &mut |outcome| match outcome {
                    true => self.expression(&conditional.true_expr, scope),
                    false => self.expression(&conditional.false_expr, scope),
                },
            ),
            Expression::FuncCall(call) => functions::call(self, call, span, scope),
            Expression::Traversal(traversal) => self.traversal(traversal, span, scope),
            Expression::UnaryOp(unary) => {
                let operand = self.expression(&unary.expr, scope);
                values::distribute(&[operand], span, &mut |operands| {
                    let [operand] = operands else { return error("no operand", span) };
                    match *unary.operator.value() {
                        UnaryOperator::Not => match values::as_bool(operand) {
                            Some(value) => values::boolean(!value, span),
                            None => Value::unknown(values::why(operand), span),
                        },
                        UnaryOperator::Neg => match values::as_number(operand) {
                            Some(value) => values::number(-value, span),
                            None => Value::unknown(values::why(operand), span),
                        },
                    }
                })
            }
            Expression::BinaryOp(operation) => {
                let left = self.expression(&operation.lhs_expr, scope);
                let operator = *operation.operator.value();
                // What is decided by the left side leaves the right one alone, as `try` would.
                let right = self.expression(&operation.rhs_expr, scope);
                values::distribute(&[left, right], span, &mut |operands| match operands {
                    [left, right] => binary(left, operator, right, span),
                    _ => error("no operands", span),
                })
            }
            Expression::ForExpr(for_expr) => self.for_expression(for_expr, span, scope),
        }
    }

    /// Judges a condition and gives the outcome, or both under their conditions.
    pub(super) fn conditional(
        &self,
        condition: &Expression,
        span: Span,
        scope: &Scope,
        outcome: &mut dyn FnMut(bool) -> Value,
    ) -> Value {
        let value = self.expression(condition, scope);
        let condition_span = scope.span(condition.span());
        let open = value.origin.is_some_and(|origin| {
            self.open.borrow().iter().any(|default| default.contains(&origin))
        });
        match &value.kind {
            _ if is_error(&value) => value,
            Kind::Branches(alternatives) => {
                let mut results = Vec::new();
                for alternative in alternatives {
                    let value = match values::as_bool(&alternative.value) {
                        Some(decided) => self.assuming(&alternative.condition, || outcome(decided)),
                        None => self.both(&alternative.condition, condition_span, span, outcome),
                    };
                    let condition = alternative.condition.clone();
                    results.push(Alternative { condition, value });
                }
                values::branches(results, span)
            }
            _ => match values::as_bool(&value) {
                Some(decided) if !open => outcome(decided),
                Some(_) | None => self.both("", condition_span, span, outcome),
            },
        }
    }

    fn both(
        &self,
        given: &str,
        condition: Span,
        span: Span,
        outcome: &mut dyn FnMut(bool) -> Value,
    ) -> Value {
        let written = self.written(condition);
        let (written, flipped) = match written.strip_prefix('!') {
            Some(inner) if !inner.contains(['&', '|', '=', '<', '>', '?']) => {
                (inner.trim().to_owned(), true)
            }
            _ => (written, false),
        };
        let mut results = Vec::new();
        for decided in [true, false] {
            let word = if decided != flipped { "true" } else { "false" };
            let other = if decided != flipped { "false" } else { "true" };
            if self.assumed.borrow().contains(&format!("`{written}` is {other}")) {
                continue;
            }
            let label = format!("`{written}` is {word}");
            let value = self.assuming(given, || self.assuming(&label, || outcome(decided)));
            results.push(Alternative { condition: label.into(), value });
        }
        match results.as_slice() {
            [only] => only.value.clone(),
            _ => values::branches(results, span),
        }
    }

    /// Evaluates while taking the condition to hold.
    pub(super) fn assuming<T>(&self, condition: &str, evaluate: impl FnOnce() -> T) -> T {
        let before = self.assumed.borrow().len();
        let atoms = condition.split(" and ").filter(|atom| !atom.is_empty());
        self.assumed.borrow_mut().extend(atoms.map(str::to_owned));
        let value = evaluate();
        self.assumed.borrow_mut().truncate(before);
        value
    }

    /// Evaluates what is kept for later, free of what is assumed now.
    pub(super) fn without_assumptions<T>(&self, evaluate: impl FnOnce() -> T) -> T {
        let kept = std::mem::take(&mut *self.assumed.borrow_mut());
        let value = evaluate();
        *self.assumed.borrow_mut() = kept;
        value
    }

    fn object(&self, object: &Object, span: Span, scope: &Scope) -> Value {
        let mut members: Vec<Member> = Vec::with_capacity(object.len());
        for (key, value) in object.iter() {
            let (key_span, name) = match key {
                ObjectKey::Ident(ident) => {
                    (scope.span(ident.span()), Some(ident.as_str().to_owned()))
                }
                ObjectKey::Expression(expression) => {
                    let key_span = scope.span(expression.span());
                    // A bare name as a key is its own text.
                    let name = match expression {
                        Expression::Variable(name) => Some(name.as_str().to_owned()),
                        _ => values::as_text(&self.expression(expression, scope))
                            .map(|text| text.to_string()),
                    };
                    (key_span, name)
                }
            };
            let value = self.expression(value.expr(), scope);
            let name = name.unwrap_or_else(|| "${?}".to_owned());
            put(&mut members, name, key_span, value);
        }
        Value::new(Kind::Map(members), span)
    }

    fn for_expression(&self, for_expr: &ForExpr, span: Span, scope: &Scope) -> Value {
        let collection = self.expression(&for_expr.intro.collection_expr, scope);
        values::distribute(&[collection], span, &mut |arguments| {
            let [collection] = arguments else { return error("no collection", span) };
            let Some(elements) = elements(collection) else {
                return match &collection.kind {
                    Kind::Unknown(_) => Value { span, ..collection.clone() },
                    _ => Value::unknown(values::why(collection), span),
                };
            };
            let mut items = Vec::new();
            let mut members: Vec<Member> = Vec::new();
            for (key, value) in elements {
                let mut scope = scope.with(for_expr.intro.value_var.as_str(), value);
                if let Some(key_var) = &for_expr.intro.key_var {
                    scope = scope.with(key_var.as_str(), key);
                }
                if let Some(condition) = &for_expr.cond {
                    let kept = self.expression(&condition.expr, &scope);
                    // An undecided condition keeps the element: rather too much than too little.
                    if values::as_bool(&kept) == Some(false) {
                        continue;
                    }
                }
                let item = self.expression(&for_expr.value_expr, &scope);
                match &for_expr.key_expr {
                    None => items.push(item),
                    Some(key) => {
                        let key_span = scope.span(key.span());
                        let name = values::as_text(&self.expression(key, &scope))
                            .map_or_else(|| "${?}".to_owned(), |text| text.to_string());
                        if !for_expr.grouping {
                            put(&mut members, name, key_span, item);
                            continue;
                        }
                        let known = members.iter_mut().find(|member| *member.key == *name);
                        match known.map(|member| &mut member.value.kind) {
                            Some(Kind::List(list)) => list.push(item),
                            _ => put(&mut members, name, key_span, Value::list([item], span)),
                        }
                    }
                }
            }
            let kind = match for_expr.key_expr {
                None => Kind::List(items),
                Some(_) => Kind::Map(members),
            };
            Value {
                tag: collection.tag.clone().filter(|tag| **tag == *values::REPRESENTATIVE),
                ..Value::new(kind, span)
            }
        })
    }

    fn traversal(&self, traversal: &Traversal, span: Span, scope: &Scope) -> Value {
        if !self.assumed.borrow().is_empty() {
            let written = self.written(span);
            for decided in [true, false] {
                if self.assumed.borrow().contains(&format!("`{written}` is {decided}")) {
                    return values::boolean(decided, span);
                }
            }
        }
        let names: Vec<&str> = traversal
            .operators
            .iter()
            .map_while(|operator| match operator.value() {
                TraversalOperator::GetAttr(name) => Some(name.as_str()),
                _ => None,
            })
            .collect();
        let (value, used) = match &traversal.expr {
            Expression::Variable(root) => match scope.bound(root.as_str()) {
                Some(value) => (self.charged(Value { span, ..value.clone() }, span), 0),
                None => self.named(root.as_str(), &names, span, scope),
            },
            other => (self.expression(other, scope), 0),
        };
        let operators: Vec<&TraversalOperator> =
            traversal.operators.iter().skip(used).map(|operator| operator.value()).collect();
        let value = self.steps(value, &operators, span, scope);
        if value.span.source == BUILT_IN || span.source != BUILT_IN {
            let elsewhere = (value.span != span).then_some(value.span);
            return Value { origin: value.origin.or(elsewhere), span, ..value };
        }
        // A built-in module only hands on what its caller wrote, with the caller's places.
        value
    }

    /// What a name that no binding has stands for, and how many of the attributes it took.
    fn named(&self, root: &str, names: &[&str], span: Span, scope: &Scope) -> (Value, usize) {
        let module = &scope.module;
        match (root, names) {
            ("var", [name, ..]) => (self.variable(module, name, span), 1),
            ("local", [name, ..]) => (self.local(module, name, span), 1),
            ("path", [name, ..]) => {
                let folder = match *name {
                    "module" => module.configuration.folder.clone(),
                    _ => self.root_folder(module),
                };
                let folder = if folder.is_empty() { "." } else { folder.as_str() };
                let text = format!("{}{folder}", super::PATH_MARK);
                (Value::text(text, span), 1)
            }
            ("terraform", [name, ..]) if *name == "workspace" => {
                let text = match &self.options.stage {
                    Some(stage) => PartialText::known(stage.clone()),
                    None => {
                        let mut text = PartialText::default();
                        text.push(Part::Pseudo(text::Pseudo::Stage));
                        text
                    }
                };
                (Value::new(Kind::Text(text), span), 1)
            }
            ("terraform", _) => {
                (Value::unknown("known only to Terraform itself", span), names.len())
            }
            ("data", [kind, name, ..]) => {
                (self.resource_value(module, Mode::Data, kind, name, span), 2)
            }
            ("module", [name, ..]) => (self.module_value(module, name, span), 1),
            ("each" | "count" | "self", _) => {
                (error(format!("there is no `{root}` here"), span), names.len())
            }
            (kind, [name, ..]) => (self.resource_value(module, Mode::Managed, kind, name, span), 1),
            _ => (error(format!("there is no `{root}` here"), span), names.len()),
        }
    }

    fn root_folder(&self, module: &Rc<Module>) -> String {
        let mut module = module.clone();
        while let Some(parent) = module.call.as_ref().map(|call| call.parent.clone()) {
            module = parent;
        }
        module.configuration.folder.clone()
    }

    fn steps(
        &self,
        value: Value,
        operators: &[&TraversalOperator],
        span: Span,
        scope: &Scope,
    ) -> Value {
        let Some((operator, rest)) = operators.split_first() else { return value };
        if is_error(&value) {
            return value;
        }
        match operator {
            TraversalOperator::AttrSplat(_) | TraversalOperator::FullSplat(_) => {
                values::distribute(&[value], span, &mut |arguments| {
                    let [value] = arguments else { return error("no list", span) };
                    let items = match &value.kind {
                        Kind::Null => Vec::new(),
                        Kind::List(items) => items.clone(),
                        Kind::Unknown(_) => return value.clone(),
                        // `[*]` makes a list of one of anything else.
                        _ => vec![value.clone()],
                    };
                    let items = items.into_iter().map(|item| self.steps(item, rest, span, scope));
                    let items = items.collect();
                    Value { tag: value.tag.clone(), ..Value::new(Kind::List(items), span) }
                })
            }
            TraversalOperator::GetAttr(name) => {
                let key = Value::text(name.as_str(), span);
                self.steps(self.member(value, key, span), rest, span, scope)
            }
            TraversalOperator::LegacyIndex(index) => {
                let key = Value::new(Kind::Number(index.value().to_string().into()), span);
                self.steps(self.member(value, key, span), rest, span, scope)
            }
            TraversalOperator::Index(index) => {
                let key = self.expression(index, scope);
                self.steps(self.member(value, key, span), rest, span, scope)
            }
        }
    }

    /// `value[key]` or `value.key`.
    pub(super) fn member(&self, value: Value, key: Value, span: Span) -> Value {
        values::distribute(&[value, key], span, &mut |arguments| {
            let [value, key] = arguments else { return error("no index", span) };
            let representative = value.tag.as_deref() == Some(values::REPRESENTATIVE);
            match &value.kind {
                _ if is_error(value) || is_error(key) => {
                    if is_error(value) {
                        value.clone()
                    } else {
                        key.clone()
                    }
                }
                Kind::Unknown(_) => Value { span, ..value.clone() },
                Kind::Null => error("null has no attributes", span),
                Kind::List(items) => match items.first() {
                    Some(first) if representative => part_of(value, first),
                    _ => match values::as_number(key) {
                        Some(index) if index >= 0.0 => match items.get(index as usize) {
                            Some(item) => part_of(value, item),
                            None => error(format!("there is no element {index}"), span),
                        },
                        Some(index) => error(format!("there is no element {index}"), span),
                        None if values::has_holes(key) => Value::unknown(values::why(key), span),
                        None => error("a list has no attributes", span),
                    },
                },
                Kind::Map(members) => {
                    if let (true, Some(member)) = (representative, members.first()) {
                        return part_of(value, &member.value);
                    }
                    let Some(name) = values::as_text(key) else {
                        return error("no such attribute", span);
                    };
                    match (
                        members.iter().find(|member| *member.key == *name.to_string()),
                        name.literal(),
                    ) {
                        (Some(member), _) => part_of(value, &member.value),
                        (None, None) => Value::unknown(values::why(key), span),
                        (None, Some(name)) => match value.tag.as_deref() {
                            Some(tag) if tag.starts_with("terraform:data:") => {
                                let address = tag.trim_start_matches("terraform:data:");
                                Value::unknown(
                                    format!("`{address}.{name}` is known only at deployment"),
                                    span,
                                )
                            }
                            Some(tag) if tag.starts_with("terraform:module:") => {
                                let address = tag.trim_start_matches("terraform:module:");
                                error(format!("module `{address}` has no output `{name}`"), span)
                            }
                            _ => error(format!("there is no attribute `{name}`"), span),
                        },
                    }
                }
                Kind::Text(text) => self.member_of_reference(text, key, span),
                _ => error("a plain value has no attributes", span),
            }
        })
    }

    fn member_of_reference(&self, text: &PartialText, key: &Value, span: Span) -> Value {
        let Some(reference) = text.sole_reference() else {
            return match text.literal() {
                Some(_) => error("a text has no attributes", span),
                None => {
                    Value::unknown(values::why(&Value::new(Kind::Text(text.clone()), span)), span)
                }
            };
        };
        let Some(name) = values::as_string(key) else {
            return Value::unknown(values::why(key), span);
        };
        if &*reference.attribute == "Ref" {
            return match name.parse::<usize>() {
                Ok(_) => error("the resource has no `count`", span),
                Err(_) => self.resource_attribute(&reference.entity, &name, span),
            };
        }
        let attribute = format!("{}.{}", reference.attribute, mapping::camel_case(&name));
        let text = PartialText::reference(reference.entity.clone(), &attribute);
        Value::new(Kind::Text(text), span)
    }
}

/// Puts a member, replacing one of the same key.
pub(super) fn put(members: &mut Vec<Member>, key: String, key_span: Span, value: Value) {
    match members.iter_mut().find(|member| *member.key == *key) {
        Some(member) => {
            member.key_span = key_span;
            member.value = value;
        }
        None => members.push(Member { key: key.into(), key_span, value }),
    }
}

/// Keys and values of a list, set or mapping.
pub(super) fn elements(collection: &Value) -> Option<Vec<(Value, Value)>> {
    match &collection.kind {
        Kind::List(items) => Some(
            items
                .iter()
                .enumerate()
                .map(|(index, item)| (values::number(index as f64, item.span), item.clone()))
                .collect(),
        ),
        Kind::Map(members) => Some(
            members
                .iter()
                .map(|member| (Value::text(&*member.key, member.key_span), member.value.clone()))
                .collect(),
        ),
        _ => None,
    }
}

/// A part of a value: what was given elsewhere has its own place there, not that of the whole.
fn part_of(whole: &Value, part: &Value) -> Value {
    let elsewhere = whole.origin.is_some_and(|origin| origin.contains(&part.span));
    let origin = part.origin.or_else(|| elsewhere.then_some(part.span));
    Value { origin, ..part.clone() }
}
