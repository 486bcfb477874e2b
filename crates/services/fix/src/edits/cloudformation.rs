//! CloudFormation and SAM.

use app_graph::{Attached, Identity, IdentityKind};
use documents::value::{Kind, Member, Value};
use finding::Edit;
use text::{EntityId, PartialText, Span};

use super::circles::Circles;
use super::{Task, managed};
use crate::layout::Layout;
use crate::node::Node;
use crate::spelling::Speller;
use crate::statements::document;
use crate::write::Style;

pub(super) fn edit(task: &Task<'_>) -> Result<Vec<Edit>, String> {
    let said = task.function.entity.said;
    let layout = layout(task, said, Style::Yaml)?;
    let Some((resources, function)) = layout.member_at(said) else {
        return Err("its declaration is made by a macro or loop of the template".to_owned());
    };
    let properties = properties(function)?;
    let is_sam = task.function.entity.type_name == "AWS::Serverless::Function";
    let Some(role) = properties.member("Role") else {
        if !is_sam {
            return Err("it has no role".to_owned());
        }
        return sam_policies(task, &layout, resources, function);
    };
    let identity = task.identity()?;
    let place = Place::new(&layout, identity)?;
    if !place.is_shared(task, &function.key) {
        return place.narrow(task, &function.key);
    }
    match is_sam {
        true => sam_own_policies(task, &layout, resources, function, role),
        false => place.split(task, function, properties, role),
    }
}

pub(super) fn layout<'a>(
    task: &Task<'a>,
    said: Span,
    block: Style<'static>,
) -> Result<Layout<'a>, String> {
    let source = task.sources.of(said).ok_or("its file is gone")?;
    Layout::new(source, said.source, block)
        .ok_or_else(|| format!("`{}` could not be read whole", source.path))
}

fn properties(member: &Member) -> Result<&Value, String> {
    let properties = member.value.get("Properties");
    properties
        .filter(|properties| !properties.members().is_empty())
        .ok_or_else(|| format!("`{}` has no properties", member.key))
}

/// Writes `Policies` of a function whose role SAM makes.
fn sam_policies(
    task: &Task<'_>,
    layout: &Layout<'_>,
    resources: &Value,
    function: &Member,
) -> Result<Vec<Edit>, String> {
    let properties = properties(function)?;
    let circles = Circles::new(resources);
    let is_circular = |id: &EntityId| circles.leads(logical(id), &[&function.key]);
    let speller = speller(task, &is_circular);
    let identity = task.identity().ok();
    let old = properties.member("Policies");
    let kept = old.into_iter().flat_map(|member| match &member.value.kind {
        Kind::List(items) => items.iter().collect(),
        Kind::Map(_) => Vec::new(),
        _ => vec![&member.value],
    });
    let kept = kept
        .filter(|entry| identity.is_some_and(|identity| managed::stays(identity, entry)))
        .filter(|entry| matches!(entry.kind, Kind::Text(_)));
    let mut entries: Vec<Node> = kept.map(|entry| layout.kept(entry)).collect();
    if !task.role.grants.is_empty() {
        entries.push(document(&task.role.grants));
    }
    let is_empty = entries.is_empty();
    let policies = Node::List(entries);
    Ok(vec![match old {
        Some(member) if is_empty => layout.remove(properties, member)?,
        Some(member) => layout.replace(properties, member, &policies, &speller)?,
        None => layout.add(properties, "Policies", &policies, &speller)?,
    }])
}

/// Takes a SAM function off a shared role: SAM makes one of its own.
fn sam_own_policies(
    task: &Task<'_>,
    layout: &Layout<'_>,
    resources: &Value,
    function: &Member,
    role: &Member,
) -> Result<Vec<Edit>, String> {
    let properties = properties(function)?;
    let circles = Circles::new(resources);
    let is_circular = |id: &EntityId| circles.leads(logical(id), &[&function.key]);
    let speller = speller(task, &is_circular);
    let policies = Node::List(vec![document(&task.role.grants)]);
    let mut edits = Vec::new();
    if task.role.grants.is_empty() {
        let policies = properties.member("Policies");
        let unwanted = std::iter::once(role).chain(policies);
        return unwanted.map(|member| layout.remove(properties, member)).collect();
    }
    match properties.member("Policies") {
        // SAM takes no notice of policies beside a role.
        Some(old) => {
            edits.push(layout.remove(properties, role)?);
            edits.push(layout.replace(properties, old, &policies, &speller)?);
        }
        None => edits.push(layout.replace_by(properties, role, "Policies", &policies, &speller)?),
    }
    Ok(edits)
}

