use std::collections::BTreeMap;

use app_graph::{AppGraph, NotRead};
use text::Problem;

use crate::Files;

/// What the user says beside the files.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Values of parameters and variables: CloudFormation parameters, Terraform variables,
    /// Serverless Framework params.
    pub parameters: BTreeMap<String, String>,
    /// Stage, environment or workspace.
    pub stage: Option<String>,
    /// Environment variables that templates may read; empty unless the user opens them.
    pub environment: BTreeMap<String, String>,
}

/// What was found in a folder.
#[derive(Debug, Default)]
pub struct Reading {
    /// One graph for each application.
    pub applications: Vec<AppGraph>,
    /// What could not be read, and advice.
    pub problems: Vec<Problem>,
    /// Infrastructure that was recognised and not read.
    pub not_read: Vec<NotRead>,
    /// Templates that were recognised: files that declare infrastructure.
    pub templates: Vec<String>,
}

/// Finds and reads all applications.
pub fn read(_files: &Files, _options: &Options) -> Reading {
    Reading::default()
}
