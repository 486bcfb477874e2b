//! Functions over files within the scanned folder.

use std::rc::Rc;

use super::Call;
use crate::PATH_MARK;
use crate::evaluate::{ParsedTemplate, Scope};
use crate::modules::resolve_path;
use crate::template::Unwrap;
use crate::values::{self, error};
use documents::FileError;
use documents::value::{Kind, Value};

pub(super) fn call(call: &Call<'_>) -> Option<Value> {
    let result = match call.name {
        "file" => path(call).and_then(|path| file(call, &path)),
        "fileexists" => {
            path(call).map(|path| values::boolean(call.evaluator.files.exists(&path), call.span))
        }
        "templatefile" => path(call).and_then(|path| template_file(call, &path)),
        "abspath" | "pathexpand" => call.string(0).map(|text| values::string(text, call.span)),
        "dirname" => call.string(0).map(|text| {
            let folder = text.rsplit_once('/').map_or(".", |(folder, _)| folder);
            values::string(folder, call.span)
        }),
        "basename" => call.string(0).map(|text| {
            let text = text.trim_end_matches('/');
            let name = text.rsplit('/').next().unwrap_or(text);
            values::string(name.trim_start_matches(PATH_MARK), call.span)
        }),
        "filebase64" | "filebase64sha256" | "filebase64sha512" | "filemd5" | "filesha1"
        | "filesha256" | "filesha512" => {
            Ok(call.unknown(format!("`{}` is not computed", call.name)))
        }
        "fileset" => path(call).and_then(|folder| file_set(call, &folder)),
        "templatestring" => Ok(call.unknown("`templatestring` is not evaluated")),
        _ => return None,
    };
    Some(match result {
        Ok(value) | Err(value) => value,
    })
}

fn path(call: &Call<'_>) -> Result<String, Value> {
    let argument = call.arguments.first().ok_or_else(|| error("no path", call.span))?;
    resolve_path(call.evaluator, &call.scope.module, argument).map_err(|why| {
        if why.contains("outside") {
            call.evaluator.problem(&why, call.span);
        }
        call.unknown(why)
    })
}

/// A file's text, with the file's own places.
fn file(call: &Call<'_>, path: &str) -> Result<Value, Value> {
    let evaluator = call.evaluator;
    let loaded = evaluator.files.load(path).map_err(|why| match why {
        // A build's output does not exist yet; a document is part of the source.
        FileError::Missing(_) if !is_document(path) => call.unknown(why.to_string()),
        why => evaluator.lost(why.to_string(), call.span),
    })?;
    evaluator.files_read.borrow_mut().insert(path.to_owned());
    let text = &loaded.source.text;
    let span = text::Span::new(loaded.id, 0, text.len());
    if text.trim_start().starts_with(['{', '[']) {
        let piece = crate::json_text::Piece { part: text::Part::Literal(text.clone()), span };
        let key = (span, text::PartialText::known(text.as_str()));
        evaluator.pieces.borrow_mut().insert(key, Rc::new(vec![piece]));
    }
    Ok(Value::text(text.as_str(), span))
}

fn template_file(call: &Call<'_>, path: &str) -> Result<Value, Value> {
    let evaluator = call.evaluator;
    let known = evaluator.templates.borrow().get(path).cloned();
    let parsed: ParsedTemplate = match known {
        Some(parsed) => parsed,
        None => {
            let parsed =
                evaluator.files.load(path).map_err(|why| why.to_string()).and_then(|loaded| {
                    match hcl_edit::parser::parse_template(&loaded.source.text) {
                        Ok(template) => Ok((Rc::new(template), loaded.id)),
                        Err(failed) => {
                            Err(format!("the template `{path}` is not valid: {}", failed.message()))
                        }
                    }
                });
            evaluator.templates.borrow_mut().insert(path.to_owned(), parsed.clone());
            parsed
        }
    };
    let (template, source) = parsed.map_err(|why| evaluator.lost(why, call.span))?;
    evaluator.files_read.borrow_mut().insert(path.to_owned());
    // A template sees the names it is given and nothing of the module.
    let mut scope = Scope::of(&call.scope.module, source);
    match call.arguments.get(1).map(|names| &names.kind) {
        Some(Kind::Map(members)) => {
            for member in members {
                scope = scope.with(&member.key, member.value.clone());
            }
        }
        Some(Kind::Unknown(why)) => return Err(call.unknown(why.clone())),
        _ => {}
    }
    let loaded = evaluator.files.load(path).map_err(|why| call.unknown(why.to_string()))?;
    let span = text::Span::new(source, 0, loaded.source.text.len());
    Ok(evaluator.template(&template, span, &scope, Unwrap::Never))
}

fn is_document(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    matches!(extension, "json" | "yaml" | "yml" | "tpl" | "tftpl" | "tmpl")
}

/// Files of one folder by a pattern of at most one `*` in its last part; others are not evaluated.
fn file_set(call: &Call<'_>, folder: &str) -> Result<Value, Value> {
    let whole = call.string(1)?;
    let (inner, pattern) = whole.rsplit_once('/').unwrap_or(("", &whole));
    let parts: Vec<&str> = pattern.split('*').collect();
    let files = call.evaluator.files;
    let listed = files.resolve_in(folder, inner);
    let listed = listed.map_err(|why| call.unknown(why.to_string()))?;
    if inner.contains(['*', '?', '{', '[']) || pattern.contains(['?', '{', '[']) || parts.len() > 2
    {
        return Ok(call.unknown(format!("the files of `{whole}` are not listed")));
    }
    let (start, end) = match parts.as_slice() {
        [start, end] => (*start, *end),
        _ => (pattern, ""),
    };
    let names = files.names_in(&listed).into_iter().filter(|name| {
        name.starts_with(start) && name.ends_with(end) && (parts.len() == 2 || *name == pattern)
    });
    let inside = |name: String| match inner {
        "" => name,
        inner => format!("{inner}/{name}"),
    };
    Ok(call.list(names.map(|name| values::string(inside(name), call.span)).collect()))
}
