//! What a Dockerfile tells of the function that its image holds.

use std::collections::BTreeSet;

use documents::Files;

/// An image that is built from the project.
pub(crate) struct Image {
    /// The runtime that its base image stands for.
    pub(crate) runtime: String,
    /// The handler that its command names.
    pub(crate) handler: Option<String>,
    /// Folders that its code is copied from, relative to the scanned root.
    pub(crate) roots: Vec<String>,
}

/// Base images and the runtime each stands for.
///
/// Source: AWS Lambda developer guide, "AWS base images for Lambda".
const BASES: &[(&str, &str)] = &[
    ("lambda/python", "python"),
    ("lambda/nodejs", "nodejs"),
    ("lambda/java", "java"),
    ("lambda/provided", "provided"),
    ("lambda/go", "provided"),
    ("python", "python"),
    ("node", "nodejs"),
];

impl Image {
    /// Reads a Dockerfile; the error is why it tells nothing.
    pub(crate) fn read(files: &Files, context: &str, dockerfile: &str) -> Result<Self, String> {
        let loaded = files.load(dockerfile).map_err(|error| error.to_string())?;
        let mut image = Self { runtime: String::new(), handler: None, roots: Vec::new() };
        let mut folders = BTreeSet::new();
        for (instruction, rest) in instructions(&loaded.source.text) {
            match instruction.to_ascii_uppercase().as_str() {
                // The last stage is what runs.
                "FROM" => image.runtime = runtime_of(&rest).unwrap_or_default(),
                "CMD" => image.handler = words(&rest).into_iter().next(),
                "COPY" | "ADD" => {
                    let words = words(&rest);
                    let sources = words.iter().take(words.len().saturating_sub(1));
                    for source in sources.filter(|source| !source.starts_with("--")) {
                        folders.insert(folder_of(files, context, source));
                    }
                }
                _ => {}
            }
        }
        if image.runtime.is_empty() {
            return Err("the base image of its container is none of a known runtime".to_owned());
        }
        image.roots = folders.into_iter().flatten().collect();
        image.roots.push(context.to_owned());
        Ok(image)
    }
}

/// Instructions with their arguments, continued lines joined, comments left out.
fn instructions(text: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let joined = lines.collect::<Vec<_>>().join("\n").replace("\\\n", " ");
    let split = |line: &str| {
        let (instruction, rest) = line.split_once(char::is_whitespace)?;
        Some((instruction.to_owned(), rest.trim().to_owned()))
    };
    joined.lines().filter_map(split).collect()
}

/// The words of an instruction, in its JSON form or plain.
fn words(rest: &str) -> Vec<String> {
    match serde_json::from_str(rest) {
        Ok(words) => words,
        Err(_) => rest.split_whitespace().map(str::to_owned).collect(),
    }
}

/// `public.ecr.aws/lambda/python:3.13` is `python3.13`.
fn runtime_of(image: &str) -> Option<String> {
    let image = image.split_whitespace().find(|word| !word.starts_with("--"))?;
    let (name, tag) = image.rsplit_once(':').unwrap_or((image, ""));
    let (_, runtime) = BASES.iter().find(|(base, _)| {
        name == *base || name.strip_suffix(base).is_some_and(|before| before.ends_with('/'))
    })?;
    let version = tag.split('-').next().unwrap_or_default();
    Some(format!("{runtime}{version}"))
}

fn folder_of(files: &Files, context: &str, source: &str) -> Option<String> {
    let path = files.resolve_in(context, source).ok()?;
    let is_file = files.exists(&path) || source.contains('*');
    Some(match (is_file, path.rsplit_once('/')) {
        (false, _) => path,
        (true, Some((folder, _))) => folder.to_owned(),
        (true, None) => String::new(),
    })
}
