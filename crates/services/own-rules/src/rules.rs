use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use finding::{Family, Owasp, Rule, Severity};

/// Own rules beyond this number are a policy's mistake: ids made of names, one for each function.
const MOST_RULES: usize = 1_000;

/// The rules that policies made known by their findings.
#[derive(Debug, Default)]
pub(crate) struct Rules(Mutex<BTreeMap<(String, Severity), &'static Rule>>);

impl Rules {
    /// The rule of that id and severity, or why there is none.
    ///
    /// A finding's rule lives as long as the program, as all of Casemate's do, so a rule that is
    /// first known at run time is leaked: once for each id and severity, at most [`MOST_RULES`]. A
    /// rule is made of nothing else, so it is the same in whatever order applications are judged.
    pub(crate) fn get(&self, id: &str, severity: Severity) -> Result<&'static Rule, String> {
        if !is_kebab_case(id) {
            return Err(format!("`{id}` is no rule id: write it in kebab-case"));
        }
        if scan::rule(id).is_ok() {
            return Err(format!("`{id}` is a rule of Casemate's: choose another id"));
        }
        let mut rules = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(rule) = rules.get(&(id.to_owned(), severity)) {
            return Ok(rule);
        }
        if rules.len() >= MOST_RULES {
            return Err(format!("more than {MOST_RULES} rules: an id names a rule, not a place"));
        }
        let rule: &'static Rule = Box::leak(Box::new(Rule {
            id: Box::leak(id.to_owned().into_boxed_str()),
            summary: "breaks a rule of your own",
            explanation: "A rule of your own, written in Rego: its policy says what it asks for.",
            family: Family::Function,
            severity,
            cwe: &[],
            owasp: Owasp::SecurityMisconfiguration,
            security_hub: &[],
            counterparts: &[],
            references: &[],
            firing: "",
            clean: "",
        }));
        rules.insert((id.to_owned(), severity), rule);
        Ok(rule)
    }
}

fn is_kebab_case(id: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    id.len() <= 64 && id.split('-').all(word)
}
