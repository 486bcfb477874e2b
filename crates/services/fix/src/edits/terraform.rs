//! Terraform.

use app_graph::{Attached, Identity, IdentityKind};
use finding::Edit;
use terraform::{WrittenArgument, WrittenBlock, written_blocks};
use text::{Source, SourceId, Span};

use super::Task;
use crate::spelling::{Speller, TerraformData};
use crate::statements::document;
use crate::write::{Style, written};

pub(super) fn edit(task: &Task<'_>) -> Result<Vec<Edit>, String> {
    let function = &task.function.entity;
    let module = Module::new(task, function.said)?;
    let block = module.block_at(function.said).ok_or("it is declared by a module of others")?;
    let is_many = |other: &&app_graph::Function| {
        other.entity.said == function.said && other.entity.id != function.id
    };
    if task.graph.functions.iter().any(|other| is_many(&other)) {
        return Err("its block declares several functions".to_owned());
    }
    let identity = task.identity()?;
    if identity.kind != IdentityKind::Role || identity.entity.type_name != "aws_iam_role" {
        return Err(format!("its role `{}` is made by a module of others", identity.entity.name));
    }
    let role = module.block_at(identity.entity.said);
    let role =
        role.ok_or_else(|| format!("its role `{}` is declared elsewhere", identity.entity.name))?;
    let is_counted = |block: &WrittenBlock| {
        ["count", "for_each"].iter().any(|name| block.argument(name).is_some())
    };
    if is_counted(role) {
        return Err(format!("`{}` is declared by a loop", identity.entity.name));
    }
    let data = module.data();
    let change = Change { task, module: &module, identity, role, data };
    if task.others(identity).is_empty() && !change.has_other_users() {
        return change.narrow();
    }
    change.split(block)
}

/// The `.tf` files of one folder.
struct Module<'a> {
    files: Vec<(SourceId, &'a Source, Vec<WrittenBlock>)>,
}

impl<'a> Module<'a> {
    /// Parses the files beside the one that a place lies in.
    fn new(task: &Task<'a>, place: Span) -> Result<Self, String> {
        let own = task.sources.of(place).ok_or("its file is gone")?;
        if !own.path.ends_with(".tf") {
            return Err(format!("`{}` is no `.tf` file", own.path));
        }
        let folder = |path: &str| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
        let mut files = Vec::new();
        for (id, source) in task.sources.iter() {
            if source.path.ends_with(".tf") && folder(&source.path) == folder(&own.path) {
                let blocks = written_blocks(source, id);
                let blocks =
                    blocks.map_err(|_| format!("`{}` could not be read whole", source.path))?;
                files.push((id, &**source, blocks));
            }
        }
        Ok(Self { files })
    }

    fn blocks(&self) -> impl Iterator<Item = &WrittenBlock> {
        self.files.iter().flat_map(|(_, _, blocks)| blocks)
    }

    fn block_at(&self, said: Span) -> Option<&WrittenBlock> {
        self.blocks().find(|block| block.said == said && block.kind == "resource")
    }

    /// The block that a place lies in.
    fn around(&self, place: Span) -> Option<&WrittenBlock> {
        self.blocks().find(|block| block.extent.contains(&place))
    }

    fn source(&self, id: SourceId) -> Option<&'a Source> {
        self.files.iter().find(|(own, _, _)| *own == id).map(|(_, source, _)| *source)
    }

    fn slice(&self, span: Span) -> &'a str {
        self.source(span.source).map(|source| source.slice(span)).unwrap_or_default()
    }

    /// How often a name stands in the module as a whole word.
    fn mentions(&self, name: &str) -> usize {
        let is_word = |letter: char| letter.is_alphanumeric() || "_-".contains(letter);
        let in_text = |text: &str| {
            text.match_indices(name)
                .filter(|(at, _)| {
                    let before = text.get(..*at).and_then(|before| before.chars().next_back());
                    let behind = text.get(at + name.len()..).and_then(|rest| rest.chars().next());
                    !before.is_some_and(is_word) && !behind.is_some_and(is_word)
                })
                .count()
        };
        self.files.iter().map(|(_, source, _)| in_text(&source.text)).sum()
    }

    /// The data sources that say what only the deployment knows.
    fn data(&self) -> TerraformData {
        let named = |kind: &str| {
            let mut blocks = self.blocks().filter(|block| block.kind == "data");
            let block = blocks.find(|block| {
                block.labels.first().is_some_and(|label| label == kind)
                    && block.arguments.is_empty()
            });
            block.and_then(|block| block.labels.get(1).cloned())
        };
        TerraformData {
            identity: named("aws_caller_identity"),
            region: named("aws_region"),
            partition: named("aws_partition"),
        }
    }

    /// Takes a block away with its lines and the empty one behind it.
    fn remove(&self, block: &WrittenBlock) -> Edit {
        let text = self.source(block.extent.source).map_or("", |source| source.text.as_str());
        let end = block.extent.end as usize;
        let rest = text.get(end..).unwrap_or_default();
        let trimmed = rest.strip_prefix('\r').unwrap_or(rest);
        let mut skipped = rest.len() - trimmed.strip_prefix('\n').unwrap_or(trimmed).len();
        let further = rest.get(skipped..).unwrap_or_default();
        skipped += usize::from(further.starts_with('\n'));
        let span = Span::new(block.extent.source, block.extent.start as usize, end + skipped);
        Edit { span, replacement: String::new() }
    }
}

