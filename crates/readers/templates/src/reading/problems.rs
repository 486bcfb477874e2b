use std::collections::HashMap;

use text::{Place, Problem};

use documents::Files;

/// Problems by file and place, each once, and each missing file once.
pub(super) fn sorted(problems: Vec<Problem>, files: &Files) -> Vec<Problem> {
    let sources = files.sources();
    let mut keyed: Vec<(String, u32, Problem)> = problems
        .into_iter()
        .map(|problem| match &problem.place {
            Place::Path(path) => (path.clone(), 0, problem),
            Place::Span(span) => {
                let path = sources.of(*span).map(|source| source.path.clone());
                (path.unwrap_or_default(), span.start, problem)
            }
        })
        .collect();
    keyed.sort_by(|first, second| {
        (&first.0, first.1, &first.2.message).cmp(&(&second.0, second.1, &second.2.message))
    });
    keyed.dedup_by(|first, second| first.2 == second.2);
    missing_once(keyed.into_iter().map(|(_, _, problem)| problem).collect())
}

/// Keeps the first problem of each missing file and says how many places need it.
fn missing_once(problems: Vec<Problem>) -> Vec<Problem> {
    let mut positions: HashMap<String, (usize, usize)> = HashMap::new();
    let mut kept: Vec<Problem> = Vec::new();
    for problem in problems {
        let Some(missing) = missing_file(&problem.message) else {
            kept.push(problem);
            continue;
        };
        let (_, places) = positions.entry(missing.to_owned()).or_insert((kept.len(), 0));
        *places += 1;
        if *places == 1 {
            kept.push(problem);
        }
    }
    for (missing, (position, places)) in positions {
        if places > 1
            && let Some(problem) = kept.get_mut(position)
        {
            problem.message = format!("there is no file `{missing}`, which {places} places need");
        }
    }
    kept
}

/// The file that a problem misses, as [`documents::FileError::Missing`] says it.
fn missing_file(message: &str) -> Option<&str> {
    let (_, missing) = message.rsplit_once("there is no file `")?;
    missing.strip_suffix('`')
}
