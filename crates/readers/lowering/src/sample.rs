use std::collections::BTreeMap;

use app_graph::{AppGraph, Framework, ResourceKind};

use documents::declaration::Declared;
use documents::{Files, Options};

/// The graph of a template's resources, written in YAML.
pub(super) fn lowered(template: &str) -> AppGraph {
    let files = Files::memory([("template.yaml", template)]);
    let parsed = files.document("template.yaml").expect("the template is there");
    let parsed = parsed.get().expect("it was parsed");
    let options = Options::default();
    let context = cloudformation::Context {
        files: &files,
        options: &options,
        path: "template.yaml",
        scope: String::new(),
        arguments: BTreeMap::new(),
    };
    let template = parsed.value.as_ref().expect("it is a document");
    let evaluated = cloudformation::evaluate(template, &context);
    assert!(evaluated.problems.is_empty(), "{:?}", evaluated.problems);
    let declared = Declared {
        name: "sample".to_owned(),
        root: "template.yaml".to_owned(),
        framework: Framework::CloudFormation,
        declarations: evaluated.declarations,
        problems: Vec::new(),
        not_read: Vec::new(),
        files: Vec::new(),
    };
    super::lower(&declared).0
}

/// The resource of that logical id.
pub(super) fn resource<'a>(graph: &'a AppGraph, id: &str) -> &'a ResourceKind {
    let found = graph.resources.iter().find(|resource| resource.entity.id.as_str() == id);
    &found.unwrap_or_else(|| panic!("no resource {id}")).kind
}
