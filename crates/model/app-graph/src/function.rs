use iam::Statement;
use text::{EntityId, PartialText, Said, Setting, Span, Unknown};

use crate::{Cors, Entity};

/// A serverless function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    /// Name, place, condition.
    pub entity: Entity,
    /// Name when deployed.
    pub function_name: Setting<PartialText>,
    /// Runtime identifier in its cloud's words: `python3.13`, `nodejs22`, `dotnet-isolated|8.0`.
    pub runtime: Setting<String>,
    /// Handler or entry point; for an image the first word of its command, where the template
    /// says one.
    pub handler: Setting<PartialText>,
    /// Archive or container image.
    pub packaging: Packaging,
    /// Where the code lies.
    pub code: Setting<Code>,
    /// Seconds.
    pub timeout: Setting<u32>,
    /// Seconds after which a durable execution, with all its invocations, is stopped.
    pub durable_timeout: Setting<u32>,
    /// MiB.
    pub memory: Setting<u32>,
    /// Upper limit of instances at one time: reserved concurrency, maximum instances.
    pub maximum_concurrency: Setting<u32>,
    /// Instances kept warm.
    pub provisioned_concurrency: Setting<u32>,
    /// Environment variables.
    pub environment: Vec<Variable>,
    /// Why the environment is not wholly known, if so.
    pub environment_unknown: Option<Unknown>,
    /// Customer key that encrypts the environment.
    pub environment_key: Setting<PartialText>,
    /// Whether invocations are traced.
    pub tracing: Setting<Tracing>,
    /// Code signing configuration.
    pub code_signing: Setting<PartialText>,
    /// Layers.
    pub layers: Vec<Layer>,
    /// Private network it runs in.
    pub network: Setting<Network>,
    /// Access points of the file systems it mounts.
    pub file_systems: Vec<Said<PartialText>>,
    /// Where events of failed asynchronous invocations go: dead-letter queue or on-failure
    /// destination.
    pub failure_destination: Setting<FailureDestination>,
    /// Tries after a failed asynchronous invocation.
    pub maximum_retries: Setting<u32>,
    /// Identity it runs as; the text is a reference or an ARN. `Unset` where a default is shared
    /// by the platform.
    pub role: Setting<PartialText>,
    /// Its own HTTPS address.
    pub url: Option<FunctionUrl>,
    /// Who may invoke it: statements of its resource policy.
    pub permissions: Vec<Statement>,
    /// The log group set for it explicitly.
    pub log_group: Setting<PartialText>,
    /// CPU architecture.
    pub architecture: Setting<Architecture>,
}

impl Function {
    /// A function of which nothing is said yet.
    pub fn new(entity: Entity) -> Self {
        Self {
            entity,
            function_name: Setting::Unset,
            runtime: Setting::Unset,
            handler: Setting::Unset,
            packaging: Packaging::Archive,
            code: Setting::Unset,
            timeout: Setting::Unset,
            durable_timeout: Setting::Unset,
            memory: Setting::Unset,
            maximum_concurrency: Setting::Unset,
            provisioned_concurrency: Setting::Unset,
            environment: Vec::new(),
            environment_unknown: None,
            environment_key: Setting::Unset,
            tracing: Setting::Unset,
            code_signing: Setting::Unset,
            layers: Vec::new(),
            network: Setting::Unset,
            file_systems: Vec::new(),
            failure_destination: Setting::Unset,
            maximum_retries: Setting::Unset,
            role: Setting::Unset,
            url: None,
            permissions: Vec::new(),
            log_group: Setting::Unset,
            architecture: Setting::Unset,
        }
    }
}

/// How code is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Packaging {
    /// An archive with a managed runtime.
    #[default]
    Archive,
    /// A container image.
    Image,
}

/// Where code lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// A folder or file of the project, relative to the scanned root.
    Path(String),
    /// An archive in a bucket.
    Bucket {
        /// The bucket.
        bucket: PartialText,
        /// The object's key.
        key: PartialText,
    },
    /// A container image.
    Image(PartialText),
    /// A container image that is built from the project.
    Build {
        /// The folder that the build sees, relative to the scanned root.
        context: String,
        /// The Dockerfile, relative to the scanned root.
        dockerfile: String,
    },
    /// Written in the template.
    Inline(String),
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: Said<String>,
    /// Its value.
    pub value: Setting<PartialText>,
}

/// Tracing of invocations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tracing {
    /// Samples and traces.
    Active,
    /// Follows the caller's decision.
    PassThrough,
    /// Off.
    Disabled,
}

/// A layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Its version's ARN or a reference to it.
    pub arn: Said<PartialText>,
    /// The folder or file of the project that it is made of, relative to the scanned root.
    pub code: Option<String>,
    /// The template's condition under which it is attached, in words.
    pub when: Option<text::Condition>,
}

/// The private network a function runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// Subnets.
    pub subnets: Vec<Said<PartialText>>,
    /// Security groups.
    pub security_groups: Vec<Said<PartialText>>,
}

/// Where failed events go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailureDestination {
    /// Queue, topic, function or bus; `None` where the framework makes one by itself.
    pub target: Option<PartialText>,
    /// The entity, where it is in the graph.
    pub entity: Option<EntityId>,
}

/// A function's own HTTPS address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionUrl {
    /// Where it is declared.
    pub span: Span,
    /// Who may call it.
    pub auth: Setting<UrlAuth>,
    /// Its answer to browsers of other origins.
    pub cors: Option<Cors>,
}

/// Who may call a function's address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrlAuth {
    /// Signed requests of allowed principals.
    Iam,
    /// Anyone.
    Anyone,
}

/// CPU architecture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Architecture {
    /// 64-bit x86.
    X86,
    /// 64-bit ARM.
    Arm,
}
