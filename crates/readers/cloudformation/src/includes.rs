//! Parts of a template that stand in other files: `AWS::Include` at its top and among resources.

use super::Context;
use documents::value::{Kind, Member, Value};

/// Sections whose members another file may bring.
const SECTIONS: [&str; 5] = ["Resources", "Parameters", "Mappings", "Conditions", "Outputs"];

/// The template with the local files that it includes put in, and their paths; `None` where it
/// includes none. What is elsewhere stays as it is written, for the evaluation to name.
///
/// Source: CloudFormation template reference, "AWS::Include transform".
pub(super) fn spliced(template: &Value, context: &Context<'_>) -> Option<(Value, Vec<String>)> {
    let mut files = Vec::new();
    let mut whole = with_includes(template, context, &mut files);
    if let Kind::Map(members) = &whole.as_ref().unwrap_or(template).kind {
        let mut changed = None;
        for (index, member) in members.iter().enumerate() {
            if SECTIONS.contains(&&*member.key)
                && let Some(value) = with_includes(&member.value, context, &mut files)
            {
                let members = changed.get_or_insert_with(|| members.clone());
                if let Some(member) = members.get_mut(index) {
                    member.value = value;
                }
            }
        }
        if let Some(members) = changed {
            whole = Some(Value::new(Kind::Map(members), template.span));
        }
    }
    whole.map(|whole| (whole, files))
}

fn with_includes(value: &Value, context: &Context<'_>, files: &mut Vec<String>) -> Option<Value> {
    let Kind::Map(members) = &value.kind else { return None };
    let mut changed = false;
    let mut spliced: Vec<Member> = Vec::new();
    for member in members {
        let included =
            (&*member.key == "Fn::Transform").then(|| included(&member.value, context)).flatten();
        match included {
            Some((path, included)) => {
                changed = true;
                files.push(path);
                spliced.extend(included);
            }
            None => spliced.push(member.clone()),
        }
    }
    changed.then(|| Value { kind: Kind::Map(spliced), ..value.clone() })
}

fn included(transform: &Value, context: &Context<'_>) -> Option<(String, Vec<Member>)> {
    if transform.get("Name").and_then(Value::as_str) != Some("AWS::Include") {
        return None;
    }
    let location = transform.get("Parameters")?.get("Location")?.as_str()?;
    let path = context.files.resolve(context.path, location).ok()?;
    let document = context.files.document(&path).ok()?;
    let value = document.get()?.value.as_ref()?;
    match &value.kind {
        Kind::Map(members) => Some((path, members.clone())),
        _ => None,
    }
}
