//! Edits that put a function's least role in the place of what it has.

mod circles;
mod cloudformation;
mod managed;
mod serverless;
mod terraform;

use std::collections::BTreeMap;

use app_graph::{AppGraph, Arns, Framework, Function, Identity};
use finding::Edit;
use profile::Role;
use text::{EntityId, Settled, Sources};

use crate::statements::{INLINE_QUOTA, size};

/// What is to be changed for one function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The function.
    pub function: EntityId,
    /// The edits, or why there is none.
    pub edits: Result<Vec<Edit>, String>,
}

/// The edits that give each function the role named for it, and no other; nothing is proven yet.
///
/// A function that shares its role gets one of its own. Comments, order and formatting of what
/// stays are kept.
pub fn edits(graph: &AppGraph, sources: &Sources, roles: &BTreeMap<EntityId, Role>) -> Vec<Change> {
    let arns = Arns::new(graph);
    let functions = graph.functions.iter();
    functions
        .filter_map(|function| {
            let role = roles.get(&function.entity.id)?;
            let edits =
                edit(&Task { graph, arns: &arns, sources, function, role, parameters: &[] });
            Some(Change { function: function.entity.id.clone(), edits })
        })
        .collect()
}

fn edit(task: &Task<'_>) -> Result<Vec<Edit>, String> {
    let Task { graph, role, .. } = task;
    if size(graph, task.arns, &role.grants) > INLINE_QUOTA {
        return Err(format!("its role takes more than the {INLINE_QUOTA} characters of a role"));
    }
    let is_cloudformation = matches!(graph.framework, Framework::Sam | Framework::CloudFormation);
    if role.grants.is_empty() && !is_cloudformation {
        return Err("it needs nothing that a policy could say: detach its policies".to_owned());
    }
    match graph.framework {
        Framework::Code => Err("there is no template to write it in".to_owned()),
        Framework::Cdk => {
            Err("the next synthesis overwrites the template: write it in the construct".to_owned())
        }
        Framework::Sam | Framework::CloudFormation => {
            let parameters = cloudformation::parameters(task);
            cloudformation::edit(&Task { parameters: &parameters, ..*task })
        }
        Framework::Serverless => serverless::edit(task),
        Framework::Terraform => terraform::edit(task),
    }
}

/// One function and the role it is to get.
#[derive(Clone, Copy)]
struct Task<'a> {
    graph: &'a AppGraph,
    arns: &'a Arns<'a>,
    sources: &'a Sources,
    function: &'a Function,
    role: &'a Role,
    /// The template's parameters with their defaults.
    parameters: &'a [(String, String)],
}

impl<'a> Task<'a> {
    /// The one role that the function runs as, where it is declared.
    fn identity(&self) -> Result<&'a Identity, String> {
        let cases = self.function.role.cases();
        if let [case] = cases.as_slice()
            && let Settled::Unknown(unknown) = &case.value
        {
            return Err(format!("its role is not known: {}", unknown.why));
        }
        if cases.len() != 1 {
            return Err("its role depends on a condition of the template".to_owned());
        }
        match self.graph.identities_of(self.function).as_slice() {
            [identity] => Ok(identity),
            _ => Err("its role is not declared in the templates".to_owned()),
        }
    }

    /// The other functions that run as the same identity.
    fn others(&self, identity: &Identity) -> Vec<&'a Function> {
        let is_other = |function: &&Function| {
            function.entity.id != self.function.entity.id
                && self
                    .graph
                    .identities_of(function)
                    .iter()
                    .any(|own| own.entity.id == identity.entity.id)
        };
        self.graph.functions.iter().filter(is_other).collect()
    }
}
