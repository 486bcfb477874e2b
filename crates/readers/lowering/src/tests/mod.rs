mod functions;
mod policies;
mod triggers;

use std::collections::BTreeMap;

use app_graph::{AppGraph, Framework};
use text::Problem;

use cloudformation::{Context, evaluate};
use documents::declaration::Declared;
use documents::{Files, Options};

/// Lowers the resources of a CloudFormation template, given without their `Resources:` line.
fn lowered(resources: &str) -> (AppGraph, Vec<Problem>) {
    let text = format!(
        "Conditions:\n  Prod: !Equals [!Ref AWS::Region, eu-west-1]\nResources:\n{resources}"
    );
    let files = Files::memory([("template.yaml", text)]);
    let parsed = files.document("template.yaml").unwrap();
    let parsed = parsed.get().unwrap();
    assert!(parsed.problems.is_empty(), "{:?}", parsed.problems);
    let context = Context {
        files: &files,
        options: &Options::default(),
        path: "template.yaml",
        scope: String::new(),
        arguments: BTreeMap::new(),
    };
    let evaluated = evaluate(parsed.value.as_ref().unwrap(), &context);
    let declared = Declared {
        name: "shop".into(),
        root: String::new(),
        framework: Framework::CloudFormation,
        declarations: evaluated.declarations,
        problems: evaluated.problems,
        not_read: Vec::new(),
        files: Vec::new(),
    };
    super::lower(&declared)
}
