mod calls;
mod flow;
mod input;
mod libraries;

/// Reads `app.handler`, with other files beside it, and compares what is told, a line each.
fn check(files: &[(&str, &str)], expect: &[&str]) {
    let told = super::told("python3.13", "app.handler", files);
    assert_eq!(told, expect, "\n{}", told.join("\n"));
}

/// The same for one file.
fn check_code(code: &str, expect: &[&str]) {
    check(&[("app.py", code)], expect);
}
