//! How old each table is, and what a release refuses.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};

/// A release ships no table that was read longer ago than this.
const OLDEST_DAYS: i64 = 120;

/// The tables that are kept by hand.
const TABLES: [&str; 2] = [
    "crates/judges/posture/data/runtimes.toml",
    "crates/judges/posture/data/managed_policies.toml",
];

/// Prints each source's age; fails where one is too old.
pub(super) fn check(root: &Path) -> Result<()> {
    let seconds =
        SystemTime::now().duration_since(UNIX_EPOCH).context("the clock is before 1970")?.as_secs();
    let today = i64::try_from(seconds / 86_400).context("the clock is far ahead")?;
    let mut dates = vec![
        ("crates/model/iam/data/actions.fst".to_owned(), iam::actions::date().to_owned()),
        ("crates/model/iam/data/managed.archive".to_owned(), iam::managed::date().to_owned()),
    ];
    for table in TABLES {
        let text =
            fs::read_to_string(root.join(table)).with_context(|| format!("reading `{table}`"))?;
        dates.extend(read_dates(table, &text).with_context(|| format!("reading `{table}`"))?);
    }
    let mut output = std::io::stdout();
    let mut stale = Vec::new();
    for (source, date) in dates {
        let age = today - day(&date)?;
        writeln!(output, "{source}: {date}, {age} days old")?;
        if age > OLDEST_DAYS {
            stale.push(source);
        }
    }
    ensure!(
        stale.is_empty(),
        "older than {OLDEST_DAYS} days: {}\n\
         help: compare the table with its source and set `read`, or pin a newer package and run `cargo xtask data`",
        stale.join(", ")
    );
    Ok(())
}

/// Returns the day in `read`, or where a table has several sources, the day of each.
fn read_dates(table: &str, text: &str) -> Result<Vec<(String, String)>> {
    let content: toml::Table = toml::from_str(text).context("it is no TOML")?;
    if content.contains_key("read") {
        return Ok(vec![(table.to_owned(), read_date(&content)?)]);
    }
    let sources =
        content.get("sources").and_then(toml::Value::as_table).context("it has no date `read`")?;
    sources
        .iter()
        .map(|(name, source)| {
            let source = source.as_table().context("a source is no table")?;
            Ok((format!("{table} ({name})"), read_date(source)?))
        })
        .collect()
}

fn read_date(table: &toml::Table) -> Result<String> {
    let date =
        table.get("read").and_then(toml::Value::as_datetime).context("it has no date `read`")?;
    Ok(date.to_string())
}

/// Returns the day's number since 1970-01-01.
///
/// Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
fn day(date: &str) -> Result<i64> {
    let parts: Vec<i64> = date
        .split('-')
        .map(str::parse)
        .collect::<Result<_, _>>()
        .with_context(|| format!("`{date}` is no date"))?;
    let [year, month, day] = parts.as_slice() else {
        anyhow::bail!("`{date}` is no date");
    };
    // Years begin in March, so that the leap day is the last of its year.
    let year = if *month > 2 { *year } else { year - 1 };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    Ok(era * 146_097 + day_of_era - 719_468)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        for (date, expect) in [
            ("1970-01-01", 0),
            ("1970-03-01", 59),
            ("2000-02-29", 11_016),
            ("2024-12-31", 20_088),
            ("2026-11-21", 20_778),
        ] {
            assert_eq!(day(date).unwrap(), expect, "{date}");
        }
        assert!(day("2026-11").is_err());
        assert!(day("today").is_err());
    }

    #[test]
    fn a_table_tells_the_day_it_was_read() {
        let dates = |text| read_dates("t", text).ok();
        let one = |name: &str, date: &str| (name.to_owned(), date.to_owned());
        assert_eq!(dates("read = 2026-10-20"), Some(vec![one("t", "2026-10-20")]));
        assert_eq!(
            dates("sources.a.read = 2026-10-20\nsources.b.read = 2026-09-21"),
            Some(vec![one("t (a)", "2026-10-20"), one("t (b)", "2026-09-21")])
        );
        for text in
            ["", "read = \"2026-10-20\"", "sources.a.read = 2026-10-20\nsources.b.title = \"b\""]
        {
            assert_eq!(dates(text), None, "{text}");
        }
    }
}
