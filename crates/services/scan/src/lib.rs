//! Reads, judges, suppresses and ranks: the main job as one call.
//!
//! Job: turn folders into a [`Scan`]. Input: paths, a [`Config`] and today's date. Output: ranked
//! findings, unknowns, problems, what was not read, and the [`Outcome`] with its reason.
//! It must never print, and never drop a finding without saying why.

mod access;
mod baseline;
mod behaviour;
mod comments;
mod config;
mod context;
mod event;
mod handler;
mod image;
mod observed;
mod outcome;
mod rules;
mod run;
mod staleness;
mod suppression;
mod walk;

pub use access::FunctionAccess;
pub use baseline::{Baseline, BaselineError, Known};
pub use config::{Allow, Config, ConfigError, Rules, Whole};
pub use observed::Unjoined;
pub use outcome::{Exit, Outcome};
pub use rules::{NoSuchRule, rule, rules};
pub use run::{
    Counts, Judge, Judged, Request, Scan, ScanError, Status, scan, scan_files, scan_with,
};
pub use suppression::{Suppression, SuppressionOrigin};
pub use walk::{Walk, is_skipped, walk};
