//! Every command and flag; help, man page and completions are generated from here.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Secures serverless applications from commit to run time.
#[derive(Debug, Parser)]
#[command(name = "casemate", version, max_term_width = 100)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what is wrong with the applications in a folder
    ///
    /// Reads CloudFormation, SAM, synthesised CDK, Serverless Framework and Terraform. Needs no
    /// network and no account.
    ///
    /// Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 usage; 3 something could not be read.
    Scan(ScanArguments),
    /// Draw trigger → function → role → resource
    Graph(GraphArguments),
    /// Say what each function needs, is granted, and should be granted
    ///
    /// Follows the code from the handler that the template names: Python, JavaScript, TypeScript, Go
    /// and Java. Each need has its line of code; what could not be resolved is listed, never guessed.
    ///
    /// Exit codes: 0 all was read; 2 usage; 3 something could not be read.
    Permissions(PermissionsArguments),
    /// Write what each function does and needs into casemate.profile.json
    ///
    /// The profile is what a function is held to at run time.
    ///
    /// Exit codes: 0 all was read; 2 usage; 3 something could not be read.
    Profile(ProfileArguments),
    /// Write each function's least role into its template
    ///
    /// One role per function. Comments, order and formatting stay. What is written was read again
    /// first: no function may do more than before, and each may do what its code does.
    ///
    /// Exit codes: 0 done, or nothing to do; 1 with --check, a change is due; 2 usage; 3 something
    /// could not be read.
    Fix(FixArguments),
    /// Say what a change lets anyone do that nobody could before
    ///
    /// New access with an example that was not allowed, new ways in from the internet, things newly
    /// open to others.
    ///
    /// Exit codes: 0 nothing new; 1 something new; 2 usage; 3 something could not be compared.
    Compare(CompareArguments),
    /// Decide one request by IAM policies, and say which statement decided
    ///
    /// Exit codes: 0 allowed; 1 denied; 2 usage, or a policy with errors; 3 not known.
    Evaluate(EvaluateArguments),
    /// Say what a rule means, with an example and its fix
    Explain {
        /// The rule's id
        rule: String,
    },
    /// List all rules
    Rules {
        /// How to write the list
        #[arg(long, value_enum, default_value_t = RulesFormat::Text)]
        format: RulesFormat,
    },
    /// Write a first casemate.toml, or print what a CI system needs
    Init(InitArguments),
    /// Print a shell's completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Print the man page
    Man,
}

/// What a scan is asked.
#[derive(Debug, Args)]
pub(crate) struct ScanArguments {
    /// Folders and files
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write the report
    #[arg(long, short, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
    /// Write the report to a file
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Exit with 1 from this severity on: info, low, medium, high, critical, or none [default: high]
    #[arg(long, value_name = "SEVERITY")]
    pub(crate) fail_on: Option<String>,
    /// Accept that parts could not be read
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
    /// Exit with 3 when a value that a rule needed stayed unknown
    #[arg(long)]
    pub(crate) strict: bool,
    /// Ask only these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Do not ask these rules
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Do not count what this file lists
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Write all findings of this run as a baseline
    #[arg(long, value_name = "FILE")]
    pub(crate) write_baseline: Option<PathBuf>,
    /// Ask this policy too: your own rules, in Rego; may be given again
    #[arg(long, value_name = "FILE", hide = cfg!(not(feature = "rego")))]
    pub(crate) rego: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) observed: ObservedArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) color: When,
    /// Judge as if today were this day (YYYY-MM-DD)
    #[arg(long, value_name = "DAY", hide = true)]
    pub(crate) today: Option<String>,
}

/// How templates are read.
#[derive(Debug, Args)]
pub(crate) struct ReadingArguments {
    /// Value of a parameter or variable; may be given again
    #[arg(long, value_name = "NAME=VALUE", alias = "parameter")]
    pub(crate) parameters: Vec<String>,
    /// Stage, environment or workspace
    #[arg(long, value_name = "NAME")]
    pub(crate) stage: Option<String>,
    /// Configuration file [default: casemate.toml in the scanned or the current folder]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

/// What functions were observed to do.
#[derive(Debug, Args)]
pub(crate) struct ObservedArguments {
    /// Files and folders of CloudTrail's records; may be given again
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) observed: Vec<PathBuf>,
}

/// What a picture is asked.
#[derive(Debug, Args)]
pub(crate) struct GraphArguments {
    /// Folders and files
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write the graph
    #[arg(long, short, value_enum, default_value_t = GraphFormat::Svg)]
    pub(crate) format: GraphFormat,
    /// Write to a file
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

/// What is asked about permissions.
#[derive(Debug, Args)]
pub(crate) struct PermissionsArguments {
    /// Folders and files: templates with their code, or a handler alone
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write the answer
    #[arg(long, short, value_enum, default_value_t = PermissionsFormat::Text)]
    pub(crate) format: PermissionsFormat,
    /// The handler's name, where a file of code is named
    #[arg(long, value_name = "NAME")]
    pub(crate) handler: Option<String>,
    /// Write to a file
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) observed: ObservedArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
    /// When to colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = When::Auto)]
    pub(crate) color: When,
}

