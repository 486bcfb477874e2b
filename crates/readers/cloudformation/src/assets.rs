//! Where code lies that a template names by a path, before packaging uploads it.

use documents::Files;
use documents::declaration::{ASSET_PATH, Declaration};
use documents::value::{Kind, Value};

use crate::resources::set_asset_path;

/// Says for functions and layers where their code lies, as a path of the scan's files, where the
/// template names a path relative to its own folder.
pub(super) fn locate(declarations: &mut [Declaration], template: &str, files: &Files) {
    for declaration in declarations {
        let key = match declaration.kind.as_str() {
            "AWS::Lambda::Function" => "Code",
            "AWS::Lambda::LayerVersion" => "Content",
            _ => continue,
        };
        if declaration.properties.get(ASSET_PATH).is_some() {
            continue;
        }
        let Some(member) = declaration.properties.member(key) else { continue };
        let key_span = member.key_span;
        let Some(path) = located(&member.value, template, files) else { continue };
        if let Kind::Map(members) = &mut declaration.properties.kind {
            set_asset_path(members, &path, key_span);
        }
    }
}

/// The path that a text says, resolved; an object's address stays what it is.
fn located(value: &Value, template: &str, files: &Files) -> Option<Value> {
    let relative = value.as_str().filter(|path| !path.contains("://"))?;
    Some(match files.resolve(template, relative) {
        Ok(path) if path.is_empty() => Value::text(".", value.span),
        Ok(path) => Value::text(path, value.span),
        Err(error) => Value::unknown(error.to_string(), value.span),
    })
}