pub(super) fn speller<'a>(
    task: &Task<'a>,
    is_circular: &'a dyn Fn(&EntityId) -> bool,
) -> Speller<'a> {
    Speller {
        graph: task.graph,
        arns: task.arns,
        function: &task.function.entity.id,
        is_circular,
        parameters: task.parameters,
    }
}

/// Shortest default that is told from a word that happens to be the same.
const SHORTEST_DEFAULT: usize = 3;

/// The parameters of the function's template with their defaults; none of two with
/// the same one.
pub(super) fn parameters(task: &Task<'_>) -> Vec<(String, String)> {
    let said = task.function.entity.said;
    let Ok(layout) = layout(task, said, Style::Yaml) else { return Vec::new() };
    let section = layout.root.get("Parameters").map(Value::members).unwrap_or_default();
    let defaults = || {
        section.iter().filter_map(|member| {
            Some((&*member.key, member.value.get("Default").and_then(Value::as_str)?))
        })
    };
    let is_sole = |default: &str| defaults().filter(|(_, other)| *other == default).count() == 1;
    let usable = defaults().filter(|(_, default)| default.len() >= SHORTEST_DEFAULT);
    let usable = usable.filter(|(_, default)| is_sole(default));
    usable.map(|(name, default)| (name.to_owned(), default.to_owned())).collect()
}

/// The logical id of an entity.
pub(super) fn logical(id: &EntityId) -> &str {
    id.as_str().rsplit('/').next().unwrap_or_default()
}

/// A role that is declared as a resource.
pub(super) struct Place<'a, 'b> {
    layout: &'a Layout<'b>,
    resources: &'a Value,
    role: &'a Member,
    identity: &'a Identity,
    circles: Circles,
}

impl<'a, 'b> Place<'a, 'b> {
    pub(super) fn new(layout: &'a Layout<'b>, identity: &'a Identity) -> Result<Self, String> {
        let found = layout.member_at(identity.entity.said);
        let found = found.filter(|_| identity.kind == IdentityKind::Role);
        let Some((resources, role)) = found else {
            return Err(format!("its role `{}` is declared elsewhere", identity.entity.name));
        };
        Ok(Self { layout, resources, role, identity, circles: Circles::new(resources) })
    }

    /// Whether anything but the function and the role's own policies uses the role.
    pub(super) fn is_shared(&self, task: &Task<'_>, function: &str) -> bool {
        let external: Vec<&str> = self.external().map(|(entity, _)| logical(entity)).collect();
        !task.others(self.identity).is_empty()
            || self
                .circles
                .users(&self.role.key)
                .any(|user| user != function && !external.contains(&user))
    }

    /// Policies that are declared beside the role.
    fn external(&self) -> impl Iterator<Item = (&'a EntityId, &'a Attached)> {
        let attached = self.identity.attached.iter();
        attached.filter_map(|attached| Some((&attached.declared_by.as_ref()?.id, attached)))
    }

    /// Puts the grants in the place of what the role has.
    pub(super) fn narrow(&self, task: &Task<'_>, function: &str) -> Result<Vec<Edit>, String> {
        let ends = [function, &*self.role.key];
        let is_circular = |id: &EntityId| self.circles.leads(logical(id), &ends);
        let speller = speller(task, &is_circular);
        let properties = properties(self.role)?;
        let mut edits = self.unmanage(properties)?;
        let inline = properties.member("Policies");
        let external: Vec<&EntityId> = self.external().map(|(id, _)| id).collect();
        let is_empty = task.role.grants.is_empty();
        if let ([only], None, false) = (external.as_slice(), inline, is_empty) {
            let policy = self.external_member(only)?;
            let properties = self::properties(policy)?;
            self.check_exclusive(properties)?;
            let old = properties.member("PolicyDocument").ok_or("its policy has no document")?;
            edits.push(self.layout.replace(
                properties,
                old,
                &document(&task.role.grants),
                &speller,
            )?);
            return Ok(edits);
        }
        for id in external {
            let policy = self.external_member(id)?;
            self.check_exclusive(self::properties(policy)?)?;
            if self.circles.users(&policy.key).next().is_some() {
                return Err(format!("`{}` is used elsewhere", policy.key));
            }
            edits.push(self.layout.remove(self.resources, policy)?);
        }
        let name = inline
            .and_then(|member| member.value.items().first()?.get("PolicyName"))
            .filter(|name| matches!(name.kind, Kind::Text(_)))
            .map_or_else(
                || Node::known(format!("{function}Policy")),
                |name| self.layout.kept(name),
            );
        let policies = policies(name, task);
        if is_empty {
            edits.extend(inline.map(|old| self.layout.remove(properties, old)).transpose()?);
            return Ok(edits);
        }
        edits.push(match inline {
            Some(old) => self.layout.replace(properties, old, &policies, &speller)?,
            None => self.layout.add(properties, "Policies", &policies, &speller)?,
        });
        Ok(edits)
    }

