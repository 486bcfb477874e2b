//! A service's parts that every provider has.

use app_graph::{InsertionPoint, Syntax};
use text::{Problem, Span};

use super::variables::Resolver;
use documents::value::{Kind, Value};

/// A service with its variables resolved.
pub(super) struct Service {
    /// Its name.
    pub(super) name: Value,
    /// Major version of the framework that the service asks for, the lowest of a range.
    pub(super) framework_version: Option<u32>,
    /// The stage that is deployed.
    pub(super) stage: Value,
    /// `aws`, `google`, … in lower case.
    pub(super) provider_name: String,
    /// The `provider` section, a mapping.
    pub(super) provider: Value,
    /// Where the provider is declared.
    pub(super) provider_key: Span,
    /// Where a property can be added to the provider.
    pub(super) provider_insertion: Option<InsertionPoint>,
    /// The `custom` section's parts that matter, by need.
    pub(super) plugins: Vec<String>,
    /// Whether there may be more plugins than are known.
    has_unknown_plugins: bool,
    /// The functions.
    pub(super) functions: Vec<FunctionEntry>,
    /// What is wrong with it.
    pub(super) problems: Vec<Problem>,
}

/// One function as written.
pub(super) struct FunctionEntry {
    /// Its key.
    pub(super) key: String,
    /// Where the key is written.
    pub(super) key_span: Span,
    /// Its settings: a mapping, or unknown.
    pub(super) value: Value,
}

impl FunctionEntry {
    /// The key and the settings.
    pub(super) fn extent(&self) -> Span {
        let value = self.value.span;
        let follows = value.source == self.key_span.source && value.end >= self.key_span.start;
        if follows { Span { start: self.key_span.start, ..value } } else { self.key_span }
    }

    /// Where a property can be added: in front of the first.
    pub(super) fn insertion(&self, resolver: &Resolver<'_>) -> Option<InsertionPoint> {
        insertion(&self.value, resolver)
    }
}

fn insertion(section: &Value, resolver: &Resolver<'_>) -> Option<InsertionPoint> {
    let first = section.members().first()?.key_span;
    let at = Span { end: first.start, ..first };
    let indent = resolver.indent_at(at)?;
    let written = section.members().iter().map(|member| member.key.to_string()).collect();
    Some(InsertionPoint {
        at,
        indent,
        syntax: Syntax::ServerlessYaml,
        written,
        around: None,
        passed: None,
    })
}

impl Service {
    /// Whether an older framework is asked for; where nothing is, the newest reads the service.
    pub(super) fn is_before_version_3(&self) -> bool {
        self.framework_version.is_some_and(|version| version < 3)
    }

    /// Reads the parts, everything that is wrong at its place.
    pub(super) fn read(resolver: &mut Resolver<'_>, root: &Value) -> Self {
        let mut problems = Vec::new();
        let mut name = resolver.section("service");
        if let Some(inner) = name.get("name") {
            name = inner.clone();
        }
        if name.scalar_text().is_none() {
            name = Value::unknown("the service's name is not known", name.span);
        }
        let mut provider = resolver.section("provider");
        if provider.as_str().is_some() {
            let span = provider.span;
            provider = Value::map([("name", provider)], span);
        }
        let provider_insertion = insertion(&provider, resolver);
        let provider_name = provider.get("name").and_then(Value::as_str).map(str::to_lowercase);
        let provider_name = provider_name.unwrap_or_else(|| {
            problems.push(
                Problem::incomplete("the service names no provider", provider.span.into())
                    .help("it is read as a service for `aws`"),
            );
            "aws".to_owned()
        });
        let version = resolver.section("frameworkVersion");
        let version = version.scalar_text().unwrap_or_default().with_holes("");
        let mut numbers = version.split(|letter: char| !letter.is_ascii_digit());
        let framework_version = numbers.find_map(|number| number.parse().ok());
        let stage = resolver.stage();
        let functions = functions(&resolver.section("functions"), &mut problems);
        let provider_key = root.member("provider").map_or(root.span, |member| member.key_span);
        let plugins = resolver.section("plugins");
        // Versions 1 and 2 allow a mapping with the list under `modules`.
        let plugins = plugins.get("modules").unwrap_or(&plugins);
        let is_unknown = |value: &Value| !value.is_null() && value.as_str().is_none();
        let has_unknown_plugins = match &plugins.kind {
            Kind::List(items) => items.iter().any(is_unknown),
            _ => !plugins.is_null(),
        };
        let plugins = plugins.items().iter().filter_map(Value::as_str).map(str::to_owned).collect();
        Self {
            name,
            framework_version,
            stage,
            provider_name,
            provider,
            provider_key,
            provider_insertion,
            plugins,
            has_unknown_plugins,
            functions,
            problems,
        }
    }

