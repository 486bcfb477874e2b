//! Services on platforms whose schema no other format shares, in neutral words:
//! `Serverless::Function` and `Serverless::Trigger`.
//!
//! Source: the Serverless Framework's guides of its providers, and the plugins
//! serverless-openwhisk, serverless-kubeless, serverless-knative, serverless-fn,
//! serverless-aliyun-function-compute, serverless-tencent-scf, serverless-huawei-functions,
//! serverless-cloudflare-workers, serverless-spotinst-functions and serverless-twilio-runtime.

use text::{EntityId, PartialText};

use super::others::{declaration, events, function_name, generated, take, text_value};
use super::service::{FunctionEntry, Service, merged};
use documents::declaration::{Declaration, Declared, Maker};
use documents::value::{Kind, Member, Value};

/// How a platform's words differ from the others'.
struct Platform {
    name: &'static str,
    /// Where a function's variables stand, at the function and at the provider.
    environment: &'static [&'static str],
    /// Who may call a route of which nothing is said.
    routes: Callers,
}

enum Callers {
    /// Anyone: the platform makes a public address.
    Anyone,
    /// Something outside of the service decides.
    Unknown(&'static str),
}

const fn row(
    name: &'static str,
    environment: &'static [&'static str],
    routes: Callers,
) -> Platform {
    Platform { name, environment, routes }
}

const PLATFORMS: &[Platform] = &[
    // Its gateway's endpoints are public; parameters bound to an action stand for variables.
    row("openwhisk", &["parameters"], Callers::Anyone),
    row("kubeless", &["environment"], Callers::Unknown("the cluster's ingress decides")),
    row("knative", &["environment"], Callers::Unknown("the cluster's ingress decides")),
    row("fn", &["config", "environment"], Callers::Unknown("the Fn server decides")),
    row("aliyun", &["environmentVariables", "environment"], Callers::Anyone),
    row("tencent", &["environment"], Callers::Anyone),
    row("huawei", &["environment"], Callers::Unknown("the platform's gateway decides")),
    row("cloudflare", &["environment"], Callers::Anyone),
    row("spotinst", &["environmentVariables"], Callers::Anyone),
    // Its `environment` names a domain.
    row("twilio", &["environmentVars"], Callers::Unknown("`access` is not said")),
];

/// Declares the functions and their triggers; false for a provider that is not known.
pub(super) fn declare(provider: &str, service: &Service, declared: &mut Declared) -> bool {
    let Some(platform) = PLATFORMS.iter().find(|platform| platform.name == provider) else {
        return false;
    };
    for function in &service.functions {
        declare_function(platform, service, function, declared);
        let mut triggers = Triggers { platform, function, count: 0, declared };
        let events = events(function, &mut triggers.declared.problems);
        for event in events {
            triggers.event(event);
        }
        triggers.of_settings(service);
    }
    true
}

fn declare_function(
    platform: &Platform,
    service: &Service,
    function: &FunctionEntry,
    declared: &mut Declared,
) {
    let own = &function.value;
    let both = [own, &service.provider];
    let mut properties = vec![generated("name", function_name(service, function), function)];
    take(&mut properties, "runtime", &both, "runtime");
    take(&mut properties, "timeout", &both, "timeout");
    take(&mut properties, "memory", &[own], "memory");
    take(&mut properties, "memory", &[own], "memorySize");
    take(&mut properties, "memory", &[&service.provider], "memory");
    take(&mut properties, "memory", &[&service.provider], "memorySize");
    // What is no recipe for an image is the image itself.
    let is_image = own.get("handler").and_then(Value::as_str).is_some_and(|handler| {
        platform.name == "knative" && !handler.to_lowercase().ends_with("dockerfile")
    });
    take(&mut properties, if is_image { "image" } else { "handler" }, &[own], "handler");
    take(&mut properties, "handler", &[own], "script");
    let environment = platform.environment.iter().find_map(|key| environment(service, own, key));
    if let Some(environment) = environment {
        properties.push(generated("environment", environment, function));
    }
    declared.declarations.push(declaration("Serverless::Function", function, properties));
}

