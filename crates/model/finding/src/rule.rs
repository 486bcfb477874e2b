use std::fmt;
use std::str::FromStr;

/// What a rule is, said once: pages, configuration keys and SARIF metadata come from here.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// kebab-case, reads well after the word "allow"; public and never reused.
    pub id: &'static str,
    /// One sentence without a full stop: what is wrong where it fires.
    pub summary: &'static str,
    /// Why it matters and what to do, as Markdown paragraphs.
    pub explanation: &'static str,
    /// The group it is listed under.
    pub family: Family,
    /// What a finding has unless the rule judges the single case otherwise.
    pub severity: Severity,
    /// Weakness numbers of the Common Weakness Enumeration.
    pub cwe: &'static [u16],
    /// Category of the OWASP Serverless Top 10.
    pub owasp: Owasp,
    /// Controls of AWS Security Hub, such as `Lambda.1`; empty where none matches.
    pub security_hub: &'static [&'static str],
    /// Checks of other tools that mean the same: `CKV_AWS_115`, `AwsSolutions-L1`, prowler's names.
    /// Inline suppressions of these are understood.
    pub counterparts: &'static [&'static str],
    /// Pages to read, as links.
    pub references: &'static [&'static str],
    /// A template on which the rule fires.
    pub firing: &'static str,
    /// The same template, mended.
    pub clean: &'static str,
}

/// The group a rule is listed under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// Roles, policies and who may assume them.
    Identity,
    /// Functions and what invokes them.
    Function,
    /// HTTP, WebSocket and GraphQL front doors.
    Api,
    /// Stores, queues, topics, streams, keys and logs.
    Data,
}

/// How much harm a finding stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Hardening.
    Low,
    /// Helps an attacker who already has a foothold, or breaks under load.
    Medium,
    /// One step from harm.
    High,
    /// Open to anyone now.
    Critical,
}

/// Categories of the OWASP Serverless Top 10 (2017 categories interpreted for serverless, 2018).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Owasp {
    /// SAS-1 / A1: event-data injection.
    Injection,
    /// A2: broken authentication.
    BrokenAuthentication,
    /// A3: sensitive data exposure.
    SensitiveDataExposure,
    /// A4: XML external entities.
    XmlExternalEntities,
    /// A5: broken access control, over-privileged functions.
    BrokenAccessControl,
    /// A6: security misconfiguration, denial of wallet.
    SecurityMisconfiguration,
    /// A7: cross-site scripting.
    CrossSiteScripting,
    /// A8: insecure deserialisation.
    InsecureDeserialization,
    /// A9: components with known vulnerabilities.
    VulnerableComponents,
    /// A10: insufficient logging and monitoring.
    InsufficientLogging,
}

impl Severity {
    /// All, mildest first.
    pub const ALL: [Severity; 5] =
        [Severity::Info, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

    /// The word shown and accepted.
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
            Severity::Critical => "critical",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Severity {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        Severity::ALL.into_iter().find(|severity| severity.as_str() == word).ok_or_else(|| {
            format!("`{word}` is no severity; choose info, low, medium, high or critical")
        })
    }
}

impl Family {
    /// The word shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Family::Identity => "identity",
            Family::Function => "function",
            Family::Api => "api",
            Family::Data => "data",
        }
    }
}

impl Owasp {
    /// Number and name: `A5 broken access control`.
    pub fn as_str(self) -> &'static str {
        match self {
            Owasp::Injection => "A1 injection",
            Owasp::BrokenAuthentication => "A2 broken authentication",
            Owasp::SensitiveDataExposure => "A3 sensitive data exposure",
            Owasp::XmlExternalEntities => "A4 XML external entities",
            Owasp::BrokenAccessControl => "A5 broken access control",
            Owasp::SecurityMisconfiguration => "A6 security misconfiguration",
            Owasp::CrossSiteScripting => "A7 cross-site scripting",
            Owasp::InsecureDeserialization => "A8 insecure deserialization",
            Owasp::VulnerableComponents => "A9 components with known vulnerabilities",
            Owasp::InsufficientLogging => "A10 insufficient logging and monitoring",
        }
    }
}
