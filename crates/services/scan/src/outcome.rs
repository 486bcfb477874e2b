use finding::Severity;

use crate::{Config, Scan, Status, Whole};

/// What the process answers with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exit {
    /// Nothing at or above the threshold, and all was read.
    Clean,
    /// Findings at or above the threshold.
    Findings,
    /// The call was wrong.
    Usage,
    /// The analysis was incomplete.
    Incomplete,
}

/// The exit with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the process answers with.
    pub exit: Exit,
    /// Why, in one line for people.
    pub reason: String,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Exit::Clean => 0,
            Exit::Findings => 1,
            Exit::Usage => 2,
            Exit::Incomplete => 3,
        }
    }
}

impl Outcome {
    /// Decides the exit: findings before incompleteness, incompleteness before clean.
    ///
    /// This is the one place where failing open or closed is decided: what could not be read fails
    /// unless the user accepts it.
    pub fn of(scan: &Scan, config: &Config) -> Self {
        let counts = scan.counts();
        let failing = |threshold: Severity| {
            let open = scan.findings.iter().filter(|judged| judged.status == Status::Open);
            open.filter(|judged| judged.finding.severity >= threshold).count()
        };
        let mut gaps = Vec::new();
        if counts.incomplete > 0 && !config.allow_incomplete {
            gaps.push(format!("{} could not be read", counted(counts.incomplete, "part")));
        }
        if counts.not_read > 0 && !config.allow_incomplete {
            let what = counted(counts.not_read, "application");
            gaps.push(format!("{what} of a kind that is not read yet"));
        }
        let unread = scan.functions().filter(|(_, access)| !access.profile.behaviour.is_read());
        let unread = unread.count();
        if unread > 0 && config.whole == Whole::Code && !config.allow_incomplete {
            gaps.push(format!("the code of {} could not be read", counted(unread, "function")));
        }
        if config.strict && counts.unknown > 0 {
            let values = counted(counts.unknown, "value");
            gaps.push(format!("{values} that a rule needed stayed unknown (--strict)"));
        }
        if let Some(threshold) = config.fail_on {
            let failing = failing(threshold);
            if failing > 0 {
                let mut reason = format!("{} of severity {threshold}", counted(failing, "finding"));
                if threshold != Severity::Critical {
                    reason.push_str(" or worse");
                }
                for gap in gaps {
                    reason.push_str("; also ");
                    reason.push_str(&gap);
                }
                return Self { exit: Exit::Findings, reason };
            }
        }
        if !gaps.is_empty() {
            return Self { exit: Exit::Incomplete, reason: gaps.join("; ") };
        }
        let reason = match config.fail_on {
            Some(Severity::Critical) => "no critical finding".to_owned(),
            Some(threshold) => format!("no finding of severity {threshold} or worse"),
            None if config.whole == Whole::Code => "all was read".to_owned(),
            None => "findings never fail (--fail-on none)".to_owned(),
        };
        Self { exit: Exit::Clean, reason }
    }
}

/// A count with its noun, which takes a plain plural.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