    fn external_member(&self, id: &EntityId) -> Result<&'a Member, String> {
        let name = logical(id);
        let own = self.resources.member(name);
        own.ok_or_else(|| format!("the policy `{name}` is declared elsewhere"))
    }

    /// Refuses a policy that others have too.
    fn check_exclusive(&self, properties: &Value) -> Result<(), String> {
        let count = |key: &str| properties.get(key).map_or(0, |list| list.items().len().max(1));
        match count("Roles") + count("Users") + count("Groups") + count("RoleName") {
            0 | 1 => Ok(()),
            _ => Err("one of its policies is attached to others too".to_owned()),
        }
    }

    /// Takes away managed policies that let the role do more than run.
    fn unmanage(&self, properties: &Value) -> Result<Vec<Edit>, String> {
        let Some(member) = properties.member("ManagedPolicyArns") else { return Ok(Vec::new()) };
        if !matches!(member.value.kind, Kind::List(_)) || member.value.tag.is_some() {
            return Err("`ManagedPolicyArns` is no plain list".to_owned());
        }
        let external: Vec<&EntityId> = self.external().map(|(id, _)| id).collect();
        let stays = |entry: &Value| {
            let refers = |id: &EntityId| self.layout.slice(entry.span).contains(logical(id));
            managed::stays(self.identity, entry) || external.iter().any(|id| refers(id))
        };
        let items = member.value.items();
        if items.iter().all(&stays) {
            return Ok(Vec::new());
        }
        if !items.iter().any(&stays) {
            return Ok(vec![self.layout.remove(properties, member)?]);
        }
        let unwanted = items.iter().filter(|entry| !stays(entry));
        unwanted.map(|entry| self.layout.remove_item(&member.value, entry)).collect()
    }

    /// Writes a role of the function's own behind the shared one.
    pub(super) fn split(
        &self,
        task: &Task<'_>,
        function: &Member,
        properties: &Value,
        role: &Member,
    ) -> Result<Vec<Edit>, String> {
        let name = self.new_name(&function.key);
        let ends = [&*function.key];
        let is_circular = |id: &EntityId| self.circles.leads(logical(id), &ends);
        let speller = speller(task, &is_circular);
        let node = self.own_role(task, &function.key)?;
        let node = vec![(name.clone(), node)];
        let layout = self.layout;
        let arn = Node::Text(PartialText::reference(in_scope(task, &name), "Arn"));
        Ok(vec![
            layout.add_behind(self.resources, self.role, &node, &speller)?,
            layout.replace(properties, role, &arn, &speller)?,
        ])
    }

    fn new_name(&self, function: &str) -> String {
        let mut name = format!("{function}Role");
        while self.resources.member(&name).is_some() {
            name.push_str("Own");
        }
        name
    }

    /// The shared role's trust and limits with the function's own policies.
    fn own_role(&self, task: &Task<'_>, function: &str) -> Result<Node, String> {
        let mut members = vec![("Type".to_owned(), Node::known("AWS::IAM::Role"))];
        let condition = self.role.value.member("Condition");
        members.extend(condition.map(|member| self.layout.kept_member(member)));
        let old = properties(self.role)?;
        let mut own = Vec::new();
        for key in ["AssumeRolePolicyDocument", "Path", "PermissionsBoundary", "Tags"] {
            own.extend(old.member(key).map(|member| self.layout.kept_member(member)));
        }
        let managed = old.get("ManagedPolicyArns").map(Value::items).unwrap_or_default();
        let managed = managed.iter().filter(|entry| managed::stays(self.identity, entry));
        let managed: Vec<Node> = managed.map(|entry| self.layout.kept(entry)).collect();
        if !managed.is_empty() {
            own.push(("ManagedPolicyArns".to_owned(), Node::List(managed)));
        }
        if !task.role.grants.is_empty() {
            let name = Node::known(format!("{function}Policy"));
            own.push(("Policies".to_owned(), policies(name, task)));
        }
        members.push(("Properties".to_owned(), Node::Map(own)));
        Ok(Node::Map(members))
    }
}

/// `Policies` of a role with one policy.
pub(super) fn policies(name: Node, task: &Task<'_>) -> Node {
    let entry = Node::map([("PolicyName", name), ("PolicyDocument", document(&task.role.grants))]);
    Node::List(vec![entry])
}

/// A logical id as one of the stack that the function lies in.
pub(super) fn in_scope(task: &Task<'_>, name: &str) -> EntityId {
    match task.function.entity.id.as_str().rsplit_once('/') {
        Some((scope, _)) => EntityId::new(format!("{scope}/{name}")),
        None => EntityId::new(name),
    }
}
