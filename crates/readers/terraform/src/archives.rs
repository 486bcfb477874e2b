//! What the archives of a configuration are made of: the code that a function of them runs.

use std::rc::Rc;

use text::{Part, Span};

use super::PATH_MARK;
use super::assemble;
use super::configuration::Mode;
use super::evaluate::Evaluator;
use super::module::{Instance, Module};
use super::modules::resolve_path;
use super::syntax::Block;
use super::values;
use documents::value::{Kind, Value};

/// The data source that makes an archive.
const ARCHIVE: &str = "archive_file";

/// Resources that upload a file.
const OBJECTS: &[&str] = &["aws_s3_object", "aws_s3_bucket_object"];

/// What an archive is made of: the path of a file or folder, or the files written into it.
fn packed(evaluator: &Evaluator<'_>, module: &Rc<Module>, archive: &Value) -> Option<Value> {
    let named = ["source_dir", "source_file"].iter().find_map(|name| archive.get(name));
    let written = written(archive);
    let value = match (named, written.items().first()) {
        (Some(named), _) => named,
        (None, Some(first)) if is_inline(first, archive) => return Some(written),
        (None, first) => first?.get("filename")?,
    };
    let is_file = archive.get("source_dir").is_none();
    Some(match resolve_path(evaluator, module, value) {
        // A program that is yet to be built: its source lies beside it.
        Ok(path) if is_file && !evaluator.files.exists(&path) => {
            let folder = path.rsplit_once('/').map_or(".", |(folder, _)| folder);
            Value::text(folder, value.span)
        }
        Ok(path) => Value::text(path, value.span),
        Err(why) => Value::unknown(why, value.span),
    })
}

/// The files that are written into the archive, each with `filename` and `content`.
fn written(archive: &Value) -> Value {
    let single = || {
        let name = archive.get("source_content_filename")?.clone();
        let content = archive.get("source_content")?.clone();
        Some(Value::map([("filename", name), ("content", content)], archive.span))
    };
    match archive.get("source") {
        Some(files) => files.clone(),
        None => Value::list(single(), archive.span),
    }
}

/// Whether a file's content stands in the configuration, and not in a file of its own.
fn is_inline(file: &Value, archive: &Value) -> bool {
    file.get("content").is_some_and(|content| content.span.source == archive.span.source)
}

/// The path that an archive goes by, marked: where it is written or, if that is not known, its
/// address.
pub(super) fn output_path(
    evaluator: &Evaluator<'_>,
    instance: &Instance,
    archive: &Value,
) -> Option<Value> {
    let packed = packed(evaluator, &instance.module, archive)?;
    let output = archive.get("output_path");
    let output = output.and_then(|path| resolve_path(evaluator, &instance.module, path).ok());
    let path = output.unwrap_or_else(|| instance.id.to_string());
    let marked = Value::text(format!("{PATH_MARK}{path}"), packed.span);
    evaluator.archives.borrow_mut().insert(path, packed);
    Some(marked)
}

/// The code at a path that a function or layer says: what its archive is made of, or the path
/// itself.
pub(super) fn code(
    evaluator: &Evaluator<'_>,
    instance: &Rc<Instance>,
    block: &Block,
    said: &Value,
) -> Option<Value> {
    let path = match &said.kind {
        Kind::Map(_) => uploaded(evaluator, instance, said)?,
        _ => {
            let path = Value::text(said.as_str()?, said.span);
            resolve_path(evaluator, &instance.module, &path).ok()?
        }
    };
    read_all(evaluator, &instance.module);
    let archive = evaluator.archives.borrow().get(&path).cloned();
    let archive = archive.or_else(|| hashed(evaluator, instance, block));
    Some(match archive {
        Some(Value { kind: Kind::List(files), .. }) => {
            let scope = instance.scope(block.extent.source);
            let handler = block.body.attribute("handler");
            let handler = handler.map(|handler| evaluator.attribute(handler, &scope));
            inline(&files, handler.and_then(|handler| values::as_string(&handler)), said.span)
        }
        Some(archive) => Value { span: said.span, origin: said.origin, ..archive },
        None => Value { origin: said.origin, ..Value::text(path, said.span) },
    })
}

/// The file that a handler names, of those that are written into its archive.
fn inline(files: &[Value], handler: Option<String>, span: Span) -> Value {
    let Some(handler) = handler else { return Value::unknown("its handler is not known", span) };
    let stem = |path: &str| path.rsplit_once('.').map(|(stem, _)| stem.to_owned());
    let is_named = |file: &&Value| {
        let name = file.get("filename").and_then(values::as_string);
        name.is_some_and(|name| stem(&name) == stem(&handler))
    };
    match files.iter().find(is_named).and_then(|file| file.get("content")) {
        Some(content) if matches!(content.kind, Kind::Text(_)) => {
            Value::map([("ZipFile", content.clone())], content.span)
        }
        Some(content) => content.clone(),
        None => Value::unknown(format!("its archive has no file for handler `{handler}`"), span),
    }
}

/// The path of the file that the configuration uploads where the code is taken from.
fn uploaded(evaluator: &Evaluator<'_>, instance: &Rc<Instance>, said: &Value) -> Option<String> {
    let (bucket, key) = (said.get("S3Bucket")?, said.get("S3Key")?);
    let mut next = Some(&instance.module);
    while let Some(module) = next {
        for block in &module.configuration.resources {
            let [kind, name] = block.labels.as_slice() else { continue };
            if !OBJECTS.contains(&kind.as_str()) {
                continue;
            }
            let expansion = evaluator.expansion(module, Mode::Managed, kind, name);
            let Some(expansion) = expansion else { continue };
            for (_, object) in &expansion.instances {
                let scope = object.scope(block.extent.source);
                let argument =
                    |name: &str| Some(evaluator.attribute(block.body.attribute(name)?, &scope));
                let is_it = assemble::entity(key) == Some(&object.id)
                    || argument("key").is_some_and(|own| is_same(&own, key))
                        && argument("bucket").is_some_and(|own| is_same(&own, bucket));
                if is_it {
                    return resolve_path(evaluator, module, &argument("source")?).ok();
                }
            }
        }
        next = module.call.as_ref().map(|call| &call.parent);
    }
    None
}

/// Whether two texts are surely the same: of unknown parts nothing is known.
fn is_same(first: &Value, second: &Value) -> bool {
    match (&first.kind, &second.kind) {
        (Kind::Text(text), _) => {
            let is_unknown = |part: &Part| matches!(part, Part::Unknown(_));
            !text.parts().iter().any(is_unknown) && values::same(first, second)
        }
        _ => false,
    }
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
