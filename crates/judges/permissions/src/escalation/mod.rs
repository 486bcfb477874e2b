//! How one identity gets the rights of another, or rights that none has yet.

mod conditions;
pub(crate) mod holders;
mod names;
pub(crate) mod paths;
pub(crate) mod techniques;
mod trust;
pub(crate) mod words;

pub(crate) use trust::is_trusted;
