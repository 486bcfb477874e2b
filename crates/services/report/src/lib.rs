//! A scan as text, JSON, SARIF, JUnit, GitLab, Markdown, HTML and pictures.
//!
//! Job: say what a scan found, in the words each reader expects. Input: a [`scan::Scan`].
//! Output: one text a format. It must never judge, and every format says the same.

mod excerpt;
mod fix;
pub mod gitlab;
mod group;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod permissions;
pub mod picture;
pub mod profile;
pub mod rules;
pub mod sarif;
pub mod terminal;

pub use excerpt::visible;
pub use group::{Group, groups};
