//! The Serverless Framework.

use app_graph::{Identity, IdentityKind, TriggerKind};
use documents::value::{Kind, Member, Value};
use finding::Edit;
use text::{EntityId, PartialText, Setting, SourceId, Span};

use super::cloudformation::{Place, layout, policies, speller};
use super::{Task, managed};
use crate::layout::Layout;
use crate::node::Node;
use crate::spelling::Speller;
use crate::statements::statement;
use crate::write::Style;

/// The plugin by which functions have statements and a role of their own.
const PER_FUNCTION: &str = "serverless-iam-roles-per-function";

pub(super) fn edit(task: &Task<'_>) -> Result<Vec<Edit>, String> {
    let said = task.function.entity.said;
    let layout = layout(task, said, Style::ServerlessYaml)?;
    let Some((_, function)) = layout.member_at(said) else {
        return Err("its declaration is put together by variables".to_owned());
    };
    let identity = task.identity()?;
    let own = &function.value;
    // What the framework makes call the function depends on it.
    let is_circular = |id: &EntityId| {
        task.graph.triggers_of(&task.function.entity.id).any(|trigger| {
            let calls = matches!(trigger.kind, TriggerKind::Bucket | TriggerKind::UserPool);
            calls && trigger.source_entity.as_ref() == Some(id)
        })
    };
    let speller = speller(task, &is_circular);
    if own.get("role").is_some_and(|role| !role.is_null()) {
        return of_resource(task, &layout, function, identity, &speller);
    }
    if let Some(role) = own.get("iam").and_then(|iam| iam.get("role"))
        && let Some(old) = role.member("statements")
    {
        return Ok(vec![layout.replace(role, old, &statements(task), &speller)?]);
    }
    if identity.kind != IdentityKind::GeneratedRole {
        return of_resource(task, &layout, function, identity, &speller);
    }
    let has_plugin = |service: &Layout<'_>| {
        let plugins = service.root.get("plugins").cloned();
        let list = plugins.as_ref().map(|plugins| plugins.get("modules").unwrap_or(plugins));
        let names = list.map(Value::items).unwrap_or_default();
        names.iter().any(|name| name.as_str() == Some(PER_FUNCTION))
    };
    let service = service(task)?;
    if has_plugin(&service) {
        return by_plugin(task, &layout, function, &service, &speller);
    }
    if task.others(identity).is_empty() {
        return of_provider(task, &service, identity, &speller);
    }
    let mut edits = own_role(task, &service, identity, function, &speller)?;
    let role = Node::known(role_name(&service.root, &function.key));
    edits.push(layout.add(own, "role", &role, &speller)?);
    Ok(edits)
}

/// The service's own file.
fn service<'a>(task: &Task<'a>) -> Result<Layout<'a>, String> {
    let file = task.sources.iter().find(|(_, source)| source.path == task.graph.root);
    let (id, _): (SourceId, _) = file.ok_or("the service's own file was not read")?;
    layout(task, Span::file(id), Style::ServerlessYaml)
}

fn statements(task: &Task<'_>) -> Node {
    Node::List(task.role.grants.iter().map(statement).collect())
}

/// Statements of the function, which the plugin makes a role of.
fn by_plugin(
    task: &Task<'_>,
    layout: &Layout<'_>,
    function: &Member,
    service: &Layout<'_>,
    speller: &Speller<'_>,
) -> Result<Vec<Edit>, String> {
    let own = &function.value;
    let list = statements(task);
    let mut edits = Vec::new();
    let settings = service.root.get("custom").and_then(|custom| custom.get(PER_FUNCTION));
    let inherits = settings.and_then(|settings| settings.get("defaultInherit"));
    let is_on = |value: &Value| !matches!(value.kind, Kind::Bool(false) | Kind::Null);
    let not = Node::Kept("false".to_owned());
    let said = own.member("iamRoleStatementsInherit");
    if let Some(said) = said.filter(|said| is_on(&said.value)) {
        edits.push(layout.replace(own, said, &not, speller)?);
    }
    let old = own.member("iamRoleStatements");
    let mut added = Vec::new();
    if said.is_none() && inherits.is_some_and(is_on) {
        added.push(("iamRoleStatementsInherit".to_owned(), not));
    }
    match old {
        Some(old) => {
            if let [(key, node)] = added.as_slice() {
                edits.push(layout.add(own, key, node, speller)?);
            }
            edits.push(layout.replace(own, old, &list, speller)?);
        }
        None => {
            added.push(("iamRoleStatements".to_owned(), list));
            let last = own.members().iter().max_by_key(|member| member.key_span.start);
            let last = last.ok_or("the function says nothing to write beside")?;
            edits.push(layout.add_behind(own, last, &added, speller)?);
        }
    }
    Ok(edits)
}

