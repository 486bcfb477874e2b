//! Dates of runtimes, from `data/runtimes.toml`, parsed once.

use std::collections::HashMap;
use std::sync::LazyLock;

use toml::value::{Table, Value};

use app_graph::{Cloud, Entity};
use finding::Edit;
use text::{Case, Said};

use crate::edit;

/// A day: year, month and day.
pub type Day = (i16, u8, u8);

/// What is known about one runtime.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Runtime {
    /// The day from which it gets no security fixes; `None` where none is announced.
    pub(crate) retired: Option<Day>,
    /// The day from which no function can be created with it.
    pub(crate) create_blocked: Option<Day>,
    /// The day from which functions that use it cannot be updated.
    pub(crate) update_blocked: Option<Day>,
    /// What to change to.
    pub(crate) successor: Option<String>,
}

#[derive(Debug, Default)]
struct Runtimes {
    rows: HashMap<(Cloud, String), Runtime>,
    sources: Vec<(String, Day)>,
}

static DATA: LazyLock<Runtimes> =
    LazyLock::new(|| parse(include_str!("../data/runtimes.toml")).unwrap_or_default());

/// The runtime of that identifier in its cloud's words; `None` where the data do not list it.
pub(crate) fn lookup(cloud: Cloud, identifier: &str) -> Option<&'static Runtime> {
    let identifier = identifier.to_ascii_lowercase();
    let identifier = if cloud == Cloud::Azure { of_azure(identifier) } else { identifier };
    DATA.rows.get(&(cloud, identifier))
}

/// Pages on which the providers say how long runtimes live.
pub(crate) const AWS_PAGE: &str =
    "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html";
pub(crate) const GOOGLE_PAGE: &str = "https://cloud.google.com/functions/docs/runtime-support";
pub(crate) const AZURE_PAGE: &str =
    "https://learn.microsoft.com/azure/azure-functions/supported-languages";

/// The page of a cloud's runtimes.
pub(crate) fn reference(cloud: Cloud) -> &'static str {
    match cloud {
        Cloud::Google => GOOGLE_PAGE,
        Cloud::Azure => AZURE_PAGE,
        Cloud::Aws | Cloud::Other => AWS_PAGE,
    }
}

/// The edit that puts a runtime's successor in its place, where the code is likely to run on it as
/// it is: in languages that keep old programs running.
pub(crate) fn replacement(
    entity: &Entity,
    case: &Case<'_, String>,
    said: &Said<String>,
    successor: &str,
) -> Option<Edit> {
    let family: String = said.value.chars().take_while(char::is_ascii_alphabetic).collect();
    // Node.js 18 lost the SDK that handlers import and 24 their callbacks; .NET and Go are built
    // anew.
    let keeps = matches!(family.as_str(), "python" | "ruby");
    let is_same = successor.starts_with(&family);
    let word = edit::word(entity, successor);
    (keeps && is_same && entity.cloud == Cloud::Aws)
        .then(|| edit::replace(entity, case, said, &word))
        .flatten()
}

/// `nodejs12` and `python3.9`, as the Serverless Framework spells them, in the words of the data:
/// `node|12`, `python|3.9`.
fn of_azure(identifier: String) -> String {
    let digit = identifier.find(|letter: char| letter.is_ascii_digit());
    match digit.and_then(|digit| identifier.split_at_checked(digit)) {
        Some((language, version)) if !identifier.contains('|') => {
            let stack = if language == "nodejs" { "node" } else { language };
            format!("{stack}|{version}")
        }
        _ => identifier,
    }
}

/// How old the data of each source are on a day: the source's name and the days since it was read.
pub fn ages(today: Day) -> Vec<(&'static str, i64)> {
    let age = |(name, read): &'static (String, Day)| (name.as_str(), days_between(*read, today));
    DATA.sources.iter().map(age).collect()
}

/// Days from one day to another; negative where the second is the earlier.
pub(crate) fn days_between(from: Day, to: Day) -> i64 {
    days_since_epoch(to) - days_since_epoch(from)
}

/// A day as people and machines read it: `2026-11-01`.
pub(crate) fn shown((year, month, day): Day) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days since 1970-01-01 in the Gregorian calendar.
///
/// Algorithm: "chrono-Compatible Low-Level Date Algorithms", H. Hinnant, `days_from_civil`.
fn days_since_epoch((year, month, day): Day) -> i64 {
    let (month, day) = (i64::from(month), i64::from(day));
    let year = i64::from(year) - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

fn parse(text: &str) -> Option<Runtimes> {
    let table: Table = text.parse().ok()?;
    let mut runtimes = Runtimes::default();
    let providers = [("aws", Cloud::Aws), ("google", Cloud::Google), ("azure", Cloud::Azure)];
    for (provider, cloud) in providers {
        for row in table.get(provider)?.as_array()?.iter().filter_map(Value::as_table) {
            let runtime = Runtime {
                retired: day(row.get("retired")),
                create_blocked: day(row.get("create_blocked")),
                update_blocked: day(row.get("update_blocked")),
                successor: row.get("successor").and_then(identifier),
            };
            runtimes.rows.insert((cloud, row_identifier(row)?.to_ascii_lowercase()), runtime);
        }
    }
    for (name, source) in table.get("sources")?.as_table()? {
        runtimes.sources.push((name.clone(), day(source.get("read"))?));
    }
    Some(runtimes)
}

fn row_identifier(row: &Table) -> Option<String> {
    match row.get("id") {
        Some(id) => id.as_str().map(str::to_owned),
        None => stack_and_version(row),
    }
}

fn identifier(value: &Value) -> Option<String> {
    match value {
        Value::String(id) => Some(id.clone()),
        Value::Table(table) => stack_and_version(table),
        _ => None,
    }
}

/// An Azure runtime in the words of the graph: `dotnet-isolated|8.0`.
fn stack_and_version(table: &Table) -> Option<String> {
    let field = |name| table.get(name).and_then(Value::as_str);
    Some(format!("{}|{}", field("stack")?, field("version")?))
}

fn day(value: Option<&Value>) -> Option<Day> {
    let date = value?.as_datetime()?.date?;
    Some((i16::try_from(date.year).ok()?, date.month, date.day))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_are_read_whole() {
        let parsed = parse(include_str!("../data/runtimes.toml")).expect("runtimes.toml");
        let rows = include_str!("../data/runtimes.toml").matches("\n[[").count();
        assert_eq!(parsed.rows.len(), rows);
        assert_eq!(parsed.sources.len(), 3);
    }

    #[test]
    fn a_runtime_is_found_by_the_words_of_its_cloud() {
        assert!(lookup(Cloud::Aws, "python3.8").is_some_and(|runtime| runtime.retired.is_some()));
        assert!(lookup(Cloud::Azure, "java|17").is_some());
        assert_eq!(lookup(Cloud::Azure, "python3.9"), lookup(Cloud::Azure, "python|3.9"));
        assert!(lookup(Cloud::Azure, "nodejs12").is_some());
        assert!(lookup(Cloud::Aws, "cobol").is_none());
    }

    #[test]
    fn days_are_counted_over_leap_years() {
        assert_eq!(days_between((2024, 2, 28), (2024, 3, 1)), 2);
        assert_eq!(days_between((2026, 11, 1), (2026, 10, 31)), -1);
        assert_eq!(days_between((1970, 1, 1), (2000, 3, 1)), 11_017);
    }
}
