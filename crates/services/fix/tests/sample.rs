//! Applications in memory, and roles written by hand.

use casemate_fix::{Fate, Old, Wanted, diff, plan};
use profile::{Grant, GrantCondition, Role};
use templates::{Files, Options};
use text::{EntityId, Part, PartialText, Pseudo, Reference};

/// The change of each file as a diff, and why functions are left as they are.
pub(crate) fn fixed(files: &[(&str, &str)], roles: &[(&str, &[(&str, &str)])]) -> String {
    let files = Files::memory(files.iter().copied());
    let options = Options::default();
    let reading = templates::read(&files, &options);
    assert_eq!(reading.applications.len(), 1, "{:?}", reading.problems);
    let wanted: Wanted = roles
        .iter()
        .map(|(function, grants)| (EntityId::new(function), Ok(role(grants))))
        .collect();
    let wanted = [wanted];
    let old = Old { applications: &reading.applications, problems: &reading.problems };
    let plan = plan(&files, &options, old, &wanted);
    let mut told = String::new();
    for outcome in &plan.outcomes {
        let fate = match &outcome.fate {
            Fate::Narrowed => continue,
            Fate::Least => "the least already",
            Fate::Left(why) => why,
        };
        told.push_str(&format!("{}: {fate}\n", outcome.function));
    }
    for (path, (old, new)) in &plan.files {
        told.push_str(&diff(path, old, new));
    }
    // Whoever fixes again changes nothing.
    let texts = plan.files.into_iter().map(|(path, (_, new))| (path, new));
    let files = files.changed(texts);
    let reading = templates::read(&files, &options);
    let old = Old { applications: &reading.applications, problems: &reading.problems };
    let again = casemate_fix::plan(&files, &options, old, &wanted);
    assert!(again.files.is_empty(), "{:?}", again.files);
    told
}

/// A role of grants: actions with spaces between them, and a resource as [`arn`] reads it.
pub(crate) fn role(grants: &[(&str, &str)]) -> Role {
    let grants = grants.iter().map(|(actions, resources)| {
        let (resources, condition) = resources.split_once(" if ").unwrap_or((resources, ""));
        let condition = condition.split_once('=').map(|(key, value)| GrantCondition {
            operator: "StringEquals".to_owned(),
            key: key.to_owned(),
            values: vec![PartialText::known(value)],
        });
        Grant {
            actions: actions.split(' ').map(str::to_owned).collect(),
            resources: resources.split(' ').map(arn).collect(),
            conditions: condition.into_iter().collect(),
            why: Vec::new(),
        }
    });
    Role { grants: grants.collect() }
}

/// A text in which `{Table.Arn}` is a reference, `{region}` what the deployment decides and `{?}`
/// what is not known.
pub(crate) fn arn(text: &str) -> PartialText {
    let mut arn = PartialText::default();
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        let (word, after) = behind.split_once('}').expect("a brace is closed");
        arn.push(Part::Literal(before.to_owned()));
        arn.push(match word {
            "region" => Part::Pseudo(Pseudo::Region),
            "account" => Part::Pseudo(Pseudo::Account),
            "partition" => Part::Pseudo(Pseudo::Partition),
            "?" => Part::Unknown("not resolved".to_owned()),
            word => {
                let (entity, attribute) = word.rsplit_once('.').expect("an attribute is named");
                Part::Reference(Reference {
                    entity: EntityId::new(entity),
                    attribute: attribute.into(),
                })
            }
        });
        rest = after;
    }
    arn.push(Part::Literal(rest.to_owned()));
    arn
}