/// Statements of the provider, where one function alone has them.
fn of_provider(
    task: &Task<'_>,
    service: &Layout<'_>,
    identity: &Identity,
    speller: &Speller<'_>,
) -> Result<Vec<Edit>, String> {
    let provider = service.root.get("provider").ok_or("the provider is said elsewhere")?;
    let role = provider.get("iam").and_then(|iam| iam.get("role"));
    let mut edits = Vec::new();
    let managed = role.map(|role| (role, "managedPolicies"));
    for (map, key) in managed.into_iter().chain([(provider, "iamManagedPolicies")]) {
        let Some(member) = map.member(key) else { continue };
        let items = member.value.items();
        if items.is_empty() || member.value.tag.is_some() {
            return Err(format!("`{key}` is no plain list"));
        }
        let stays = |entry: &&Value| managed::stays(identity, entry);
        if !items.iter().any(|entry| stays(&entry)) {
            edits.push(service.remove(map, member)?);
            continue;
        }
        for entry in items.iter().filter(|entry| !stays(entry)) {
            edits.push(service.remove_item(&member.value, entry)?);
        }
    }
    let list = statements(task);
    let written = role.and_then(|role| Some((role, role.member("statements")?)));
    let written = written.or_else(|| Some((provider, provider.member("iamRoleStatements")?)));
    edits.push(match (written, role, provider.member("iam")) {
        (Some((map, member)), _, _) => service.replace(map, member, &list, speller)?,
        (None, Some(role), _) if !role.members().is_empty() => {
            service.add(role, "statements", &list, speller)?
        }
        (None, _, None) => {
            let role = Node::map([("role", Node::map([("statements", list)]))]);
            service.add(provider, "iam", &role, speller)?
        }
        _ => return Err("`provider.iam` is not written as a mapping".to_owned()),
    });
    Ok(edits)
}

/// A role that the service declares among its resources.
fn of_resource(
    task: &Task<'_>,
    layout: &Layout<'_>,
    function: &Member,
    identity: &Identity,
    speller: &Speller<'_>,
) -> Result<Vec<Edit>, String> {
    let resources =
        super::cloudformation::layout(task, identity.entity.said, Style::ServerlessYaml)?;
    if task.others(identity).is_empty() {
        return Place::new(&resources, identity)?.narrow(task, &function.key);
    }
    let service = service(task)?;
    let mut edits = own_role(task, &service, identity, function, speller)?;
    let name = Node::known(role_name(&service.root, &function.key));
    let own = &function.value;
    edits.push(match own.member("role") {
        Some(old) => layout.replace(own, old, &name, speller)?,
        None => layout.add(own, "role", &name, speller)?,
    });
    Ok(edits)
}

fn role_name(service: &Value, function: &str) -> String {
    let mut words = String::new();
    let mut is_first = true;
    for letter in function.chars() {
        if !letter.is_ascii_alphanumeric() {
            is_first = true;
        } else if is_first {
            words.extend(letter.to_uppercase());
            is_first = false;
        } else {
            words.push(letter);
        }
    }
    let mut name = format!("{words}Role");
    while sections(service).any(|section| section.member(&name).is_some()) {
        name.push_str("Own");
    }
    name
}

/// The mappings of resources that stand in the service's own file.
fn sections(service: &Value) -> impl Iterator<Item = &Value> {
    let resources = service.get("resources");
    let parts = resources.into_iter().flat_map(|value| match &value.kind {
        Kind::List(items) => items.iter().collect(),
        _ => vec![value],
    });
    parts.filter_map(|part| part.get("Resources")).filter(|section| !section.members().is_empty())
}

/// Adds a role of the function's own to the service's resources.
fn own_role(
    task: &Task<'_>,
    service: &Layout<'_>,
    identity: &Identity,
    function: &Member,
    speller: &Speller<'_>,
) -> Result<Vec<Edit>, String> {
    let name = role_name(&service.root, &function.key);
    let role = vec![(name.clone(), role_node(task, identity, &name)?)];
    if let Some(section) = sections(&service.root).next() {
        let last = section.members().iter().max_by_key(|member| member.key_span.start);
        let last = last.ok_or("`resources` is empty")?;
        return Ok(vec![service.add_behind(section, last, &role, speller)?]);
    }
    if service.root.get("resources").is_some() {
        return Err("`resources` is written elsewhere: there is no place for a role".to_owned());
    }
    let resources = Node::map([("Resources", Node::Map(role))]);
    Ok(vec![service.add(&service.root, "resources", &resources, speller)?])
}

fn role_node(task: &Task<'_>, identity: &Identity, name: &str) -> Result<Node, String> {
    let services = identity.trust.iter().flat_map(|trust| &trust.statements);
    let services = services.flat_map(|statement| statement.principals.named());
    let mut services: Vec<PartialText> =
        services.map(|principal| principal.value.value.clone()).collect();
    services.dedup();
    let foreign = services.iter().any(|service| {
        service.literal().is_some_and(|service| !service.ends_with(".amazonaws.com"))
    });
    if foreign {
        return Err("its role is trusted by others than services".to_owned());
    }
    if services.is_empty() {
        services.push(PartialText::known("lambda.amazonaws.com"));
    }
    let trust = Node::map([
        ("Version", Node::known("2012-10-17")),
        (
            "Statement",
            Node::List(vec![Node::map([
                ("Effect", Node::known("Allow")),
                ("Principal", Node::map([("Service", Node::one_or_list(services))])),
                ("Action", Node::known("sts:AssumeRole")),
            ])]),
        ),
    ]);
    let mut properties = vec![("AssumeRolePolicyDocument".to_owned(), trust)];
    match &identity.boundary {
        Setting::Unset => {}
        Setting::Known(said) => {
            properties.push(("PermissionsBoundary".to_owned(), Node::Text(said.value.clone())));
        }
        _ => return Err("its role's boundary is not known".to_owned()),
    }
    let basics = identity.managed.iter().filter(|policy| policy.lets_run());
    let basics: Vec<Node> = basics.map(|policy| Node::Text(policy.arn.value.clone())).collect();
    if !basics.is_empty() {
        properties.push(("ManagedPolicyArns".to_owned(), Node::List(basics)));
    }
    let policy = Node::known(format!("{}Policy", name.trim_end_matches("Role")));
    properties.push(("Policies".to_owned(), policies(policy, task)));
    Ok(Node::map([("Type", Node::known("AWS::IAM::Role")), ("Properties", Node::Map(properties))]))
}
