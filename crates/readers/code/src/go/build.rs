//! Which sources a program is built from, as the project's build says it: `go build -o bin/create todos/create.go`.

use documents::Files;

/// Files in which builds are written down.
const BUILDS: [&str; 6] =
    ["Makefile", "makefile", "build.sh", "package.json", "Taskfile.yml", "serverless.yml"];

/// What the program at `output` is built from: a folder or one file.
pub(super) fn target(files: &Files, root: &str, output: &str) -> Option<String> {
    let name = last(output);
    for build in BUILDS {
        let path = if root.is_empty() { build.to_owned() } else { format!("{root}/{build}") };
        let Ok(loaded) = files.load(&path) else { continue };
        for line in loaded.source.text.lines().filter(|line| line.contains("go build")) {
            if let Some((folder, target)) = of_line(line, name) {
                let base = files.resolve_in(root, folder).ok()?;
                return files.resolve_in(&base, target).ok();
            }
        }
    }
    None
}

/// The folder that a line changes to, and the target it builds to the output of that name.
fn of_line<'l>(line: &'l str, name: &str) -> Option<(&'l str, &'l str)> {
    let words: Vec<&str> = line
        .split(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '`' | ','))
        .filter(|word| !word.is_empty())
        .collect();
    let follows = |option: &str| {
        let place = words.iter().position(|word| *word == option)?;
        words.get(place + 1).copied()
    };
    if last(follows("-o")?) != name {
        return None;
    }
    let place = words.iter().position(|word| *word == "-o")? + 2;
    let target = words.get(place..)?.iter().find(|word| !word.starts_with('-'));
    let target = target.filter(|word| !matches!(**word, "&&" | ";" | "\\" | "||"));
    Some((follows("cd").unwrap_or("."), target.copied().unwrap_or(".")))
}

fn last(path: &str) -> &str {
    path.rsplit('/').find(|segment| !matches!(*segment, "" | "bootstrap")).unwrap_or(path)
}
