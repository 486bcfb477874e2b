//! What the names of the cloud's libraries mean, one module per library.
//!
//! A language's [`crate::language::Language::member`] and `call` ask here first. A module answers
//! with an [`crate::evaluate::Object`] of a kind of its own, tells calls with
//! [`crate::evaluate::Evaluator::api_call`], and returns `None` for what it does not know.

pub(crate) mod boto3;
pub(crate) mod go;
pub(crate) mod java;
mod javascript;
pub(crate) mod javascript_libraries;
pub(crate) mod javascript_v2;
pub(crate) mod javascript_v3;
mod request;
