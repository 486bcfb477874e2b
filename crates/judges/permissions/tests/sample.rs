//! What the rules on needs say of one template.

use app_graph::Arns;
use casemate_permissions::{Facts, RULES, judge};
use finding::Finding;
use iam::api::{Argument, Call};
use profile::{ApiCall, Behaviour, Coverage, Language};
use text::{EntityId, PartialText, SourceId, Span};

/// A call with these texts for arguments: `$Table` refers to an entity, `?` is not known.
pub(crate) fn call(service: &str, operation: &str, arguments: &[(&str, &str)]) -> Behaviour {
    let argument = |text: &str| match text.strip_prefix('$') {
        Some(id) => Argument::Text(PartialText::reference(EntityId::new(id), "Ref")),
        None if text == "?" => Argument::Unknown("it comes with the event".to_owned()),
        None => Argument::Text(PartialText::known(text)),
    };
    let arguments = arguments.iter().map(|(name, text)| ((*name).to_owned(), argument(text)));
    let call = Call {
        service: service.to_owned(),
        operation: operation.to_owned(),
        arguments: arguments.collect(),
        rest_unknown: None,
    };
    let span = Span::file(SourceId(0));
    let calls = vec![ApiCall { call, span, through: Vec::new() }];
    Behaviour { calls, ..Behaviour::new(Coverage::Read(Language::Python)) }
}

/// What is found of a template whose functions all do this.
pub(crate) fn findings(template: &str, behaviour: &Behaviour) -> Vec<Finding> {
    let files = templates::Files::memory([("template.yaml", template)]);
    let reading = templates::read(&files, &templates::Options::default());
    assert_eq!(reading.problems, [], "problems in\n{template}");
    let mut sink = finding::Sink::default();
    for application in &reading.applications {
        let arns = Arns::new(application);
        let derived = |function| profile::derive(application, &arns, function, behaviour.clone());
        let profiles = application.functions.iter().map(derived).collect();
        let facts = Facts { profiles, arns: Arns::new(application) };
        let rules = ["excess-permission", "missing-permission"];
        assert!(rules.iter().all(|id| RULES.iter().any(|check| check.rule.id == *id)));
        judge(application, &facts, &|rule| rules.contains(&rule.id), &mut sink);
    }
    sink.into_parts().0
}
