use std::collections::BTreeMap;

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
