//! What statements do, one after the other.

use std::rc::Rc;

use text::Span;

use super::scope::{Scope, ScopeKind};
use super::{Evaluator, Flow, Value};
use crate::tree::{Act, Declares, Expression, Statement};

/// A list of which all elements are known is gone through one by one up to this length.
const LONGEST_UNROLLED: usize = 8;

impl Evaluator<'_> {
    /// Runs statements in order.
    pub(super) fn run_body(&mut self, body: &[Statement], scope: &Rc<Scope>) -> Flow {
        if self.language.hoists() {
            for statement in body {
                self.hoist(statement, scope);
            }
        }
        for statement in body {
            let flow = self.run_statement(statement, scope);
            if flow != Flow::Next {
                return flow;
            }
        }
        Flow::Next
    }

    /// Defines what exists before the statements run.
    fn hoist(&mut self, statement: &Statement, scope: &Rc<Scope>) {
        match &statement.act {
            // JavaScript's classes are not there before their place: what they extend is made before.
            Act::Class(_) if self.has_plain_objects() => {}
            Act::Function(_) | Act::Class(_) => self.define(statement, scope),
            _ => {}
        }
    }

    fn define(&mut self, statement: &Statement, scope: &Rc<Scope>) {
        match &statement.act {
            Act::Function(function) => {
                let closure = self.closure(function, scope);
                if function.receiver.is_some() {
                    return self.attach_method(function, closure, scope);
                }
                let value = self.decorated(closure, &function.decorators, scope);
                self.bind_name(&function.name, value, Declares::Function, scope);
            }
            Act::Class(class) => {
                let value = self.class(class, scope);
                let value = self.decorated(value, &class.decorators, scope);
                self.bind_name(&class.name, value, Declares::Function, scope);
            }
            _ => {}
        }
    }

    fn run_statement(&mut self, statement: &Statement, scope: &Rc<Scope>) -> Flow {
        let at = statement.span;
        if !self.step(at) {
            return Flow::Ended;
        }
        match &statement.act {
            Act::Import(import) => self.import(import, at, scope),
            Act::Export { name, value } => {
                let value = self.evaluate(value, scope);
                self.export(name, value, scope);
            }
            Act::Bind { target, declares, value, declared } => {
                let value = value.as_ref().map(|value| self.evaluate(value, scope));
                let value = match (value, declared) {
                    (Some(value), _) => self.with_type(value, declared.as_ref(), scope),
                    (None, Some(declared)) => {
                        self.instance_of(declared, scope).unwrap_or(Value::Null)
                    }
                    // A bare annotation of a loop's variable and the like leaves it as it is.
                    (None, None) => Value::Null,
                };
                self.assign(target, value, *declares, scope);
            }
            Act::Evaluate(expression) => drop(self.evaluate(expression, scope)),
            Act::Return(value) => {
                let value = value.as_ref().map_or(Value::Null, |value| self.evaluate(value, scope));
                if let Some(frame) = self.frames.last_mut() {
                    frame.returns.push(value);
                }
                return Flow::Ended;
            }
            Act::Function(_) if self.language.hoists() => {}
            Act::Class(_) if self.language.hoists() && !self.has_plain_objects() => {}
            Act::Function(_) | Act::Class(_) => self.define(statement, scope),
            Act::If { test, then, otherwise } => {
                return match self.evaluate(test, scope).truth() {
                    Some(true) => self.run_block(then, scope),
                    Some(false) => self.run_block(otherwise, scope),
                    None => self.either_way(then, otherwise, scope),
                };
            }
            Act::Loop { each, test, body, otherwise } => {
                self.run_loop(each.as_ref(), test.as_ref(), body, scope, at);
                return self.run_block(otherwise, scope);
            }
            Act::Try { body, handlers, otherwise, finally } => {
                return self.run_try(body, handlers, otherwise, finally, scope);
            }
            Act::Raise(value) => {
                if let Some(value) = value {
                    self.evaluate(value, scope);
                }
                return Flow::Ended;
            }
            Act::Break => return Flow::Broken,
            Act::Block(body) => return self.run_block(body, scope),
        }
        Flow::Next
    }

    fn run_block(&mut self, body: &[Statement], scope: &Rc<Scope>) -> Flow {
        if body.is_empty() {
            return Flow::Next;
        }
        let inner = Scope::new(ScopeKind::Block, Some(scope.clone()));
        self.run_body(body, &inner)
    }

    /// Tries both ways from the same state and joins where they meet again.
    fn either_way(
        &mut self,
        then: &[Statement],
        otherwise: &[Statement],
        scope: &Rc<Scope>,
    ) -> Flow {
        self.heap.begin();
        let then_flow = self.run_block(then, scope);
        let then_writes = self.heap.take_back();
        self.heap.begin();
        let otherwise_flow = self.run_block(otherwise, scope);
        let otherwise_writes = self.heap.take_back();
        match (then_flow, otherwise_flow) {
            (Flow::Ended, Flow::Ended) => {
                self.leave(then_writes);
                self.leave(otherwise_writes);
                Flow::Ended
            }
            (Flow::Ended, flow) => {
                self.leave(then_writes);
                self.heap.apply(otherwise_writes);
                flow
            }
            (flow, Flow::Ended) => {
                self.leave(otherwise_writes);
                self.heap.apply(then_writes);
                flow
            }
            (then_flow, otherwise_flow) => {
                self.heap.join_branches(then_writes, otherwise_writes);
                // The loop's next turn may follow either.
                if then_flow == otherwise_flow { then_flow } else { Flow::Next }
            }
        }
    }

    /// Keeps what was written on a way that ended the function.
    fn leave(&mut self, writes: super::heap::Writes) {
        if let Some(frame) = self.frames.last_mut()
            && !writes.is_empty()
        {
            frame.exits.push(writes);
        }
    }

    fn run_loop(
        &mut self,
        each: Option<&(Expression, Expression)>,
        test: Option<&Expression>,
        body: &[Statement],
        scope: &Rc<Scope>,
        at: Span,
    ) {
        let Some((target, iterated)) = each else {
            let known = test.and_then(|test| self.evaluate(test, scope).truth());
            if known != Some(false) {
                self.run_turns(None, body, scope, known == Some(true));
                test.map(|test| self.evaluate(test, scope));
            }
            return;
        };
        let iterated = self.evaluate(iterated, scope);
        if let Value::List(address) = &iterated
            && let Some(list) = self.heap.list(*address)
            && list.more.is_none()
            && list.items.len() <= LONGEST_UNROLLED
        {
            for item in list.items.clone() {
                let inner = Scope::new(ScopeKind::Block, Some(scope.clone()));
                self.assign(target, item, self.loop_declares(), &inner);
                if self.run_body(body, &inner) == Flow::Ended {
                    break;
                }
            }
            return;
        }
        let value = self.element(&iterated, at);
        if !value.choices().is_empty() {
            self.run_turns(Some((target, value)), body, scope, false);
        }
    }

    /// Runs a body as often as something new may come of it.
    fn run_turns(
        &mut self,
        each: Option<(&Expression, Value)>,
        body: &[Statement],
        scope: &Rc<Scope>,
        runs_surely: bool,
    ) {
        for turn in 0..2 {
            let before = self.heap.mark();
            self.heap.begin();
            let inner = Scope::new(ScopeKind::Block, Some(scope.clone()));
            if let Some((target, value)) = &each {
                self.assign(target, value.clone(), self.loop_declares(), &inner);
            }
            let flow = self.run_body(body, &inner);
            let writes = self.heap.take_back();
            let is_new = self.heap.would_change(&writes, before);
            match (flow, runs_surely && turn == 0) {
                (Flow::Ended, _) => self.leave(writes),
                (_, true) => self.heap.apply(writes),
                (_, false) => self.heap.join(writes),
            }
            if !is_new {
                return;
            }
        }
    }

    fn run_try(
        &mut self,
        body: &[Statement],
        handlers: &[(Option<String>, Vec<Statement>)],
        otherwise: &[Statement],
        finally: &[Statement],
        scope: &Rc<Scope>,
    ) -> Flow {
        self.heap.begin();
        let mut flow = self.run_block(body, scope);
        if flow == Flow::Next {
            flow = self.run_block(otherwise, scope);
        }
        let body_writes = self.heap.take_back();
        // A handler runs after any part of the body: after nothing or all of it.
        let mut ends = Vec::new();
        for (name, handler) in handlers {
            self.heap.begin();
            self.heap.join(body_writes.clone());
            let inner = Scope::new(ScopeKind::Block, Some(scope.clone()));
            if let Some(name) = name {
                self.variable(&inner, name, Some(Value::Data));
            }
            let handler_flow = self.run_body(handler, &inner);
            ends.push((handler_flow, self.heap.take_back()));
        }
        match flow {
            Flow::Ended => self.leave(body_writes),
            _ => self.heap.apply(body_writes),
        }
        for (handler_flow, writes) in ends {
            match (handler_flow, flow) {
                (Flow::Ended, _) => self.leave(writes),
                (_, Flow::Ended) => {
                    self.heap.apply(writes);
                    flow = handler_flow;
                }
                (_, _) => {
                    self.heap.join(writes);
                    flow = if handler_flow == flow { flow } else { Flow::Next };
                }
            }
        }
        match self.run_block(finally, scope) {
            Flow::Next => flow,
            last => last,
        }
    }
}
