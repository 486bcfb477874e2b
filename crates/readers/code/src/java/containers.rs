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

/// Calls what a framework calls, if a call of this name builds an application.
pub(super) fn build(evaluator: &mut Evaluator<'_>, name: &str, at: Span) {
    if !BUILDERS.iter().any(|builder| name.ends_with(builder)) {
        return;
    }
    let is_annotated =
        |text: &str| CALLED.iter().any(|annotation| text.contains(&format!("@{annotation}")));
    for class in project::classes(evaluator.files, evaluator.entry, is_annotated) {
        call_annotated(evaluator, &class, at);
    }
}

fn call_annotated(evaluator: &mut Evaluator<'_>, class: &str, at: Span) {
    let module = evaluator.load(class, at);
    let own = class.rsplit('.').next().unwrap_or(class);
    let Some(Value::Class(class)) = evaluator.member_if_any(&module, own, at) else { return };
    let called: Vec<(String, usize)> = class
        .class
        .methods
        .iter()
        .filter(|method| {
            method.decorators.iter().any(|decorator| CALLED.contains(&name(decorator)))
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