/// Formats of the answer about permissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PermissionsFormat {
    /// For people at a terminal
    Text,
    /// Everything, for machines
    Json,
    /// The least roles as IAM policy documents
    Iam,
    /// The least roles as CloudFormation and SAM write them
    Cloudformation,
    /// The least roles as Terraform's policy documents
    Terraform,
}

/// What a profile is asked.
#[derive(Debug, Args)]
pub(crate) struct ProfileArguments {
    /// Folders and files: templates with their code, or a handler alone
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// The handler's name, where a file of code is named
    #[arg(long, value_name = "NAME")]
    pub(crate) handler: Option<String>,
    /// The file to write; `-` for standard output
    #[arg(long, short, value_name = "FILE", default_value = "casemate.profile.json")]
    pub(crate) output: PathBuf,
    #[command(flatten)]
    pub(crate) observed: ObservedArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

/// What is to be written back.
#[derive(Debug, Args)]
pub(crate) struct FixArguments {
    /// Folders and files
    #[arg(value_name = "PATH", default_value = ".")]
    pub(crate) paths: Vec<PathBuf>,
    /// Show the changes
    #[arg(long)]
    pub(crate) diff: bool,
    /// Exit with 1 when a change is due
    #[arg(long, conflicts_with = "write")]
    pub(crate) check: bool,
    /// Make the changes
    #[arg(long)]
    pub(crate) write: bool,
    /// Narrow functions with calls that could not be resolved too
    #[arg(long)]
    pub(crate) accept_unresolved: bool,
    #[command(flatten)]
    pub(crate) observed: ObservedArguments,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

/// What is to be compared.
#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// The old state: a folder, a revision of git, or REVISION:FOLDER
    #[arg(value_name = "OLD")]
    pub(crate) old: String,
    /// The new state
    #[arg(value_name = "NEW", default_value = ".")]
    pub(crate) new: String,
    /// How to write the answer
    #[arg(long, short, value_enum, default_value_t = CompareFormat::Text)]
    pub(crate) format: CompareFormat,
    /// Write to a file
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Accept that parts could not be compared
    #[arg(long)]
    pub(crate) allow_incomplete: bool,
    #[command(flatten)]
    pub(crate) reading: ReadingArguments,
}

/// Formats of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CompareFormat {
    /// For people
    Text,
    /// For machines
    Json,
}

/// One request, and the policies that have a say in it.
#[derive(Debug, Args)]
pub(crate) struct EvaluateArguments {
    /// The principal's own policies
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) identity: Vec<PathBuf>,
    /// The resource's policy; a role's trust policy
    #[arg(long, value_name = "FILE")]
    pub(crate) resource_policy: Option<PathBuf>,
    /// The principal's permissions boundary
    #[arg(long, value_name = "FILE")]
    pub(crate) boundary: Option<PathBuf>,
    /// A policy passed to the session; may be given again
    #[arg(long, value_name = "FILE")]
    pub(crate) session: Vec<PathBuf>,
    /// Service control policies of one level of the organization; again for each level
    #[arg(long, value_name = "FILE[,FILE…]")]
    pub(crate) scp: Vec<String>,
    /// Who asks: an ARN, or a service's domain
    #[arg(long, value_name = "ARN")]
    pub(crate) principal: String,
    /// What for: `s3:GetObject`
    #[arg(long)]
    pub(crate) action: String,
    /// On what: an ARN, or `*` for an action without resources
    #[arg(long, value_name = "ARN")]
    pub(crate) resource: String,
    /// The resource's account, where its ARN names none [default: the principal's]
    #[arg(long, value_name = "ID")]
    pub(crate) resource_account: Option<String>,
    /// A value of a condition key; may be given again
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) context: Vec<String>,
    /// How to write the answer
    #[arg(long, short, value_enum, default_value_t = AnswerFormat::Text)]
    pub(crate) format: AnswerFormat,
}

/// What a project needs.
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// Print the snippet for a CI system instead of writing casemate.toml
    #[arg(long, value_enum, value_name = "SYSTEM")]
    pub(crate) ci: Option<CiSystem>,
}

/// Formats of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people at a terminal, worst last
    Text,
    /// Everything, for machines
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for test reports
    Junit,
    /// GitLab SAST report
    Gitlab,
    /// For pull requests
    Markdown,
    /// One page with the graph
    Html,
}

/// Formats of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AnswerFormat {
    /// For people at a terminal
    Text,
    /// For machines
    Json,
}

/// Formats of a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// A picture
    Svg,
    /// Graphviz
    Dot,
    /// Mermaid
    Mermaid,
    /// Nodes and edges
    Json,
}

/// Formats of the list of rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RulesFormat {
    /// One line a rule
    Text,
    /// For machines
    Json,
    /// A table
    Markdown,
}

/// CI systems.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiSystem {
    /// GitHub Actions workflow
    Github,
    /// GitLab CI job
    Gitlab,
    /// pre-commit hook
    PreCommit,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
