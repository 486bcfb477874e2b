//! Libraries that are known by data: what their calls do, and which of them never reach AWS.

mod addresses;
pub(crate) mod effects;
mod extension;
pub(crate) mod libraries;
pub(crate) mod packages;
mod registers;

pub(crate) use registers::registers;
