//! Managed policies that a function's role keeps.

use app_graph::Identity;
use documents::value::Value;

/// Whether an entry of a list names managed policies that all stay.
pub(super) fn stays(identity: &Identity, entry: &Value) -> bool {
    let mut named = identity.managed.iter().filter(|policy| {
        let said = policy.arn.span;
        entry.span.contains(&said) || said.contains(&entry.span)
    });
    let mut any = false;
    named.all(|policy| {
        any = true;
        policy.lets_run()
    }) && any
}
