use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::heap::Address;

/// Names and where their values lie.
#[derive(Debug)]
pub(crate) struct Scope {
    /// What it is the scope of.
    pub(crate) kind: ScopeKind,
    /// The scope around it.
    pub(crate) parent: Option<Rc<Scope>>,
    names: RefCell<HashMap<Rc<str>, Address>>,
}

/// What a scope belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ScopeKind {
    /// A module, or one file of it.
    Module,
    /// The body of a class: its names are not seen from its functions.
    Class,
    /// A call of a function.
    Function,
    /// Statements within.
    Block,
}

impl Scope {
    /// A scope within another.
    pub(crate) fn new(kind: ScopeKind, parent: Option<Rc<Scope>>) -> Rc<Self> {
        Rc::new(Self { kind, parent, names: RefCell::default() })
    }

    /// Where a name's value lies, in this scope alone.
    pub(crate) fn own(&self, name: &str) -> Option<Address> {
        self.names.borrow().get(name).copied()
    }

    /// Where a name's value lies, here or around.
    pub(crate) fn find(&self, name: &str) -> Option<Address> {
        let mut scope = Some(self);
        while let Some(current) = scope {
            if let Some(address) = current.own(name) {
                return Some(address);
            }
            scope = current.parent.as_deref();
        }
        None
    }

    /// Gives a name a place.
    pub(crate) fn declare(&self, name: &str, address: Address) {
        self.names.borrow_mut().insert(Rc::from(name), address);
    }

    /// Names with their places.
    pub(crate) fn names(&self) -> Vec<(Rc<str>, Address)> {
        self.names.borrow().iter().map(|(name, address)| (name.clone(), *address)).collect()
    }
}

/// The innermost scope of that kind around a scope, or the outermost there is.
pub(crate) fn enclosing(scope: &Rc<Scope>, kinds: &[ScopeKind]) -> Rc<Scope> {
    let mut current = scope.clone();
    while !kinds.contains(&current.kind) {
        match &current.parent {
            Some(parent) => current = parent.clone(),
            None => break,
        }
    }
    current
}
