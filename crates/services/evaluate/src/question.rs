use std::path::PathBuf;

use iam::Policy;
use iam::arn::Arn;
use iam::evaluate::{Decision, Layer, Policies, Request, Verdict, decide};
use iam::pattern::has_wildcard;
use text::{Loss, PartialText, Place, Problem, Sources, Span};

use crate::reading::Reading;

/// One request, and the policies that have a say in it.
#[derive(Debug, Clone, Default)]
pub struct Question {
    /// Who asks: an ARN, or a service's domain.
    pub principal: String,
    /// What is asked for.
    pub action: String,
    /// What it is asked for: an ARN or `*`.
    pub resource: String,
    /// The resource's account; otherwise the one that its ARN names, or the principal's.
    pub resource_account: Option<String>,
    /// `key=value`, several times for several values.
    pub context: Vec<String>,
    /// The policies.
    pub files: PolicyFiles,
}

/// Files of policies, by the say that they have.
#[derive(Debug, Clone, Default)]
pub struct PolicyFiles {
    /// The principal's own.
    pub identity: Vec<PathBuf>,
    /// The resource's.
    pub resource: Option<PathBuf>,
    /// The principal's permissions boundary.
    pub boundary: Option<PathBuf>,
    /// Those passed to the session.
    pub session: Vec<PathBuf>,
    /// Those of each level of the organization.
    pub service_control: Vec<Vec<PathBuf>>,
}

/// What a request gets, or what is wrong with its policies.
#[derive(Debug)]
pub struct Answer {
    /// The files as they were read.
    pub sources: Sources,
    /// What is wrong with them.
    pub problems: Vec<Problem>,
    /// The decision; none where a policy could not be read as a whole.
    pub outcome: Option<Outcome>,
}

/// The decision and what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the request gets.
    pub decision: Decision,
    /// The statement that decided; none where the lack of one did.
    pub decided_by: Option<Speaker>,
    /// What each kind of policy says.
    pub says: Vec<Says>,
}

/// What one kind of policy says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Says {
    /// Which kind.
    pub layer: Layer,
    /// What it says.
    pub verdict: Verdict,
    /// The statement that says it.
    pub statement: Option<Speaker>,
}

/// A statement that has a say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The kind of its policy.
    pub layer: Layer,
    /// Its `Sid`.
    pub sid: Option<String>,
    /// Where it is.
    pub span: Span,
}

/// Why a question cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A principal that is none.
    #[error("`{0}` is no principal: it is an ARN, or a service such as `lambda.amazonaws.com`")]
    Principal(String),
    /// An action that is none.
    #[error("`{0}` is no action: it is a service and a name, such as `s3:GetObject`")]
    Action(String),
    /// A resource that is none.
    #[error("`{0}` is no resource: it is an ARN, or `*` for an action without resources")]
    Resource(String),
    /// An account that is none.
    #[error("`{0}` is no account: it has 12 digits")]
    Account(String),
    /// A context without a key.
    #[error("`{0}` is no context: it is `key=value`")]
    Context(String),
}

/// Reads the policies and decides the request.
///
/// # Errors
///
/// A question that is none. What is wrong with a policy is in [`Answer::problems`].
pub fn answer(question: &Question) -> Result<Answer, Refusal> {
    let request = request(question)?;
    let files = &question.files;
    let mut reading = Reading::of(files);
    let mut all = |paths: &[PathBuf]| -> Vec<Policy> {
        paths.iter().filter_map(|path| reading.policy(path)).collect()
    };
    let identity = all(&files.identity);
    let resource = all(files.resource.as_slice());
    let boundary = all(files.boundary.as_slice());
    let session = all(&files.session);
    let levels: Vec<Vec<Policy>> = files.service_control.iter().map(|paths| all(paths)).collect();
    let (sources, mut problems) = reading.finish();
    let is_whole = !problems.iter().any(|problem| problem.loss == Loss::Incomplete);
    if iam::actions::lookup(&question.action).is_none() {
        let message = format!("no action `{}` is known", question.action);
        let help = format!("actions as of {}", iam::actions::date());
        let place = Place::Path("--action".to_owned());
        problems.push(Problem::advice(message, place).help(help));
    }
    let policies = Policies {
        identity: identity.iter().collect(),
        resource: resource.first(),
        boundary: boundary.first(),
        session: session.iter().collect(),
        service_control: levels.iter().map(|level| level.iter().collect()).collect(),
    };
    let outcome = is_whole.then(|| outcome(&request, &policies));
    Ok(Answer { sources, problems, outcome })
}

fn outcome(request: &Request, policies: &Policies<'_>) -> Outcome {
    let evaluation = decide(request, policies);
    let speaker = |layer, statement: &iam::Statement| Speaker {
        layer,
        sid: statement.sid.clone(),
        span: statement.span,
    };
    let says = evaluation.voices.into_iter().map(|voice| Says {
        layer: voice.layer,
        verdict: voice.verdict,
        statement: voice.statement.map(|statement| speaker(voice.layer, statement)),
    });
    Outcome {
        says: says.collect(),
        decided_by: evaluation.decided_by.map(|(layer, statement)| speaker(layer, statement)),
        decision: evaluation.decision,
    }
}

fn request(question: &Question) -> Result<Request, Refusal> {
    let Question { principal, action, resource, .. } = question;
    let is_service = |name: &str| name.contains(".amazonaws.com") && !name.contains(':');
    if has_wildcard(principal) || !(Arn::parse(principal).is_some() || is_service(principal)) {
        return Err(Refusal::Principal(principal.clone()));
    }
    let is_action = action.split_once(':').is_some_and(|(service, name)| {
        !service.is_empty() && !name.is_empty() && !name.contains(':')
    });
    if !is_action || has_wildcard(action) {
        return Err(Refusal::Action(action.clone()));
    }
    if resource != "*" && Arn::parse(resource).is_none() {
        return Err(Refusal::Resource(resource.clone()));
    }
    let known = |text: &String| PartialText::known(text.clone());
    let mut request = Request::new(known(principal), action, known(resource));
    if let Some(account) = &question.resource_account {
        if account.len() != 12 || !account.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Refusal::Account(account.clone()));
        }
        request.resource_account = known(account);
    }
    for pair in &question.context {
        match pair.split_once('=') {
            Some((key, value)) if !key.is_empty() => {
                request.context.add(key, PartialText::known(value));
            }
            _ => return Err(Refusal::Context(pair.clone())),
        }
    }
    Ok(request)
}
