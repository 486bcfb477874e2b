//! Modules and the instances of their resources: `count`, `for_each`, arguments, outputs.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use text::{Condition, EntityId, PartialText, SourceId, Span};

use super::configuration::{Configuration, Mode};
use super::evaluate::{BUILT_IN, Binding, Evaluator, Scope, elements};
use super::syntax::{Attribute, Block, Body};
use super::types;
use super::values::{self, error};
use super::{data_sources, mapping, modules};
use documents::value::{Alternative, Kind, Member, Value, both};

/// Most instances of one block.
const MOST_INSTANCES: usize = 200;

/// Instances by mode, type and name; `None` while they are being found.
type Expansions = HashMap<(Mode, String, String), Option<Rc<Expansion>>>;

/// One instance of a module.
pub(super) struct Module {
    /// What its resources' addresses begin with: empty, `module.orders["eu"].`
    pub(super) path: String,
    pub(super) configuration: Rc<Configuration>,
    /// Who calls it; `None` for the root.
    pub(super) call: Option<Call>,
    /// Values of root variables by file; the last wins.
    pub(super) assigned: HashMap<String, Value>,
    pub(super) condition: Option<Condition>,
    memo: RefCell<HashMap<(char, String), Memo>>,
    expansions: RefCell<Expansions>,
    children: RefCell<HashMap<String, Option<Rc<Children>>>>,
}

/// A module call.
pub(super) struct Call {
    pub(super) parent: Rc<Module>,
    pub(super) name: String,
    pub(super) bindings: Option<Rc<Binding>>,
}

enum Memo {
    Running,
    Done(Value),
}

/// One instance of a resource or data source.
pub(super) struct Instance {
    pub(super) id: EntityId,
    pub(super) module: Rc<Module>,
    pub(super) mode: Mode,
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) bindings: Option<Rc<Binding>>,
    pub(super) condition: Option<Condition>,
}

/// The instances of a block.
pub(super) struct Expansion {
    pub(super) shape: Shape,
    pub(super) instances: Vec<(String, Rc<Instance>)>,
}

/// How the instances of a block are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Single,
    Counted,
    Keyed,
    /// Unknown in number; one stands for all.
    SomeCounted,
    SomeKeyed,
}

/// The instances of a module call.
pub(super) struct Children {
    pub(super) shape: Shape,
    pub(super) modules: Vec<(String, Rc<Module>)>,
    /// Why there is none, where the module was not read.
    pub(super) unread: Option<String>,
}

/// One element of a `count` or `for_each`.
struct Slot {
    /// Index or key.
    key: String,
    /// What follows the address: `[0]`, `["eu"]`.
    suffix: String,
    binding: Option<(String, Value)>,
    condition: Option<Condition>,
}

impl Module {
    /// A module without its children.
    pub(super) fn new(
        path: String,
        configuration: Rc<Configuration>,
        call: Option<Call>,
        condition: Option<Condition>,
    ) -> Self {
        Self {
            path,
            configuration,
            call,
            assigned: HashMap::new(),
            condition,
            memo: RefCell::default(),
            expansions: RefCell::default(),
            children: RefCell::default(),
        }
    }

    /// Lets go of the instances and modules that were found: they hold this one in turn, and
    /// nothing of the application would ever be freed.
    pub(super) fn release(&self) {
        for children in self.children.take().into_values().flatten() {
            children.modules.iter().for_each(|(_, child)| child.release());
        }
        self.expansions.take();
        self.memo.take();
    }

    /// The block that calls it.
    pub(super) fn call_block(&self) -> Option<&Block> {
        let call = self.call.as_ref()?;
        call.parent.configuration.module(&call.name)
    }
}

impl Instance {
    /// The block that declares it.
    pub(super) fn block(&self) -> Option<&Block> {
        self.module.configuration.resource(self.mode, &self.kind, &self.name)
    }

    /// Where its expressions look names up.
    pub(super) fn scope(&self, source: SourceId) -> Scope {
        Scope { bindings: self.bindings.clone(), ..Scope::of(&self.module, source) }
    }
}

