use text::{EntityId, Span};

use crate::AppGraph;

/// An end of an edge.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// Anyone.
    Internet,
    /// An entity of the graph.
    Entity(EntityId),
}

/// What an identity may do to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Reads or lists.
    Read,
    /// Writes or deletes.
    Write,
    /// Both, or anything.
    Full,
}

/// What an edge says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EdgeKind {
    /// Anyone can reach the trigger.
    Reaches,
    /// The resource feeds the trigger.
    Feeds,
    /// The trigger invokes the function.
    Invokes,
    /// The function runs as the identity.
    RunsAs,
    /// The identity may act on the resource.
    MayAccess(Access),
}

/// One edge of the application graph.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edge {
    /// Where it begins.
    pub from: Node,
    /// Where it ends.
    pub to: Node,
    /// What it says.
    pub kind: EdgeKind,
    /// What it rests on.
    pub said: Option<Span>,
}

impl AppGraph {
    /// Every edge, sorted and without repetition.
    pub fn edges(&self) -> Vec<Edge> {
        Vec::new()
    }
}
