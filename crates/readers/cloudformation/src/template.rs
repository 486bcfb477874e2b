use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap, HashSet};

use text::{EntityId, Loss, Problem};

use super::evaluator::{Entry, Evaluator, Openness, State, undeclared_reason};
use super::metadata;
use super::nested::Child;
use super::{Context, Evaluated, assets, cycles, includes, parameters};
use crate::sam;
use documents::value::{Kind, Value, both};

/// Evaluates a template that is nested in the templates of `ancestors`.
pub(super) fn evaluate(template: &Value, context: &Context<'_>, ancestors: &[&str]) -> Evaluated {
    let spliced = includes::spliced(template, context);
    let (template, included) = match &spliced {
        Some((spliced, included)) => (spliced, included.clone()),
        None => (template, Vec::new()),
    };
    let file = context.path.rsplit('/').next().unwrap_or_default();
    // .NET's tools name a SAM template `serverless.template`, so the transform decides first.
    let openness = if is_serverless(template) {
        Openness::Serverless
    } else if file.starts_with("serverless.") || template.get("service").is_some() {
        Openness::Framework
    } else {
        Openness::Closed
    };
    let conditions = template.get("Conditions").map(Value::members).unwrap_or_default();
    let mut evaluator = Evaluator {
        context,
        parameters: parameters::values(template, context, ancestors.is_empty()),
        secrets: parameters::secrets(template),
        mappings: template.get("Mappings"),
        conditions: conditions.iter().map(|member| (&*member.key, &member.value)).collect(),
        resources: HashMap::new(),
        openness,
        ancestors,
        children: RefCell::default(),
        visited_conditions: RefCell::default(),
        problems: RefCell::default(),
        not_read: RefCell::default(),
        files: RefCell::new(included),
        undeclared: RefCell::default(),
        values: Cell::new(0),
    };
    let order = evaluator.collect_resources(template);
    evaluator.check_conditions();
    let mut declarations = Vec::new();
    for id in &order {
        if let Some(declaration) = evaluator.declaration(id) {
            declarations.push(declaration);
        }
    }
    // What cdk-nag suppresses for a whole stack stands in the template's own metadata.
    if let Some(metadata) = template.get("Metadata") {
        let everywhere = metadata::allowances(&evaluator.value(metadata, &State::default()));
        for declaration in &mut declarations {
            declaration.allowances.extend(everywhere.iter().cloned());
        }
    }
    // SAM makes resources of their own of what seems a circle there.
    if openness == Openness::Closed {
        evaluator.problems.borrow_mut().extend(cycles::problems(&declarations));
    }
    let state = State::default();
    if openness == Openness::Serverless {
        let globals = match template.get("Globals") {
            Some(globals) => evaluator.value(globals, &state),
            None => Value::new(Kind::Null, template.span),
        };
        let mut problems = Vec::new();
        declarations = sam::expand(declarations, &globals, &mut problems);
        evaluator.problems.borrow_mut().extend(problems);
    }
    assets::locate(&mut declarations, context.path, context.files);
    let (outputs, exports) = evaluator.outputs(template);
    for id in &order {
        evaluator.evaluate_child(id);
    }
    let ids: HashSet<&EntityId> = declarations.iter().map(|declaration| &declaration.id).collect();
    let mut reported = HashSet::new();
    // Where part of the file was lost, so were the names it declares: that is said already.
    let is_whole = context.files.document(context.path).is_ok_and(|document| {
        let problems = document.get().map(|parsed| parsed.problems.as_slice());
        problems.unwrap_or_default().iter().all(|problem| problem.loss == Loss::Nothing)
    });
    for (name, span) in evaluator.undeclared.borrow().iter() {
        let is_declared =
            ids.contains(&evaluator.entity(name)) || evaluator.may_be_derived_here(name);
        if is_whole && !is_declared && reported.insert((name.clone(), *span)) {
            let problem = Problem::incomplete(undeclared_reason(name), (*span).into());
            evaluator.problems.borrow_mut().push(problem);
        }
    }
    let mut evaluated = Evaluated { declarations, outputs, exports, ..Evaluated::default() };
    let conditions: BTreeMap<&String, Option<text::Condition>> =
        order.iter().map(|id| (id, evaluator.condition_words(id))).collect();
    let mut children = evaluator.children.into_inner();
    for id in &order {
        let Some(Child::Done(mut child)) = children.remove(id) else { continue };
        let condition = conditions.get(id).and_then(Option::as_ref);
        for declaration in &mut child.declarations {
            declaration.condition = both(condition, declaration.condition.as_ref());
        }
        evaluated.declarations.append(&mut child.declarations);
        evaluated.exports.append(&mut child.exports);
        evaluated.problems.append(&mut child.problems);
        evaluated.not_read.append(&mut child.not_read);
        evaluated.files.append(&mut child.files);
    }
    evaluated.problems.extend(evaluator.problems.into_inner());
    evaluated.not_read.extend(evaluator.not_read.into_inner());
    evaluated.files.extend(evaluator.files.into_inner());
    evaluated.files.sort();
    evaluated.files.dedup();
    evaluated
}

