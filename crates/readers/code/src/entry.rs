use std::collections::BTreeMap;

use text::{PartialText, Said};

/// Where the code of one function begins, and what its template says about it.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The runtime as the template names it: `python3.13`, `nodejs22.x`, `provided.al2023`.
    pub runtime: String,
    /// The handler as the template names it: `app.lambda_handler`.
    pub handler: String,
    /// Folders in which modules are found, relative to the root of the files, empty for the root
    /// itself: the function's own code first, then its layers'.
    pub roots: Vec<String>,
    /// Code written into the template, with the place of its first byte.
    pub inline: Option<Said<String>>,
    /// The module that such code is, where the deployment decides it: `index` in CloudFormation.
    pub inline_module: Option<String>,
    /// What each environment variable may be.
    pub environment: BTreeMap<String, Vec<PartialText>>,
    /// Members of the event that the triggers decide, by path; `*` is any element of a list:
    /// `["Records", "*", "s3", "bucket", "name"]`.
    pub event: Vec<(Vec<String>, PartialText)>,
    /// Why there may be more variables than those, if so.
    pub environment_unknown: Option<String>,
}
