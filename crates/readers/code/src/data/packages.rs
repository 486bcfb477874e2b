use std::collections::HashSet;
use std::sync::OnceLock;

use profile::Language;

/// What is known of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Knowledge {
    /// It makes no calls of AWS by itself.
    Harmless,
    /// Nothing is known of it; its name.
    Unknown(String),
}

const TABLE: &str = include_str!("packages.txt");

/// What is known of the package that a foreign name belongs to.
pub(crate) fn knowledge(language: Language, name: &str) -> Knowledge {
    let section = match language {
        Language::Python => "python",
        Language::JavaScript | Language::TypeScript => "javascript",
        Language::Go => "go",
        Language::Java => "java",
    };
    let table = table();
    // The longest row decides nothing but that there is one: `google.auth` beside `google`.
    let ends = name.char_indices().filter(|(_, letter)| matches!(letter, '.' | '/' | '('));
    let mut prefixes = ends.map(|(end, _)| end).chain([name.len()]);
    let is_known = prefixes
        .any(|end| name.get(..end).is_some_and(|prefix| table.contains(&(section, prefix))));
    if is_known {
        return Knowledge::Harmless;
    }
    Knowledge::Unknown(package_of(language, name).to_owned())
}

/// The package's own name within a longer one.
fn package_of(language: Language, name: &str) -> &str {
    match language {
        Language::Python => name.split(['.', '(']).next().unwrap_or(name),
        Language::Java => {
            let end = name.find(|letter: char| letter.is_ascii_uppercase()).unwrap_or(name.len());
            name.get(..end).unwrap_or(name).trim_end_matches('.')
        }
        _ => {
            let last = name.rfind('/').map_or(0, |slash| slash + 1);
            let end = name.get(last..).and_then(|tail| tail.find(['.', '('])).map(|end| last + end);
            end.and_then(|end| name.get(..end)).unwrap_or(name)
        }
    }
}

/// Rows of the table: section and name.
fn table() -> &'static HashSet<(&'static str, &'static str)> {
    static ROWS: OnceLock<HashSet<(&str, &str)>> = OnceLock::new();
    ROWS.get_or_init(|| {
        let mut rows = HashSet::new();
        let mut section = "";
        for line in TABLE.lines().map(str::trim) {
            match line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                Some(name) => section = name,
                None if line.starts_with('#') => {}
                None => rows.extend(line.split_whitespace().map(|name| (section, name))),
            }
        }
        rows
    })
}
