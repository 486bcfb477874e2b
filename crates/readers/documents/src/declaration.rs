//! What every format evaluates to before lowering: declared resources in the provider's schema.

use app_graph::{Allowance, Framework, InsertionPoint, NotRead};
use text::{Condition, EntityId, Problem, Span};

use crate::value::Value;

/// One declared resource with evaluated properties.
///
/// References to other declarations stand in texts as [`text::Reference`] with the target's
/// [`EntityId`] (whatever the file or nested stack), attributes in CloudFormation's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    /// Unique in the application: scope and name.
    pub id: EntityId,
    /// What the user calls it: logical id, function key, Terraform address.
    pub name: String,
    /// The type whose schema `properties` follow: CloudFormation's for all of AWS
    /// (`AWS::Lambda::Function`), Terraform's for other clouds (`google_cloudfunctions2_function`).
    pub kind: String,
    /// The type as the author wrote it: `AWS::Serverless::Function`, `aws_lambda_function`.
    pub type_name: String,
    /// The token that declares it.
    pub said: Span,
    /// The whole declaration.
    pub extent: Span,
    /// Evaluated properties, a mapping.
    pub properties: Value,
    /// When it exists, in words.
    pub condition: Option<Condition>,
    /// CDK construct path.
    pub construct: Option<String>,
    /// Where a property can be added.
    pub insertion: Option<InsertionPoint>,
    /// Suppressions in its metadata.
    pub allowances: Vec<Allowance>,
    /// Who made it.
    pub made_by: Maker,
}

/// Who made a declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Maker {
    /// The author wrote it.
    Author,
    /// The framework derives it from something the author wrote.
    Framework,
    /// The framework brings it along whole for work of its own, such as the CDK's custom resources:
    /// how it is set up is not the author's to say.
    Helper,
}

/// Key that a framework adds to an entry of a role's `Policies` to say how it came to be:
/// the name of a policy template, or [`GENERATED_POLICY`]. No provider schema has such a key.
pub const POLICY_ORIGIN: &str = "casemate:origin";

/// Value of [`POLICY_ORIGIN`] for policies the framework adds by itself.
pub const GENERATED_POLICY: &str = "generated";

/// Key of `AWS::IAM::Role` for managed policies the framework adds by itself.
pub const GENERATED_MANAGED_POLICIES: &str = "casemate:GeneratedManagedPolicyArns";

/// Key of a declaration's properties for the attribute `Connectors` that SAM takes beside
/// `Properties`; [`crate::sam::expand`] takes it out.
pub const CONNECTORS: &str = "casemate:Connectors";

/// Key of a declaration's properties for the attribute `IgnoreGlobals` that SAM takes beside
/// `Properties`; [`crate::sam::expand`] takes it out.
pub const IGNORE_GLOBALS: &str = "casemate:IgnoreGlobals";

/// Key, among the properties and in `Code` or `Content`, of AWS functions and layers for the folder
/// or file, as a path of the scan's files, that holds their code where the framework tells.
pub const ASSET_PATH: &str = "casemate:AssetPath";

/// Key among the properties of a function whose image is built from the project: a mapping of
/// `Context` and `Dockerfile`, as paths of the scan's files.
pub const BUILD: &str = "casemate:Build";

/// Key that a framework adds to `AWS::Lambda::EventSourceMapping` to say which kind of source the
/// author named (`SQS`, `Kinesis`, `DynamoDB`, `MSK`, `MQ`, `DocumentDB`): it is all that is known
/// where the source's ARN is not.
pub const EVENT_KIND: &str = "casemate:EventKind";

/// All declarations of one application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Service's, stack's or folder's name.
    pub name: String,
    /// File or folder it was read from, as shown to the user.
    pub root: String,
    /// What declared it.
    pub framework: Framework,
    /// Its resources.
    pub declarations: Vec<Declaration>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// What was recognised and not read.
    pub not_read: Vec<NotRead>,
    /// Files that were read for it, as shown to the user.
    pub files: Vec<String>,
}