struct Change<'a> {
    task: &'a Task<'a>,
    module: &'a Module<'a>,
    identity: &'a Identity,
    role: &'a WrittenBlock,
    data: TerraformData,
}

impl Change<'_> {
    /// Whether a state machine or pipe runs as the role too.
    fn has_other_users(&self) -> bool {
        let id = &self.identity.entity.id;
        self.task.graph.edges().iter().any(|edge| {
            let is_own = edge.from == app_graph::Node::Entity(self.task.function.entity.id.clone());
            edge.kind == app_graph::EdgeKind::RunsAs
                && edge.to == app_graph::Node::Entity(id.clone())
                && !is_own
        })
    }

    fn narrow(&self) -> Result<Vec<Edit>, String> {
        let mut edits = self.unmanage()?;
        for inline in self.role.blocks.iter().filter(|block| block.kind == "inline_policy") {
            edits.push(self.module.remove(inline));
        }
        let external: Vec<&Attached> =
            self.identity.attached.iter().filter(|own| own.declared_by.is_some()).collect();
        let Some((first, others)) = external.split_first() else {
            edits.push(self.add_policy()?);
            return Ok(edits);
        };
        edits.extend(self.rewrite(self.policy_block(first)?)?);
        for other in others {
            let block = self.policy_block(other)?;
            let address = block.labels.join(".");
            if block.labels.first().is_none_or(|kind| kind != "aws_iam_role_policy")
                || self.module.mentions(&address) > 0
            {
                return Err(format!("`{address}` is used elsewhere: take it off the role first"));
            }
            edits.push(self.module.remove(block));
        }
        Ok(edits)
    }

    /// The block that declares a policy of this role and of no other.
    fn policy_block(&self, attached: &Attached) -> Result<&WrittenBlock, String> {
        let entity = attached.declared_by.as_ref().ok_or("a policy has no block")?;
        let block = self.module.block_at(entity.said);
        let block = block.ok_or_else(|| format!("`{}` is declared elsewhere", entity.name))?;
        let holders = self.task.graph.identities.iter().filter(|identity| {
            let mut declared = identity.attached.iter().filter_map(|own| own.declared_by.as_ref());
            declared.any(|declared| declared.id == entity.id)
        });
        if holders.count() > 1 {
            return Err(format!("`{}` is attached to others too", entity.name));
        }
        Ok(block)
    }

    /// Writes the grants into a policy's block, or into the document that it alone refers to.
    fn rewrite(&self, block: &WrittenBlock) -> Result<Vec<Edit>, String> {
        let policy = block.argument("policy").ok_or("its policy has no document")?;
        let expression = self.module.slice(policy.span);
        let document = expression
            .strip_prefix("data.aws_iam_policy_document.")
            .and_then(|rest| rest.strip_suffix(".json"));
        if let Some(name) = document {
            let mut data = self.module.blocks().filter(|block| block.kind == "data");
            let own = data.find(|block| {
                block.labels == ["aws_iam_policy_document".to_owned(), name.to_owned()]
            });
            let mentions = self.module.mentions(&format!("aws_iam_policy_document.{name}"));
            if let Some(own) = own.filter(|own| mentions == 1 && own.argument("for_each").is_none())
            {
                return Ok(vec![Edit {
                    span: own.extent,
                    replacement: self.policy_document(name)?,
                }]);
            }
        }
        Ok(vec![Edit { span: policy.span, replacement: self.encoded("  ")? }])
    }

    fn speller(&self) -> Speller<'_> {
        let function = &self.task.function.entity.id;
        Speller {
            graph: self.task.graph,
            arns: self.task.arns,
            function,
            is_circular: &|_| false,
            parameters: &[],
        }
    }

    fn encoded(&self, indent: &str) -> Result<String, String> {
        let document = document(&self.task.role.grants);
        let style = Style::Hcl(&self.data);
        Ok(format!("jsonencode({})", written(&document, style, indent, &self.speller())?))
    }

    fn policy_document(&self, name: &str) -> Result<String, String> {
        crate::render::policy_document(self.task.role, name, &self.speller(), &self.data)
    }

    /// Writes a policy behind the role.
    fn add_policy(&self) -> Result<Edit, String> {
        let name = self.role.labels.get(1).cloned().unwrap_or_default();
        let name = self.free("aws_iam_role_policy", &name);
        let role = format!("aws_iam_role.{}", self.role.labels.get(1).cloned().unwrap_or_default());
        let end = self.role.extent.end as usize;
        let span = Span::new(self.role.extent.source, end, end);
        Ok(Edit { span, replacement: format!("\n\n{}", self.policy_text(&name, &role)?) })
    }

    fn policy_text(&self, name: &str, role: &str) -> Result<String, String> {
        Ok(format!(
            "resource \"aws_iam_role_policy\" \"{name}\" {{\n  role   = {role}.id\n  policy = {}\n}}",
            self.encoded("  ")?
        ))
    }

    /// A name that no resource of the kind has.
    fn free(&self, kind: &str, name: &str) -> String {
        let mut name = name.to_owned();
        let is_taken = |name: &str| {
            self.module.blocks().any(|block| block.labels == [kind.to_owned(), name.to_owned()])
        };
        while is_taken(&name) {
            name.push_str("_own");
        }
        name
    }

    /// Takes away managed policies that let the role do more than run.
    fn unmanage(&self) -> Result<Vec<Edit>, String> {
        let mut edits = Vec::new();
        for policy in self.identity.managed.iter().filter(|policy| !policy.lets_run()) {
            let block = self.module.around(policy.arn.span);
            let block = block.ok_or("a managed policy is attached elsewhere")?;
            let kind = block.labels.first().map(String::as_str);
            let is_plain = block.argument("count").or(block.argument("for_each")).is_none();
            if kind != Some("aws_iam_role_policy_attachment") || !is_plain {
                return Err(format!(
                    "`{}` is attached by `{}`: take it off the role first",
                    policy.arn.value,
                    block.labels.join(".")
                ));
            }
            let edit = self.module.remove(block);
            if !edits.contains(&edit) {
                edits.push(edit);
            }
        }
        Ok(edits)
    }

    /// Writes a role of the function's own behind the shared one.
    fn split(&self, function: &WrittenBlock) -> Result<Vec<Edit>, String> {
        let own = function.argument("role").ok_or("its role is said elsewhere")?;
        let label = function.labels.get(1).cloned().unwrap_or_default();
        let name = self.free("aws_iam_role", &label);
        let mut text = format!("\n\nresource \"aws_iam_role\" \"{name}\" {{");
        let kept = ["path", "assume_role_policy", "permissions_boundary", "provider", "tags"];
        let kept: Vec<&WrittenArgument> =
            kept.iter().filter_map(|name| self.role.argument(name)).collect();
        let width = kept.iter().map(|argument| argument.name.len()).max().unwrap_or_default();
        for argument in kept {
            let value = self.module.slice(argument.span);
            text.push_str(&format!("\n  {:width$} = {value}", argument.name));
        }
        text.push_str("\n}");
        let role = format!("aws_iam_role.{name}");
        for (index, policy) in
            self.identity.managed.iter().filter(|policy| policy.lets_run()).enumerate()
        {
            let Some(arn) = policy.arn.value.literal() else {
                return Err("a managed policy's ARN is known in part only".to_owned());
            };
            let suffix = if index == 0 { String::new() } else { format!("_{index}") };
            let attachment =
                self.free("aws_iam_role_policy_attachment", &format!("{name}{suffix}"));
            text.push_str(&format!(
                "\n\nresource \"aws_iam_role_policy_attachment\" \"{attachment}\" {{\n  \
                 role       = {role}.name\n  policy_arn = \"{arn}\"\n}}"
            ));
        }
        let policy = self.free("aws_iam_role_policy", &name);
        text.push_str(&format!("\n\n{}", self.policy_text(&policy, &role)?));
        let end = self.role.extent.end as usize;
        Ok(vec![
            Edit { span: Span::new(self.role.extent.source, end, end), replacement: text },
            Edit { span: own.span, replacement: format!("{role}.arn") },
        ])
    }
}
