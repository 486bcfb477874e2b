use std::collections::HashMap;

use documents::{Files, Options};

/// Names the application of each root template: by `samconfig.toml`, its folder, or its own name
/// where several share a folder.
pub(super) fn names(paths: &[&str], files: &Files, options: &Options) -> Vec<String> {
    let mut roots: HashMap<&str, usize> = HashMap::new();
    for path in paths {
        *roots.entry(folder(path)).or_default() += 1;
    }
    paths
        .iter()
        .map(|path| {
            let is_alone = roots.get(folder(path)) == Some(&1);
            let stack = match is_alone {
                true => cloudformation::stack_name(files, options, path),
                false => None,
            };
            stack.unwrap_or_else(|| match folder(path).rsplit('/').next() {
                Some(name) if is_alone && !name.is_empty() => name.to_owned(),
                _ if is_alone => files.root_name().unwrap_or_else(|| stem(path).to_owned()),
                _ => stem(path).to_owned(),
            })
        })
        .collect()
}

/// The folder of a path; empty for the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last name of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn stem(path: &str) -> &str {
    let name = file_name(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}