impl Evaluator<'_> {
    fn remembered(
        &self,
        module: &Rc<Module>,
        key: (char, String),
        span: Span,
        compute: impl FnOnce() -> Value,
    ) -> Value {
        match module.memo.borrow().get(&key) {
            Some(Memo::Done(value)) => return self.charged(value.clone(), span),
            Some(Memo::Running) => {
                return self.lost(format!("`{}` refers to itself in a circle", key.1), span);
            }
            None => {}
        }
        module.memo.borrow_mut().insert(key.clone(), Memo::Running);
        let value = self.charged(self.without_assumptions(compute), span);
        module.memo.borrow_mut().insert(key, Memo::Done(value.clone()));
        value
    }

    /// Adds a problem by which something is lost, once.
    pub(super) fn problem(&self, message: &str, span: Span) {
        let mut problems = self.problems.borrow_mut();
        if span.source != BUILT_IN && !problems.iter().any(|problem| problem.message == message) {
            problems.push(text::Problem::incomplete(message, span.into()));
        }
    }

    /// The value of what cannot be evaluated, with its problem.
    pub(super) fn lost(&self, why: impl Into<String>, span: Span) -> Value {
        let why = why.into();
        self.problem(&why, span);
        Value::unknown(why, span)
    }

    /// `local.NAME`.
    pub(super) fn local(&self, module: &Rc<Module>, name: &str, span: Span) -> Value {
        let configuration = module.configuration.clone();
        let Some(attribute) = configuration.locals.get(name) else {
            return error(format!("there is no local value `{name}`"), span);
        };
        self.remembered(module, ('l', format!("local.{name}")), span, || {
            self.attribute(attribute, &Scope::of(module, attribute.span.source))
        })
    }

    /// `var.NAME`.
    pub(super) fn variable(&self, module: &Rc<Module>, name: &str, span: Span) -> Value {
        let value = self.remembered(module, ('v', format!("var.{name}")), span, || {
            self.variable_value(module, name, span)
        });
        // The place is where it is used; the origin where it was given.
        if span.source == BUILT_IN {
            return value;
        }
        Value { origin: value.origin.or(Some(value.span)), span, ..value }
    }

    fn variable_value(&self, module: &Rc<Module>, name: &str, span: Span) -> Value {
        let value = self.given_value(module, name, span);
        let declared = module.configuration.variables.get(name);
        match declared.and_then(|block| block.body.attribute("type")) {
            Some(Attribute { expr: super::syntax::Expr::Hcl(declared), span, .. }) => {
                types::completed(self, value, declared, &Scope::of(module, span.source))
            }
            _ => value,
        }
    }

    fn given_value(&self, module: &Rc<Module>, name: &str, span: Span) -> Value {
        let configuration = module.configuration.clone();
        let declared = configuration.variables.get(name);
        let default = declared.and_then(|block| block.body.attribute("default"));
        if let Some(call) = &module.call {
            let block = call.parent.configuration.module(&call.name);
            if let Some(argument) = block.and_then(|block| block.body.attribute(name)) {
                let mut scope = Scope::of(&call.parent, argument.span.source);
                scope.bindings = call.bindings.clone();
                let value = self.attribute(argument, &scope);
                let not_nullable = declared
                    .and_then(|block| block.body.attribute("nullable"))
                    .is_some_and(|nullable| {
                        let scope = Scope::of(module, nullable.span.source);
                        values::as_bool(&self.attribute(nullable, &scope)) == Some(false)
                    });
                if !(value.is_null() && not_nullable) {
                    return value;
                }
            }
        } else if let Some(value) = module.assigned.get(name) {
            return value.clone();
        }
        match default {
            Some(default) => {
                let mut value = self.attribute(default, &Scope::of(module, default.span.source));
                if module.call.is_none() {
                    // The user may decide otherwise: conditions on it judge both branches.
                    self.open.borrow_mut().insert(default.span);
                    value.origin = Some(default.span);
                }
                value
            }
            None if declared.is_some() => {
                Value::unknown(format!("variable `{name}` has no default"), span)
            }
            None => error(format!("there is no variable `{name}`"), span),
        }
    }

    /// The slots of a block's `count` or `for_each`.
    fn slots(&self, body: &Body, scope: &Scope) -> (Shape, Vec<Slot>) {
        if let Some(count) = body.attribute("count") {
            let value = self.attribute(count, scope);
            return self.counted(&value, count);
        }
        if let Some(for_each) = body.attribute("for_each") {
            let value = self.attribute(for_each, scope);
            return self.keyed(&value, for_each);
        }
        let slot =
            Slot { key: String::new(), suffix: String::new(), binding: None, condition: None };
        (Shape::Single, vec![slot])
    }

    fn counted(&self, value: &Value, count: &Attribute) -> (Shape, Vec<Slot>) {
        let slot = |index: usize, condition| {
            let number = values::number(index as f64, count.span);
            Slot {
                key: index.to_string(),
                suffix: format!("[{index}]"),
                binding: Some(("count".to_owned(), Value::map([("index", number)], count.span))),
                condition,
            }
        };
        let alternatives = alternatives(value);
        let mut largest = 0;
        for (_, value) in &alternatives {
            match values::as_number(value) {
                Some(number) => largest = largest.max(number.clamp(0.0, 1e6) as usize),
                None => {
                    let index = Value::unknown(values::why(value), count.span);
                    let slot = Slot {
                        key: "0".to_owned(),
                        suffix: "[count.index]".to_owned(),
                        binding: Some((
                            "count".to_owned(),
                            Value::map([("index", index)], count.span),
                        )),
                        condition: None,
                    };
                    return (Shape::SomeCounted, vec![slot]);
                }
            }
        }
        if largest > MOST_INSTANCES {
            self.problem("more instances than are read", count.span);
        }
        let slots = (0..largest.min(MOST_INSTANCES)).map(|index| {
            let holds = |value: &Value| values::as_number(value).is_some_and(|n| n > index as f64);
            slot(index, condition_of(&alternatives, holds))
        });
        (Shape::Counted, slots.collect())
    }

    fn keyed(&self, value: &Value, for_each: &Attribute) -> (Shape, Vec<Slot>) {
        let alternatives = alternatives(value);
        let mut keys: Vec<(String, Value)> = Vec::new();
        let mut representative = false;
        for (_, value) in &alternatives {
            let Some(found) = members_of(value) else {
                let why = values::why(value);
                let unknown =
                    |name: &str| (name.to_owned(), Value::unknown(why.clone(), for_each.span));
                let each = Value::map([unknown("key"), unknown("value")], for_each.span);
                let slot = Slot {
                    key: "each.key".to_owned(),
                    suffix: "[each.key]".to_owned(),
                    binding: Some(("each".to_owned(), each)),
                    condition: None,
                };
                return (Shape::SomeKeyed, vec![slot]);
            };
            representative |= value.tag.as_deref() == Some(values::REPRESENTATIVE);
            for (key, value) in found {
                if !keys.iter().any(|(known, _)| *known == key) && keys.len() < MOST_INSTANCES {
                    keys.push((key, value));
                }
            }
        }
        let slots = keys.into_iter().map(|(key, each_value)| {
            let holds = |value: &Value| {
                members_of(value).is_some_and(|found| found.iter().any(|(other, _)| *other == key))
            };
            let condition = condition_of(&alternatives, holds);
            let each_key = Value::text(key.clone(), for_each.span);
            let each = Value::map([("key", each_key), ("value", each_value)], for_each.span);
            Slot {
                suffix: format!("[\"{key}\"]"),
                key,
                binding: Some(("each".to_owned(), each)),
                condition,
            }
        });
        let slots = slots.collect();
        (if representative { Shape::SomeKeyed } else { Shape::Keyed }, slots)
    }

    /// The instances of a resource or data source; `None` where it depends on itself.
    pub(super) fn expansion(
        &self,
        module: &Rc<Module>,
        mode: Mode,
        kind: &str,
        name: &str,
    ) -> Option<Rc<Expansion>> {
        let key = (mode, kind.to_owned(), name.to_owned());
        if let Some(expansion) = module.expansions.borrow().get(&key) {
            return expansion.clone();
        }
        let configuration = module.configuration.clone();
        let block = configuration.resource(mode, kind, name)?;
        module.expansions.borrow_mut().insert(key.clone(), None);
        let scope = Scope::of(module, block.extent.source);
        let (shape, slots) = self.without_assumptions(|| self.slots(&block.body, &scope));
        let data = if mode == Mode::Data { "data." } else { "" };
        let instances = slots.into_iter().map(|slot| {
            let id = EntityId::new(format!("{}{data}{kind}.{name}{}", module.path, slot.suffix));
            let instance = Rc::new(Instance {
                id: id.clone(),
                module: module.clone(),
                mode,
                kind: kind.to_owned(),
                name: name.to_owned(),
                bindings: bound(&scope, slot.binding).bindings,
                condition: both(module.condition.as_ref(), slot.condition.as_ref()),
            });
            self.instances.borrow_mut().insert(id, instance.clone());
            (slot.key, instance)
        });
        let expansion = Rc::new(Expansion { shape, instances: instances.collect() });
        module.expansions.borrow_mut().insert(key, Some(expansion.clone()));
        Some(expansion)
    }

    /// `TYPE.NAME` or `data.TYPE.NAME` as a value.
    pub(super) fn resource_value(
        &self,
        module: &Rc<Module>,
        mode: Mode,
        kind: &str,
        name: &str,
        span: Span,
    ) -> Value {
        let address = format!("{kind}.{name}");
        if module.configuration.resource(mode, kind, name).is_none() {
            return error(format!("`{address}` is not declared"), span);
        }
        let Some(expansion) = self.expansion(module, mode, kind, name) else {
            let why = format!("`{address}` refers to itself in a circle");
            self.problem(&why, span);
            return Value::unknown(why, span);
        };
        shaped(&expansion.shape, &expansion.instances, span, &|instance| match mode {
            Mode::Managed => {
                let reference = PartialText::reference(instance.id.clone(), "Ref");
                Value::new(Kind::Text(reference), span)
            }
            Mode::Data => self.data_object(instance, span),
        })
    }

    fn data_object(&self, instance: &Rc<Instance>, span: Span) -> Value {
        let key = ('d', instance.id.to_string());
        let value =
            self.remembered(&instance.module, key, span, || data_sources::read(self, instance));
        let tag = Some(format!("terraform:data:{}", instance.id).into());
        Value { tag, ..value }
    }

    /// An attribute of a resource's instance: what links to it as a reference in
    /// CloudFormation's words, anything else as it is configured.
    pub(super) fn resource_attribute(&self, id: &EntityId, name: &str, span: Span) -> Value {
        let reference = |attribute: &str| {
            Value::new(Kind::Text(PartialText::reference(id.clone(), attribute)), span)
        };
        let Some(instance) = self.instances.borrow().get(id).cloned() else {
            return reference(&mapping::camel_case(name));
        };
        if let Some(text) = data_sources::composed(&instance.kind, name, id) {
            return Value::new(Kind::Text(text), span);
        }
        if let Some(attribute) = mapping::attribute(&instance.kind, name) {
            return reference(attribute);
        }
        let configured = instance.block().and_then(|block| block.body.attribute(name));
        if let Some(configured) = configured {
            let key = (id.clone(), name.to_owned());
            if !self.running.borrow_mut().insert(key.clone()) {
                return Value::unknown(format!("`{id}.{name}` refers to itself in a circle"), span);
            }
            let value = self.attribute(configured, &instance.scope(configured.span.source));
            self.running.borrow_mut().remove(&key);
            if !value.is_null() {
                return Value { origin: value.origin.or(Some(value.span)), span, ..value };
            }
        }
        match instance.kind.starts_with("aws_") {
            true => reference(&mapping::camel_case(name)),
            false => reference(name),
        }
    }

    /// The instances of a module call.
    pub(super) fn children(&self, module: &Rc<Module>, name: &str) -> Option<Rc<Children>> {
        if let Some(children) = module.children.borrow().get(name) {
            return children.clone();
        }
        let configuration = module.configuration.clone();
        let block = configuration.module(name)?;
        module.children.borrow_mut().insert(name.to_owned(), None);
        let scope = Scope::of(module, block.extent.source);
        let (shape, slots) = self.without_assumptions(|| self.slots(&block.body, &scope));
        let called = self.without_assumptions(|| modules::find(self, module, block));
        let children = match called {
            Err(why) => Children { shape, modules: Vec::new(), unread: Some(why) },
            Ok(configuration) => {
                let modules = slots.into_iter().map(|slot| {
                    let path = format!("{}module.{name}{}.", module.path, slot.suffix);
                    let call = Call {
                        parent: module.clone(),
                        name: name.to_owned(),
                        bindings: bound(&scope, slot.binding).bindings,
                    };
                    let condition = both(module.condition.as_ref(), slot.condition.as_ref());
                    let child = Module::new(path, configuration.clone(), Some(call), condition);
                    (slot.key, Rc::new(child))
                });
                Children { shape, modules: modules.collect(), unread: None }
            }
        };
        let children = Rc::new(children);
        module.children.borrow_mut().insert(name.to_owned(), Some(children.clone()));
        Some(children)
    }

    /// `module.NAME` as a value: its outputs.
    pub(super) fn module_value(&self, module: &Rc<Module>, name: &str, span: Span) -> Value {
        if module.configuration.module(name).is_none() {
            return error(format!("there is no module `{name}`"), span);
        }
        let Some(children) = self.children(module, name) else {
            let why = format!("module `{name}` refers to itself in a circle");
            self.problem(&why, span);
            return Value::unknown(why, span);
        };
        if let Some(why) = &children.unread {
            return Value::unknown(why.clone(), span);
        }
        shaped(&children.shape, &children.modules, span, &|child| {
            let outputs = child.configuration.outputs.iter().map(|(output, block)| {
                let key = ('o', format!("module.{name}.{output}"));
                let value = self.output(child, key, block, span);
                Member { key: output.as_str().into(), key_span: block.said, value }
            });
            let tag = Some(format!("terraform:module:{name}").into());
            Value { tag, ..Value::new(Kind::Map(outputs.collect()), span) }
        })
    }

    fn output(&self, child: &Rc<Module>, key: (char, String), block: &Block, span: Span) -> Value {
        let Some(attribute) = block.body.attribute("value") else {
            return Value::unknown("the output has no value", span);
        };
        // Every output is asked for at once; one of them may need what is being computed.
        if matches!(child.memo.borrow().get(&key), Some(Memo::Running)) {
            return Value::unknown(format!("`{}` refers to itself in a circle", key.1), span);
        }
        self.remembered(child, key, span, || {
            self.attribute(attribute, &Scope::of(child, attribute.span.source))
        })
    }

    /// A block's body as a mapping: blocks within it are lists, dynamic ones expanded.
    pub(super) fn body(&self, body: &Body, scope: &Scope, span: Span) -> Value {
        let mut members: Vec<Member> = Vec::new();
        for attribute in &body.attributes {
            if matches!(attribute.name.as_str(), "count" | "for_each" | "depends_on" | "provider") {
                continue;
            }
            members.push(Member {
                key: attribute.name.as_str().into(),
                key_span: attribute.name_span,
                value: self.attribute(attribute, scope),
            });
        }
        for block in &body.blocks {
            let (kind, value) = match (block.kind.as_str(), block.labels.first()) {
                ("lifecycle" | "provisioner" | "connection" | "timeouts", _) => continue,
                ("dynamic", Some(kind)) => (kind.as_str(), self.dynamic(kind, block, scope)),
                (kind, _) => {
                    let value = self.body(&block.body, scope, block.extent);
                    (kind, Value::list([value], block.extent))
                }
            };
            match members.iter_mut().find(|member| *member.key == *kind) {
                Some(member) => {
                    let lists = [member.value.clone(), value];
                    member.value = values::distribute(&lists, span, &mut |lists| {
                        let items = lists.iter().flat_map(|list| match &list.kind {
                            Kind::List(items) => items.clone(),
                            _ => vec![list.clone()],
                        });
                        Value::new(Kind::List(items.collect()), block.extent)
                    });
                }
                None => {
                    members.push(Member { key: kind.into(), key_span: block.header, value });
                }
            }
        }
        Value::new(Kind::Map(members), span)
    }

    fn dynamic(&self, kind: &str, block: &Block, scope: &Scope) -> Value {
        let Some(for_each) = block.body.attribute("for_each") else {
            return Value::unknown("a dynamic block without `for_each`", block.extent);
        };
        let iterator = block.body.attribute("iterator").map_or(kind.to_owned(), |iterator| {
            match &iterator.expr {
                super::syntax::Expr::Hcl(expression) => expression
                    .as_variable()
                    .map_or(kind.to_owned(), |name| name.as_str().to_owned()),
                super::syntax::Expr::Json(value) => value.as_str().unwrap_or(kind).to_owned(),
            }
        });
        let collection = self.attribute(for_each, scope);
        let bodies: Vec<&Block> = block.body.blocks_of("content").collect();
        let build = |key: Value, value: Value| -> Vec<Value> {
            let each = Value::map([("key", key), ("value", value)], for_each.span);
            let scope = scope.with(&iterator, each);
            bodies.iter().map(|body| self.body(&body.body, &scope, block.extent)).collect()
        };
        let mut outcomes = Vec::new();
        for (condition, collection) in alternatives(&collection) {
            let assumed = condition.as_deref().unwrap_or_default().to_owned();
            let value = self.assuming(&assumed, || match elements(&collection) {
                Some(elements) => {
                    let items = elements.into_iter().take(MOST_INSTANCES);
                    let items = items.flat_map(|(key, value)| build(key, value)).collect();
                    Value::new(Kind::List(items), block.extent)
                }
                None if collection.is_null() => Value::new(Kind::List(Vec::new()), block.extent),
                // One stands for all of them.
                None => {
                    let why = values::why(&collection);
                    let unknown = || Value::unknown(why.clone(), for_each.span);
                    Value::list(build(unknown(), unknown()), block.extent)
                }
            });
            match condition {
                None => return value,
                Some(condition) => outcomes.push(Alternative { condition, value }),
            }
        }
        values::branches(outcomes, block.extent)
    }
}

