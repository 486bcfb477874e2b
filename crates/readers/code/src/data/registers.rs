/// Decorators that only wrap what they decorate: a library does not call it by itself.
const WRAPPERS: &[&str] = &[
    "abc.",
    "aws_lambda_powertools.Logger",
    "aws_lambda_powertools.Metrics",
    "aws_lambda_powertools.Tracer",
    "aws_lambda_powertools.logging.",
    "aws_lambda_powertools.metrics.",
    "aws_lambda_powertools.tracing.",
    "aws_lambda_powertools.utilities.",
    "aws_xray_sdk.",
    "backoff.",
    "cachetools.",
    "contextlib.",
    "dataclasses.",
    "dataclass_json.",
    "dataclasses_json.",
    "deprecated.",
    "enum.",
    "functools.",
    "marshmallow.",
    "overload",
    "pydantic.",
    "pytest.",
    "ratelimit.",
    "retry.",
    "retrying.",
    "singledispatch",
    "tenacity.",
    "typing.",
    "typing_extensions.",
    "unittest.",
    "wrapt.",
];

/// Whether a decorator, by its foreign name, registers what it decorates with something that calls it.
pub(crate) fn registers(decorator: &str) -> bool {
    !WRAPPERS.iter().any(|wrapper| decorator.starts_with(wrapper))
}