/// Whether a template is one of the Serverless Application Model.
pub(super) fn is_serverless(template: &Value) -> bool {
    let is_transform =
        |value: &Value| value.as_str().is_some_and(|name| name.starts_with("AWS::Serverless-"));
    let transform = template.get("Transform");
    if transform.is_some_and(|value| is_transform(value) || value.items().iter().any(is_transform))
    {
        return true;
    }
    let resources = template.get("Resources").map(Value::members).unwrap_or_default();
    resources.iter().any(|member| {
        let kind = member.value.get("Type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.starts_with("AWS::Serverless::"))
    })
}

impl<'a> Evaluator<'a> {
    /// Finds every resource, those of loops too, and gives the logical ids in written order.
    fn collect_resources(&mut self, template: &'a Value) -> Vec<String> {
        let mut order = Vec::new();
        let resources = match template.member("Resources") {
            Some(member) => match &member.value.kind {
                Kind::Map(members) => members,
                kind => {
                    let message = match kind {
                        Kind::Null => "`Resources` is empty",
                        _ => "`Resources` is no mapping",
                    };
                    self.incomplete(message, member.key_span);
                    return order;
                }
            },
            None => {
                if let Some(version) = template.member("AWSTemplateFormatVersion") {
                    self.incomplete("this template has no `Resources`", version.key_span);
                }
                return order;
            }
        };
        // Loops are resolved when every name they may speak of is known.
        for member in resources {
            if !member.key.starts_with("Fn::") {
                let entry = Entry {
                    key_span: member.key_span,
                    value: &member.value,
                    state: State::default(),
                };
                self.resources.insert(member.key.to_string(), entry);
            }
        }
        for member in resources {
            if member.key.starts_with("Fn::ForEach::") {
                for repeated in self.repetitions(member, &State::default()) {
                    let entry = Entry {
                        key_span: repeated.key_span,
                        value: repeated.value,
                        state: repeated.state,
                    };
                    self.resources.insert(repeated.key.clone(), entry);
                    order.push(repeated.key);
                }
            } else if member.key.starts_with("Fn::") {
                let message =
                    format!("resources that `{}` makes are known only at deployment", member.key);
                self.incomplete(message, member.key_span);
            } else {
                order.push(member.key.to_string());
            }
        }
        order
    }

    /// Looks through every condition, so that faults are said even where none is used.
    fn check_conditions(&self) {
        let mut names: Vec<&str> = self.conditions.keys().copied().collect();
        names.sort_unstable();
        for name in names {
            if let Some(definition) = self.conditions.get(name) {
                self.named_truth(name, definition.span, &State::default());
            }
        }
    }

    fn may_be_derived_here(&self, name: &str) -> bool {
        match self.openness {
            Openness::Framework => true,
            Openness::Serverless => self.may_be_derived(name),
            Openness::Closed => false,
        }
    }

    fn outputs(&self, template: &Value) -> (BTreeMap<String, Value>, Vec<(Value, Value)>) {
        let mut outputs = BTreeMap::new();
        let mut exports = Vec::new();
        let members = template.get("Outputs").map(Value::members).unwrap_or_default();
        let mut take = |key: &str, raw: &Value, state: &State| {
            let Some(value) = raw.get("Value") else { return };
            let state = match raw.get("Condition").and_then(Value::as_str) {
                Some(condition) => self.assuming(condition, true, state),
                None => state.clone(),
            };
            let value = self.value(value, &state);
            if let Some(name) = raw.get("Export").and_then(|export| export.get("Name")) {
                exports.push((self.value(name, &state), value.clone()));
            }
            outputs.insert(key.to_owned(), value);
        };
        for member in members {
            if member.key.starts_with("Fn::ForEach::") {
                for repeated in self.repetitions(member, &State::default()) {
                    take(&repeated.key, repeated.value, &repeated.state);
                }
            } else {
                take(&member.key, &member.value, &State::default());
            }
        }
        (outputs, exports)
    }
}
