use iam::api::{self, Sdk, Service};

const VERSION_1: &str = "com.amazonaws.";
const VERSION_2: &str = "software.amazon.awssdk.";
const POWERTOOLS: &str = "software.amazon.lambda.powertools.parameters.";
/// Version 1's packages below its own; others of that name are other libraries.
const VERSION_1_PACKAGES: [&str; 11] = [
    "services",
    "auth",
    "regions",
    "client",
    "event",
    "handlers",
    "metrics",
    "retry",
    "util",
    "waiters",
    "secretsmanager",
];

/// A name of the SDK: package, class, and a static member of it.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    /// The package, whole.
    pub(super) package: &'a str,
    /// The class; inner classes are members.
    pub(super) class: &'a str,
    /// A member of the class, or nothing.
    pub(super) member: &'a str,
}

/// The parts of a foreign name, if it is the SDK's.
pub(super) fn name_of(foreign: &str) -> Option<Name<'_>> {
    let own = [VERSION_2, VERSION_1, POWERTOOLS];
    if !own.iter().any(|prefix| foreign.starts_with(prefix)) {
        return None;
    }
    if let Some(below) = foreign.strip_prefix(VERSION_1) {
        let first = below.split('.').next().unwrap_or(below);
        if !first.starts_with(char::is_uppercase) && !VERSION_1_PACKAGES.contains(&first) {
            return None;
        }
    }
    // What runs the function and brings its events is no part of the SDK.
    if foreign.starts_with("com.amazonaws.services.lambda.runtime.") {
        return None;
    }
    let mut start = 0usize;
    for segment in foreign.split('.') {
        if segment.starts_with(char::is_uppercase) {
            let package = foreign.get(..start.checked_sub(1)?)?;
            let class = segment;
            let member = foreign.get(start + class.len()..)?.trim_start_matches('.');
            return Some(Name { package, class, member });
        }
        start += segment.len() + 1;
    }
    None
}

/// Whether a qualified class name is one of the SDK's: of an operation's request, a client, a builder.
pub(crate) fn names_class(class: &str) -> bool {
    name_of(class).is_some()
}

impl Name<'_> {
    /// Whether no member is named.
    pub(super) fn is_whole_class(&self) -> bool {
        self.member.is_empty()
    }

    /// The service whose package this is.
    pub(super) fn service(&self) -> Option<&'static Service> {
        if self.is_client()
            && let Some(service) = api::client(Sdk::Java, self.class)
        {
            return Some(service);
        }
        self.package.contains(".services.").then(|| api::client(Sdk::Java, self.package))?
    }

    /// Whether the class is a service's client, or the interface of one.
    pub(super) fn is_client(&self) -> bool {
        let Some((_, below)) = self.package.split_once(".services.") else { return false };
        let is_version_1 = self.package.starts_with(VERSION_1);
        let is_interface = is_version_1
            && !below.contains('.')
            && (self.class.starts_with("Amazon") || self.class.starts_with("AWS"))
            && !["Builder", "Exception", "Request", "Result", "Params", "Options"]
                .iter()
                .any(|ending| self.class.ends_with(ending));
        self.class.ends_with("Client") || is_interface
    }
}
