//! Serverless Framework services.

use crate::declaration::Declared;
use crate::{Files, Options};

/// Reads the service that the file at `path` declares.
pub fn read(_path: &str, _files: &Files, _options: &Options) -> Option<Declared> {
    None
}
