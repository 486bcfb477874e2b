//! Declarations in provider schemas, lowered to the application graph.
//!
//! Job: say what each property means, once for all formats. Input: the declarations of one
//! application, or a policy in a file of its own. Output: its graph, or the policy, and the problems
//! met on the way.
//! It must never know which format a declaration was written in.

mod apis;
mod attachments;
mod azure;
mod directory;
mod embedded;
mod firewalls;
mod functions;
mod google;
mod identities;
mod invocations;
mod platforms;
mod policies;
mod policy_document;
mod referred;
mod resources;
#[cfg(test)]
mod sample;
mod settings;
mod stand_ins;
mod triggers;

use app_graph::{AppGraph, Cloud, Entity, Owner};
use text::Problem;

use documents::declaration::{Declaration, Declared, Maker};

pub use policy_document::policy_document;

/// Lowers one application's declarations to its graph, with the problems met on the way.
///
/// Resources come before triggers, and triggers before API routes, because both look up what
/// they come from in the graph; what only a permission tells comes last.
pub fn lower(declared: &Declared) -> (AppGraph, Vec<Problem>) {
    let mut graph = AppGraph::new(&declared.name, &declared.root, declared.framework);
    let mut problems = Vec::new();
    functions::lower(declared, &mut graph, &mut problems);
    identities::lower(declared, &mut graph, &mut problems);
    resources::lower(declared, &mut graph, &mut problems);
    triggers::lower(declared, &mut graph, &mut problems);
    apis::lower(declared, &mut graph, &mut problems);
    google::lower(declared, &mut graph, &mut problems);
    azure::lower(declared, &mut graph, &mut problems);
    platforms::lower(declared, &mut graph);
    triggers::lower_permitted(declared, &mut graph, &mut problems);
    graph.stand_ins = stand_ins::find(declared);
    graph.referred = referred::find(declared);
    (graph, problems)
}

/// The cloud whose schema a declaration follows.
fn cloud(kind: &str) -> Cloud {
    // Frameworks and terraform types without a row of their own.
    let aws = ["AWS::", "Custom::", "Serverless::Event::", "Alexa::", "Casemate::", "aws_"];
    if aws.iter().any(|prefix| kind.starts_with(prefix)) {
        Cloud::Aws
    } else if kind.starts_with("google_") {
        Cloud::Google
    } else if kind.starts_with("azure") {
        Cloud::Azure
    } else {
        Cloud::Other
    }
}

/// What the graph keeps of every declaration.
fn entity(declaration: &Declaration) -> Entity {
    Entity {
        id: declaration.id.clone(),
        name: declaration.name.clone(),
        type_name: declaration.type_name.clone(),
        cloud: cloud(&declaration.kind),
        said: declaration.said,
        extent: declaration.extent,
        construct: declaration.construct.clone(),
        condition: declaration.condition.clone(),
        insertion: declaration.insertion.clone(),
        allowances: declaration.allowances.clone(),
        owner: match declaration.made_by {
            Maker::Author | Maker::Framework => Owner::Author,
            Maker::Helper => Owner::Framework,
        },
    }
}

#[cfg(test)]
mod tests;
