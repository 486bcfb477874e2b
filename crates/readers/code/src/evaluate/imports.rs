//! Modules: found, parsed once, run once.

use std::rc::Rc;

use text::{Problem, Span};

use super::heap::Slot;
use super::scope::{Scope, ScopeKind};
use super::{Evaluator, Frame, ModuleValue, Value};
use crate::language::{Found, ModuleFiles};
use crate::tree::{self, Declares, Import, Imported};

impl Evaluator<'_> {
    /// Runs an import.
    pub(super) fn import(&mut self, import: &Import, at: Span, scope: &Rc<Scope>) {
        let module = self.load(&import.source, at);
        match &import.names {
            Imported::Nothing => {}
            Imported::Module(name) => self.bind_import(name, module, scope),
            Imported::Names(names) => {
                for (outside, inside) in names {
                    let value = match (&module, outside.as_str()) {
                        (Value::Foreign(_), "default") => module.clone(),
                        (module, outside) => self.member(module, outside, at),
                    };
                    self.bind_import(inside, value, scope);
                }
            }
            Imported::All => self.import_all(&module, scope),
        }
    }

    /// Files of one module have imports of their own.
    fn bind_import(&mut self, name: &str, value: Value, scope: &Rc<Scope>) {
        self.bind_name(name, value, Declares::Function, scope);
    }

    fn import_all(&mut self, module: &Value, scope: &Rc<Scope>) {
        if let Value::Foreign(_) = module {
            // Any name may come from there.
            self.bind_name("*", module.clone(), Declares::Module, scope);
        }
        let Value::Module(module) = module else { return };
        for (name, address) in module.scope.names() {
            if !name.starts_with('_')
                && let Some(Slot::Variable(Some(value))) = self.heap.slot(address).cloned()
            {
                self.bind_import(&name, value, scope);
            }
        }
        let exports = self.heap.map(module.exports).cloned().unwrap_or_default();
        for (name, value) in exports.entries {
            if let Some(name) = name.literal() {
                self.bind_import(name, value, scope);
            }
        }
    }

    /// The module that an import of `source` leads to, from the file that `at` lies in.
    pub(crate) fn load(&mut self, source: &str, at: Span) -> Value {
        let from = self.paths.get(&at.source).cloned().unwrap_or_default();
        match self.language.find(self.files, self.entry, &from, source) {
            Found::Module(files) => match self.load_module(&files, Some(at)) {
                Ok(module) => Value::Module(module),
                Err(reason) => Value::unknown(reason),
            },
            Found::Foreign(name) => Value::foreign(name),
            Found::Missing(reason) => {
                self.problem(Problem::incomplete(reason.clone(), at.into()));
                Value::unknown(reason)
            }
        }
    }

    /// Loads a module and runs it, unless it was loaded before.
    pub(super) fn load_module(
        &mut self,
        files: &ModuleFiles,
        at: Option<Span>,
    ) -> Result<Rc<ModuleValue>, String> {
        if let Some(module) = self.modules.get(&files.key) {
            return Ok(module.clone());
        }
        let mut parsed = Vec::new();
        for path in &files.files {
            parsed.push(self.parse(path)?);
        }
        let scope = Scope::new(ScopeKind::Module, None);
        let exports = self.heap.add(Slot::Map(Rc::default()));
        let span = parsed.first().map(|module| module.span);
        let module =
            Rc::new(ModuleValue { files: files.clone(), scope: scope.clone(), exports, span });
        self.modules.insert(files.key.clone(), module.clone());
        self.frames.push(Frame {
            closure: None,
            at: at.or(span).unwrap_or_else(|| Span::file(text::SourceId(0))),
            returns: Vec::new(),
            yields: Vec::new(),
            exits: Vec::new(),
        });
        self.language.prepare(self, &module);
        match self.language.arrange(self.files, &parsed) {
            Some(body) => drop(self.run_body(&body, &scope)),
            None => {
                for tree in &parsed {
                    let _ = self.run_body(&tree.body, &scope);
                }
            }
        }
        self.frames.pop();
        self.call_given();
        Ok(module)
    }

    /// The tree of a file, parsed once for all functions.
    fn parse(&mut self, path: &str) -> Result<Rc<tree::Module>, String> {
        if let Some((module, problems)) = self.parse_inline(path) {
            problems.into_iter().for_each(|problem| self.problem(problem));
            self.paths.insert(module.span.source, path.to_owned());
            return Ok(Rc::new(module));
        }
        let known = self.parsed.borrow().get(path).cloned();
        let read = match known {
            Some(read) => read,
            None => {
                let read = Rc::new(self.read_file(path));
                self.parsed.borrow_mut().insert(path.to_owned(), read.clone());
                read
            }
        };
        let (module, problems) = match &*read {
            Ok(read) => read,
            Err(reason) => return Err(reason.clone()),
        };
        self.paths.insert(module.span.source, path.to_owned());
        problems.iter().for_each(|problem| self.problem(problem.clone()));
        Ok(module.clone())
    }

    fn read_file(&self, path: &str) -> Result<super::ParsedFile, String> {
        let loaded = self.files.load(path).map_err(|error| error.to_string())?;
        let (module, problems) = self.language.parse(&loaded.source.text, loaded.id, path);
        Ok((Rc::new(module), problems))
    }
}
