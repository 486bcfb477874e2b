//! Behaviour of the template readers that a user relies on.

mod bad_input;
mod cloud_assembly;
mod discovery;
mod documents;
mod intrinsics;
mod nested_stacks;
mod rendered;
