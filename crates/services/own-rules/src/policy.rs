use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

use app_graph::AppGraph;
use finding::Finding;
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value};
use text::{Place, Problem, Sources};

use crate::answer;
use crate::files::FilesError;
use crate::rules::Rules;

/// Time that one policy may take for one application.
const LONGEST: Duration = Duration::from_secs(5);

/// The package that a policy is in.
const PACKAGE: &str = "data.casemate";

/// The rule that yields its findings.
const FINDINGS: &str = "data.casemate.findings";

/// Policies, ready to judge applications.
pub struct OwnRules {
    policies: Vec<Policy>,
    problems: Vec<Problem>,
    rules: Rules,
}

/// One file. Each is asked alone, so that what goes wrong in it costs no other its answer.
struct Policy {
    path: String,
    engine: Engine,
}

impl OwnRules {
    /// Reads policies; one that is no Rego becomes a problem, one that cannot be read an error.
    pub fn read(paths: &[PathBuf]) -> Result<Self, FilesError> {
        let mut own = Self { policies: Vec::new(), problems: Vec::new(), rules: Rules::default() };
        for path in paths {
            let text = std::fs::read_to_string(path)
                .map_err(|source| FilesError::Read { path: path.clone(), source })?;
            own.add(path.to_string_lossy().into_owned(), text);
        }
        Ok(own)
    }

    fn add(&mut self, path: String, text: String) {
        let mut engine = Engine::new();
        // A builtin's error would else be "undefined", by which a rule does not fire.
        engine.set_strict_builtin_errors(true);
        // The report has standard output, complaints have standard error.
        engine.set_gather_prints(true);
        let check_interval = NonZeroU32::new(1_000).unwrap_or(NonZeroU32::MIN);
        engine.set_execution_timer_config(ExecutionTimerConfig { limit: LONGEST, check_interval });
        match engine.add_policy(path.clone(), text) {
            Ok(package) if package == PACKAGE => self.policies.push(Policy { path, engine }),
            Ok(_) => self.problems.push(
                problem(&path, "the policy is not in the package `casemate`")
                    .help("begin it with `package casemate`"),
            ),
            Err(error) => {
                self.problems.push(problem(&path, &format!("the policy is not Rego: {error}")));
            }
        }
    }
}

impl Policy {
    fn ask(&self, input: Value) -> Result<Vec<serde_json::Value>, String> {
        let mut engine = self.engine.clone();
        engine.set_input(input);
        let answer = engine
            .eval_rule(FINDINGS.to_owned())
            .map_err(|error| format!("the policy cannot be evaluated: {error}"))?;
        if answer.as_set().is_err() {
            return Err("the policy yields no set `findings`".to_owned());
        }
        answer
            .to_json_str()
            .map_err(|error| error.to_string())
            .and_then(|json| serde_json::from_str(&json).map_err(|error| error.to_string()))
            .map_err(|error| format!("`findings` is no data: {error}"))
    }
}

impl scan::Judge for OwnRules {
    fn problems(&self) -> Vec<Problem> {
        self.problems.clone()
    }

    fn judge(&self, graph: &AppGraph, sources: &Sources) -> (Vec<Finding>, Vec<Problem>) {
        let (mut findings, mut problems) = (Vec::new(), Vec::new());
        let application = report::json::application(graph, sources);
        let input = serde_json::to_string(&application)
            .map_err(|error| error.to_string())
            .and_then(|json| Value::from_json_str(&json).map_err(|error| error.to_string()));
        for policy in &self.policies {
            // Which application it was about, where there may be many.
            let mut trouble = |why: &str| {
                problems
                    .push(problem(&policy.path, &format!("{why} (asked about `{}`)", graph.root)));
            };
            let answers = input.clone().and_then(|input| policy.ask(input));
            match answers {
                Err(why) => trouble(&why),
                Ok(answers) => {
                    for answer in answers {
                        match answer::finding(answer, graph, &self.rules) {
                            Ok(finding) => findings.push(finding),
                            Err(why) => trouble(&why),
                        }
                    }
                }
            }
        }
        (findings, problems)
    }
}

/// A policy's fault: what it would have found is lost.
fn problem(path: &str, message: &str) -> Problem {
    // The evaluator shows the place over several lines; a problem has one.
    let message = message.split_whitespace().collect::<Vec<_>>().join(" ");
    Problem::incomplete(message, Place::Path(path.to_owned()))
}
