use std::collections::BTreeMap;

use text::{SourceId, Span};
use toml::de::{DeTable, DeValue};

use super::Context;
use documents::value::{Kind, Value};
use documents::{Files, Options};

const FILE: &str = "samconfig.toml";

/// The same file as YAML, which the tool reads where there is no other.
const YAML_FILES: [&str; 2] = ["samconfig.yaml", "samconfig.yml"];

/// The values that `samconfig.toml` beside the template gives to its parameters.
///
/// Source: SAM developer guide, "AWS SAM CLI configuration file": the key `parameter_overrides` of
/// `[environment.deploy.parameters]`, of `global` where `deploy` has none.
pub(super) fn overrides(context: &Context<'_>) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    with_setting(
        context.files,
        context.options,
        context.path,
        "parameter_overrides",
        |id, found| {
            read_overrides(id, found, &mut values);
        },
    );
    if let Some(found) =
        yaml_setting(context.files, context.options, context.path, "parameter_overrides")
    {
        read_yaml_overrides(&found, &mut values);
    }
    values
}

/// The stack's name in `samconfig.toml` beside the template at `path`.
pub fn stack_name(files: &Files, options: &Options, path: &str) -> Option<String> {
    let mut name = None;
    with_setting(files, options, path, "stack_name", |_, found| {
        name = found.get_ref().as_str().map(str::to_owned);
    });
    name.or_else(|| {
        let found = yaml_setting(files, options, path, "stack_name")?;
        found.as_str().map(str::to_owned)
    })
}

/// The setting in a YAML file beside the template at `path`, where there is no TOML file.
fn yaml_setting(files: &Files, options: &Options, path: &str, key: &str) -> Option<Value> {
    let beside = |name: &str| files.resolve(path, name).ok().filter(|path| files.exists(path));
    if beside(FILE).is_some() {
        return None;
    }
    let document = files.document(&YAML_FILES.iter().find_map(|name| beside(name))?).ok()?;
    let table = document.get()?.value.as_ref()?;
    let environment = options.stage.as_deref().unwrap_or("default");
    let environment = table.get(environment).or_else(|| table.get("default"))?;
    ["deploy", "global"]
        .iter()
        .find_map(|command| environment.get(command)?.get("parameters")?.get(key).cloned())
}

fn read_yaml_overrides(found: &Value, values: &mut BTreeMap<String, Value>) {
    for item in found.items() {
        read_yaml_overrides(item, values);
    }
    for member in found.members() {
        if let Some(text) = member.value.scalar_text() {
            let value = Value::new(Kind::Text(text), member.value.span);
            values.insert(member.key.to_string(), value);
        }
    }
    for (name, value) in
        words(found.as_str().unwrap_or_default()).iter().filter_map(|word| assignment(word))
    {
        values.insert(name, Value::text(value, found.span));
    }
}

type Found<'a> = toml::Spanned<DeValue<'a>>;

fn with_setting(
    files: &Files,
    options: &Options,
    path: &str,
    key: &str,
    mut take: impl FnMut(SourceId, &Found<'_>),
) {
    let Ok(path) = files.resolve(path, FILE) else { return };
    if !files.exists(&path) {
        return;
    }
    let Ok(loaded) = files.load(&path) else { return };
    let (table, _) = DeTable::parse_recoverable(&loaded.source.text);
    let environment = options.stage.as_deref().unwrap_or("default");
    let table = table.get_ref();
    let Some(environment) = member(table, environment).or_else(|| member(table, "default")) else {
        return;
    };
    for command in ["deploy", "global"] {
        let found = member(environment, command)
            .and_then(|command| member(command, "parameters"))
            .and_then(|parameters| parameters.get(key));
        if let Some(found) = found {
            take(loaded.id, found);
            return;
        }
    }
}

fn member<'a, 'b>(table: &'a DeTable<'b>, key: &str) -> Option<&'a DeTable<'b>> {
    match table.get(key)?.get_ref() {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

fn read_overrides(id: SourceId, found: &Found<'_>, values: &mut BTreeMap<String, Value>) {
    let range = found.span();
    let span = Span::new(id, range.start, range.end);
    match found.get_ref() {
        DeValue::String(text) => {
            for word in words(text) {
                if let Some((name, value)) = assignment(&word) {
                    values.insert(name, Value::text(value, span));
                }
            }
        }
        DeValue::Array(items) => items.iter().for_each(|item| read_overrides(id, item, values)),
        DeValue::Table(table) => {
            for (name, value) in table.iter() {
                let range = value.span();
                let span = Span::new(id, range.start, range.end);
                let text = match value.get_ref() {
                    DeValue::String(text) => text.to_string(),
                    DeValue::Boolean(value) => value.to_string(),
                    DeValue::Integer(number) => number.to_string(),
                    _ => continue,
                };
                values.insert(name.get_ref().to_string(), Value::text(text, span));
            }
        }
        _ => {}
    }
}

/// `Name=Value`, or the long form `ParameterKey=Name,ParameterValue=Value`.
fn assignment(word: &str) -> Option<(String, String)> {
    if let Some(rest) = word.strip_prefix("ParameterKey=") {
        let (name, value) = rest.split_once(",ParameterValue=")?;
        return Some((name.to_owned(), value.to_owned()));
    }
    word.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
}

/// Splits at white space outside of quotes, which are taken away.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut is_escaped = false;
    for letter in text.chars() {
        match (letter, quote) {
            (letter, _) if is_escaped => {
                word.push(letter);
                is_escaped = false;
            }
            ('\\', _) => is_escaped = true,
            (letter, Some(open)) if letter == open => quote = None,
            ('"' | '\'', None) => quote = Some(letter),
            (letter, None) if letter.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            (letter, _) => word.push(letter),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}
