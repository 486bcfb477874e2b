//! What the archives of a configuration are made of: the code that a function of them runs.

use std::rc::Rc;

use super::PATH_MARK;
use super::configuration::Mode;
use super::evaluate::Evaluator;
use super::module::{Instance, Module};
use super::modules::resolve_path;
use super::syntax::Block;
use super::values;
use documents::value::Value;

/// The data source that makes an archive.
const ARCHIVE: &str = "archive_file";

/// The path of what is packed.
fn packed(evaluator: &Evaluator<'_>, module: &Rc<Module>, archive: &Value) -> Option<Value> {
    let named = ["source_dir", "source_file"].iter().find_map(|name| archive.get(name));
    let first_of_several = || archive.get("source")?.items().first()?.get("filename");
    let value = named.or_else(first_of_several)?;
    Some(match resolve_path(evaluator, module, value) {
        Ok(path) => Value::text(path, value.span),
        Err(why) => Value::unknown(why, value.span),
    })
}

/// The path under which an archive is known to what uses it, marked: where it is written or, if
/// that is not known, what is packed.
pub(super) fn output_path(
    evaluator: &Evaluator<'_>,
    module: &Rc<Module>,
    archive: &Value,
) -> Option<Value> {
    let packed = packed(evaluator, module, archive)?;
    let written = archive.get("output_path");
    let written =
        written.and_then(|path| Some((resolve_path(evaluator, module, path).ok()?, path.span)));
    match (written, packed.as_str()) {
        (Some((path, span)), _) => {
            evaluator.archives.borrow_mut().insert(path.clone(), packed);
            Some(Value::text(format!("{PATH_MARK}{path}"), span))
        }
        (None, Some(path)) => Some(Value::text(format!("{PATH_MARK}{path}"), packed.span)),
        (None, None) => Some(Value::unknown(values::why(&packed), packed.span)),
    }
}

/// The code at a path that a function or layer says: what its archive is made of, or the path
/// itself.
pub(super) fn code(
    evaluator: &Evaluator<'_>,
    instance: &Rc<Instance>,
    block: &Block,
    said: &Value,
) -> Option<Value> {
    let path = resolve_path(evaluator, &instance.module, &Value::text(said.as_str()?, said.span));
    let path = path.ok()?;
    read_all(evaluator, &instance.module);
    let archive = evaluator.archives.borrow().get(&path).cloned();
    Some(match archive.or_else(|| hashed(evaluator, instance, block)) {
        Some(archive) => Value { span: said.span, origin: said.origin, ..archive },
        None => Value { origin: said.origin, ..Value::text(path, said.span) },
    })
}

/// The archive that the hash of the code names.
fn hashed(evaluator: &Evaluator<'_>, instance: &Rc<Instance>, block: &Block) -> Option<Value> {
    let hash = block.body.attribute("source_code_hash")?.span;
    let source = evaluator.source(hash.source)?;
    let (_, rest) = source.slice(hash).split_once("data.archive_file.")?;
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '-').next()?;
    let data = evaluator.resource_value(&instance.module, Mode::Data, ARCHIVE, name, hash);
    let path = data.get("output_path")?.as_str()?.trim_start_matches(PATH_MARK).to_owned();
    evaluator.archives.borrow().get(&path).cloned()
}

/// Evaluates the archives of a module and of those that call it, which makes them known.
fn read_all(evaluator: &Evaluator<'_>, module: &Rc<Module>) {
    let mut next = Some(module);
    while let Some(module) = next {
        for block in &module.configuration.data {
            if let [kind, name] = block.labels.as_slice()
                && kind == ARCHIVE
            {
                evaluator.resource_value(module, Mode::Data, kind, name, block.said);
            }
        }
        next = module.call.as_ref().map(|call| &call.parent);
    }
}
