//! Terraform configurations and plans.

use crate::declaration::Declared;
use crate::{Files, Options};

/// Reads the root module in `folder` (empty for the scan's root itself).
pub fn read(_folder: &str, _files: &Files, _options: &Options) -> Option<Declared> {
    None
}

/// Reads a plan in JSON (`terraform show -json`).
pub fn read_plan(_path: &str, _files: &Files, _options: &Options) -> Option<Declared> {
    None
}
