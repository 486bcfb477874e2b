//! Frameworks that build the application from its annotations: the methods that they call are found by
//! what they are annotated with.

use text::Span;

use super::project;
use crate::evaluate::{Arguments, Evaluator, Value};
use crate::tree::{Expression, Form};

/// Annotations of a method that a request, an event or a clock calls, or that makes a part.
const CALLED: [&str; 25] = [
    "GetMapping",
    "PostMapping",
    "PutMapping",
    "DeleteMapping",
    "PatchMapping",
    "RequestMapping",
    "MessageMapping",
    "EventListener",
    "Scheduled",
    "SqsListener",
    "KafkaListener",
    "Bean",
    "PostConstruct",
    "GET",
    "POST",
    "PUT",
    "DELETE",
    "PATCH",
    "Get",
    "Post",
    "Put",
    "Delete",
    "Patch",
    "Incoming",
    "Funq",
];

/// Calls of libraries that build an application.
const BUILDERS: [&str; 7] = [
    "SpringApplication.run",
    "springBootApplication",
    "getAwsProxyHandler",
    "getHttpApiV2ProxyHandler",
    "ApplicationContext.run",
    "Micronaut.run",
    "Quarkus.run",
];

/// Annotations of a class that make it a part of the application.
const PARTS: [&str; 7] = [
    "Component",
    "Service",
    "Configuration",
    "SpringBootApplication",
    "Named",
    "Singleton",
    "ApplicationScoped",
];

/// Interfaces of parts that a framework calls, and their methods.
const INTERFACES: [(&str, &str); 5] = [
    ("java.util.function.Function", "apply"),
    ("java.util.function.Consumer", "accept"),
    ("java.util.function.Supplier", "get"),
    ("com.amazonaws.services.lambda.runtime.RequestHandler", "handleRequest"),
    ("com.amazonaws.services.lambda.runtime.RequestStreamHandler", "handleRequest"),
];

/// Calls what a framework calls, if a call of this name builds an application.
pub(super) fn build(evaluator: &mut Evaluator<'_>, name: &str, at: Span) {
    if BUILDERS.iter().any(|builder| name.ends_with(builder)) {
        run(evaluator, at);
    }
}

/// Whether a class of a library is a handler that builds the application.
pub(super) fn is_handler(class: &str) -> bool {
    const FRAMEWORKS: [&str; 5] = [
        "org.springframework.",
        "com.amazonaws.serverless.",
        "io.micronaut.",
        "io.quarkus.",
        "io.awspring.",
    ];
    FRAMEWORKS.iter().any(|framework| class.starts_with(framework))
}

/// Whether a class is a part that a framework calls, as its text says.
pub(super) fn is_called(text: &str) -> bool {
    CALLED.iter().chain(&PARTS).any(|name| text.contains(&format!("@{name}")))
}

/// Calls all methods that a framework calls.
pub(super) fn run(evaluator: &mut Evaluator<'_>, at: Span) {
    for class in project::classes(evaluator.files, evaluator.entry, is_called) {
        call_annotated(evaluator, &class, at);
    }
}

fn call_annotated(evaluator: &mut Evaluator<'_>, class: &str, at: Span) {
    let module = evaluator.load(class, at);
    let own = class.rsplit('.').next().unwrap_or(class);
    let Some(Value::Class(class)) = evaluator.member_if_any(&module, own, at) else { return };
    let mut named = Vec::new();
    if class.class.decorators.iter().any(|decorator| PARTS.contains(&name(decorator))) {
        let bases = evaluator.foreign_bases(&class);
        let found = INTERFACES.iter().filter(|(of, _)| bases.iter().any(|base| **base == **of));
        named.extend(found.map(|(_, method)| *method));
    }
    let called: Vec<(String, usize)> = class
        .class
        .methods
        .iter()
        .filter(|method| {
            named.contains(&method.name.as_str())
                || method.decorators.iter().any(|decorator| CALLED.contains(&name(decorator)))
        })
        .map(|method| (method.name.clone(), method.parameters.len()))
        .collect();
    if called.is_empty() {
        return;
    }
    let instance = evaluator.construct(&class, Arguments::default(), at);
    for (name, count) in called {
        let method = evaluator.member(&instance, &name, at);
        let made = evaluator.call(&method, Arguments::of(vec![Value::Data; count]), at);
        // A function that is a part of the application is called by it.
        evaluator.call_back_all(&Arguments::of([made]), at);
    }
}

fn name(decorator: &Expression) -> &str {
    match decorator.form.as_ref() {
        Form::Name(name) => name,
        Form::Call { callee, .. } => name(callee),
        _ => "",
    }
}
