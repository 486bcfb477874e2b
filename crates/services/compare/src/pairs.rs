//! Which application of the old state is which of the new one.

use app_graph::AppGraph;
use scan::Scan;

/// Each application of the new state with the one it was before: at the same place, else the only
/// one of its name, else the only one there is on both sides.
pub(crate) fn pairs<'a>(old: &'a Scan, new: &'a Scan) -> Vec<(Option<&'a AppGraph>, &'a AppGraph)> {
    let ends = (common(old), common(new));
    let root =
        |graph: &'a AppGraph, from: &str| graph.root.strip_prefix(from).unwrap_or(&graph.root);
    let find = |after: &'a AppGraph| {
        let at = root(after, &ends.1);
        let same_place = old.applications.iter().find(|before| root(before, &ends.0) == at);
        let by_name = || {
            let mut named = old.applications.iter().filter(|before| before.name == after.name);
            named.next().filter(|_| named.next().is_none())
        };
        let alone = || match (old.applications.as_slice(), new.applications.as_slice()) {
            ([before], [_]) => Some(before),
            _ => None,
        };
        same_place.or_else(by_name).or_else(alone)
    };
    new.applications.iter().map(|after| (find(after), after)).collect()
}

/// What all paths of a scan begin with: the folder that was named.
fn common(scan: &Scan) -> String {
    let mut paths = scan.sources.iter().map(|(_, source)| source.path.as_str());
    let Some(first) = paths.next() else { return String::new() };
    let mut common = first.rsplit_once('/').map_or("", |(folder, _)| folder);
    for path in paths {
        while !common.is_empty()
            && !path.strip_prefix(common).is_some_and(|rest| rest.starts_with('/'))
        {
            common = common.rsplit_once('/').map_or("", |(folder, _)| folder);
        }
    }
    if common.is_empty() { String::new() } else { format!("{common}/") }
}