/// The variables of the provider and of the function, the latter's on top.
fn environment(service: &Service, own: &Value, key: &str) -> Option<Value> {
    let at = |section: &Value| {
        let found = section.get(key).filter(|value| !value.is_null())?;
        // Some platforms have one more level.
        let inner = found.get("variables").filter(|inner| !inner.members().is_empty());
        Some(inner.unwrap_or(found).clone())
    };
    match (at(&service.provider), at(own)) {
        (Some(shared), Some(own)) => Some(merged(&shared, &own)),
        (shared, own) => own.or(shared),
    }
}

/// Words for the route's path, for its method, and for what sends the events.
const PATHS: &[&str] = &["path", "url"];
const METHODS: &[&str] = &["method", "httpMethod"];
const SOURCES: &[&str] = &[
    "trigger",
    "topic",
    "queue",
    "sourceArn",
    "bucket",
    "db",
    "rate",
    "schedule",
    "cronExpression",
    "value",
    "name",
];
const SWITCHES: &[&str] = &["active", "enable", "enabled"];

/// Declares what triggers one function.
struct Triggers<'a> {
    platform: &'a Platform,
    function: &'a FunctionEntry,
    count: u32,
    declared: &'a mut Declared,
}

impl Triggers<'_> {
    /// An entry of `events`: a mapping of its kind to its settings.
    fn event(&mut self, event: &Value) {
        if let Some(kind) = event.as_str() {
            let nothing = Value::new(Kind::Null, event.span);
            let member = Member { key: kind.into(), key_span: event.span, value: nothing };
            return self.settings(&member, &member.value);
        }
        let Some(first) = event.members().first() else {
            let why = match &event.kind {
                Kind::Unknown(why) => why,
                _ => "it is not a mapping of a kind to its settings",
            };
            let message = format!("an event of `{}` could not be read: {why}", self.function.key);
            let problem = text::Problem::incomplete(message, event.span.into());
            return self.declared.problems.push(problem);
        };
        // Settings indented no deeper than the kind stand beside it.
        self.settings(first, if first.value.is_null() { event } else { &first.value });
    }

    fn settings(&mut self, kind: &Member, settings: &Value) {
        let mut properties = Vec::new();
        let levels = [Some(settings), settings.get("parameters")];
        let levels: Vec<&Value> = levels.into_iter().flatten().collect();
        for (property, words) in
            [("path", PATHS), ("method", METHODS), ("source", SOURCES), ("enabled", SWITCHES)]
        {
            for word in words {
                take(&mut properties, property, &levels, word);
            }
        }
        let is_web = matches!(&*kind.key, "http" | "apigw");
        let is_switch = matches!(settings.kind, Kind::Bool(_));
        if settings.scalar_text().is_some() && !is_switch {
            if is_web {
                properties.extend(route_members(settings));
            } else {
                properties.push(member("source", settings.clone()));
            }
        } else if let Kind::Unknown(why) = &settings.kind {
            let unknown = Value::unknown(why.clone(), settings.span);
            properties.push(member(if is_web { "access" } else { "source" }, unknown));
        }
        if is_web {
            // Tencent's gateway takes this method by default.
            let has_method = properties.iter().any(|property| &*property.key == "method");
            if self.platform.name == "tencent" && !has_method {
                properties.push(member("method", Value::text("GET", kind.key_span)));
            }
            // Alibaba's gateway asks nobody unless told to.
            let said = settings.get("AuthType").or_else(|| settings.get("authType"));
            let access = said.map(|said| match said.as_str() {
                Some("ANONYMOUS") => Value::text("anyone", said.span),
                Some(_) => Value::text("key", said.span),
                None => Value::unknown("the authentication is not known", said.span),
            });
            properties.extend(access.map(|access| member("access", access)));
        }
        self.add(kind, is_web, properties);
    }

    /// What a platform writes as a setting of the function.
    fn of_settings(&mut self, service: &Service) {
        let own = &self.function.value;
        match self.platform.name {
            "openwhisk" => {
                self.web_action();
                self.sequence(service);
            }
            "spotinst" => {
                if let Some(cron) = own.member("cron").filter(|cron| !cron.value.is_null()) {
                    self.settings(cron, &cron.value);
                }
                // Functions are private by default.
                if let Some(access) = own.member("access") {
                    self.access(access);
                }
            }
            "twilio" => {
                let access = own.member("access").or_else(|| own.member("path"));
                if let Some(access) = access {
                    self.access(access);
                }
            }
            _ => {}
        }
    }

    /// `public`, `protected` (to requests that the platform signs) or `private` (no address).
    fn access(&mut self, said: &Member) {
        let mut properties = Vec::new();
        take(&mut properties, "path", &[&self.function.value], "path");
        if &*said.key == "access" {
            let word = match said.value.as_str() {
                Some("private") => return,
                Some("public") => Value::text("anyone", said.value.span),
                Some("protected") => Value::text("signed", said.value.span),
                _ => Value::unknown("`access` is not known", said.value.span),
            };
            properties.push(member("access", word));
        }
        let kind = Member { key: "http".into(), ..said.clone() };
        self.add(&kind, true, properties);
    }

    /// An action with an address of its own, which may ask for the key in a header.
    fn web_action(&mut self) {
        let own = &self.function.value;
        let Some(annotations) = own.get("annotations") else { return };
        let Some(exported) = annotations.member("web-export") else { return };
        if exported.value.scalar_text().is_some_and(|text| text.literal() == Some("false")) {
            return;
        }
        let key = annotations.get("require-whisk-auth");
        let access = key.map(|key| match key.scalar_text().as_ref().and_then(|it| it.literal()) {
            Some("false") => Value::text("anyone", key.span),
            _ => Value::text("key", key.span),
        });
        let kind = Member { key: "http".into(), ..exported.clone() };
        self.add(&kind, true, access.map(|access| member("access", access)).into_iter().collect());
    }

    /// An action that hands its input from one action to the next.
    fn sequence(&mut self, service: &Service) {
        let Some(sequence) = self.function.value.member("sequence") else { return };
        for step in sequence.value.items() {
            let name = step.as_str();
            let Some(next) = service.functions.iter().find(|it| Some(&*it.key) == name) else {
                continue;
            };
            let from = PartialText::reference(EntityId::new(&self.function.key), "Ref");
            let kind = Member { key_span: step.span, ..sequence.clone() };
            let source = member("source", text_value(from, step.span));
            let mut steps = Triggers { function: next, declared: self.declared, ..*self };
            steps.add(&kind, false, vec![source]);
        }
    }

    fn add(&mut self, kind: &Member, is_web: bool, mut properties: Vec<Member>) {
        let span = kind.key_span;
        let is_said = properties.iter().any(|property| &*property.key == "access");
        if let Callers::Unknown(why) = &self.platform.routes
            && is_web
            && !is_said
        {
            properties.push(member("access", Value::unknown(*why, span)));
        }
        self.count += 1;
        let target = EntityId::new(&self.function.key);
        let reference = text_value(PartialText::reference(target, "Ref"), span);
        properties.push(member("function", reference));
        properties.push(member("kind", Value::text(&*kind.key, span)));
        let id = format!("{}/{}/{}{}", self.function.key, span.start, kind.key, self.count);
        self.declared.declarations.push(Declaration {
            id: EntityId::new(id),
            name: self.function.key.clone(),
            kind: "Serverless::Trigger".to_owned(),
            type_name: kind.key.to_string(),
            said: span,
            extent: span,
            properties: Value::new(Kind::Map(properties), span),
            condition: None,
            construct: None,
            insertion: None,
            allowances: Vec::new(),
            made_by: Maker::Author,
        });
    }
}

/// `GET users/{id}` as path and method.
fn route_members(value: &Value) -> Vec<Member> {
    let text = value.scalar_text().unwrap_or_default().with_holes("unknown");
    let (method, path) = text.trim().split_once(char::is_whitespace).unwrap_or(("any", &text));
    vec![
        member("path", Value::text(path.trim(), value.span)),
        member("method", Value::text(method, value.span)),
    ]
}

fn member(key: &str, value: Value) -> Member {
    Member { key: key.into(), key_span: value.span, value }
}

#[cfg(test)]
mod tests;
