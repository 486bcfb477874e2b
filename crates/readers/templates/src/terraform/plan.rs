//! Plans in JSON.

use crate::declaration::Declared;
use crate::{Files, Options};

pub(super) fn read(_path: &str, _files: &Files, _options: &Options) -> Option<Declared> {
    None
}