    /// Whether a plugin is used.
    pub(super) fn has_plugin(&self, name: &str) -> bool {
        self.plugins.iter().any(|plugin| plugin == name)
    }

    /// Whether a plugin is used as far as is known.
    pub(super) fn may_have_plugin(&self, name: &str) -> bool {
        self.has_unknown_plugins || self.has_plugin(name)
    }
}

fn functions(section: &Value, problems: &mut Vec<Problem>) -> Vec<FunctionEntry> {
    let mut found: Vec<FunctionEntry> = Vec::new();
    let sections = match &section.kind {
        Kind::List(items) => items.iter().collect(),
        _ => vec![section],
    };
    for section in sections {
        match &section.kind {
            Kind::Null => {}
            Kind::Map(members) => {
                for member in members {
                    let entry = FunctionEntry {
                        key: member.key.to_string(),
                        key_span: member.key_span,
                        value: member.value.clone(),
                    };
                    if let Some(problem) = wrong_with(&entry) {
                        problems.push(problem);
                    }
                    match found.iter_mut().find(|other| other.key == entry.key) {
                        // A later mapping of the list adds to the function of an earlier one.
                        Some(other) => other.value = merged(&other.value, &entry.value),
                        None => found.push(entry),
                    }
                }
            }
            Kind::Unknown(why) => problems.push(Problem::incomplete(
                format!("functions could not be read: {why}"),
                section.span.into(),
            )),
            _ => problems.push(Problem::incomplete(
                "functions were expected here, each under its name",
                section.span.into(),
            )),
        }
    }
    found
}

fn wrong_with(entry: &FunctionEntry) -> Option<Problem> {
    let key = &entry.key;
    let message = match &entry.value.kind {
        Kind::Map(_) => return None,
        Kind::Null => format!("function `{key}` is empty"),
        Kind::Unknown(why) => format!("function `{key}` could not be read: {why}"),
        _ => format!("function `{key}` is not a mapping of settings"),
    };
    Some(Problem::incomplete(message, entry.key_span.into()))
}

/// Two values merged as the framework merges them: mappings member by member, lists item by item.
pub(super) fn merged(under: &Value, over: &Value) -> Value {
    match (&under.kind, &over.kind) {
        (_, Kind::Null) => under.clone(),
        (Kind::Map(old), Kind::Map(new)) => {
            let mut members = old.clone();
            for member in new {
                match members.iter_mut().find(|other| other.key == member.key) {
                    Some(other) => {
                        other.value = merged(&other.value, &member.value);
                        other.key_span = member.key_span;
                    }
                    None => members.push(member.clone()),
                }
            }
            Value { kind: Kind::Map(members), ..over.clone() }
        }
        (Kind::List(old), Kind::List(new)) => {
            let mut items = old.clone();
            for (index, item) in new.iter().enumerate() {
                match items.get_mut(index) {
                    Some(other) => *other = merged(other, item),
                    None => items.push(item.clone()),
                }
            }
            Value { kind: Kind::List(items), ..over.clone() }
        }
        _ => over.clone(),
    }
}