fn bound(scope: &Scope, binding: Option<(String, Value)>) -> Scope {
    match binding {
        Some((name, value)) => scope.with(&name, value),
        None => scope.clone(),
    }
}

/// A value's alternatives; one without a condition where it has none.
pub(super) fn alternatives(value: &Value) -> Vec<(Option<Condition>, Value)> {
    match &value.kind {
        Kind::Branches(alternatives) => alternatives
            .iter()
            .map(|alternative| (Some(alternative.condition.clone()), alternative.value.clone()))
            .collect(),
        _ => vec![(None, value.clone())],
    }
}

fn condition_of(
    alternatives: &[(Option<Condition>, Value)],
    holds: impl Fn(&Value) -> bool,
) -> Option<Condition> {
    let holding: Vec<&(Option<Condition>, Value)> =
        alternatives.iter().filter(|(_, value)| holds(value)).collect();
    if holding.len() == alternatives.len() {
        return None;
    }
    let words: Vec<&str> =
        holding.iter().filter_map(|(condition, _)| condition.as_deref()).collect();
    Some(Condition::from(words.join(" or ")))
}

/// Keys and values of a mapping or a set of texts.
fn members_of(value: &Value) -> Option<Vec<(String, Value)>> {
    match &value.kind {
        Kind::Null => Some(Vec::new()),
        Kind::Map(members) => Some(
            members.iter().map(|member| (member.key.to_string(), member.value.clone())).collect(),
        ),
        Kind::List(items) => {
            let items = items.iter().map(|item| {
                let key = values::as_text(item).map_or("${?}".to_owned(), |text| text.to_string());
                (key, item.clone())
            });
            Some(items.collect())
        }
        _ => None,
    }
}

fn shaped<T>(
    shape: &Shape,
    instances: &[(String, Rc<T>)],
    span: Span,
    value: &dyn Fn(&Rc<T>) -> Value,
) -> Value {
    let tag = matches!(shape, Shape::SomeCounted | Shape::SomeKeyed)
        .then(|| values::REPRESENTATIVE.into());
    match shape {
        Shape::Single => match instances.first() {
            Some((_, instance)) => value(instance),
            None => error("it has no instance", span),
        },
        Shape::Counted | Shape::SomeCounted => {
            let items = instances.iter().map(|(_, instance)| value(instance)).collect();
            Value { tag, ..Value::new(Kind::List(items), span) }
        }
        Shape::Keyed | Shape::SomeKeyed => {
            let members = instances.iter().map(|(key, instance)| Member {
                key: key.as_str().into(),
                key_span: span,
                value: value(instance),
            });
            Value { tag, ..Value::new(Kind::Map(members.collect()), span) }
        }
    }
}
