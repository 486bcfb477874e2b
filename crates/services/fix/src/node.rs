//! A tree to be written in one of the formats.

use text::PartialText;

/// A value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Node {
    /// A text; what it refers to is spelled by the format.
    Text(PartialText),
    /// A list.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<(String, Node)>),
    /// A piece of the old text, as it stood; its lines but the first are indented as they should be.
    Kept(String),
}

impl Node {
    /// A known text.
    pub(crate) fn known(text: impl Into<String>) -> Self {
        Node::Text(PartialText::known(text))
    }

    /// A mapping of known keys.
    pub(crate) fn map<K: Into<String>>(members: impl IntoIterator<Item = (K, Node)>) -> Self {
        Node::Map(members.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// One text as it is, several as a list.
    pub(crate) fn one_or_list(texts: impl IntoIterator<Item = PartialText>) -> Self {
        let mut texts: Vec<Node> = texts.into_iter().map(Node::Text).collect();
        match texts.len() {
            1 => texts.remove(0),
            _ => Node::List(texts),
        }
    }
}
