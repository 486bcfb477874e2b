//! Runs the built command in folders of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::Value;

/// The day on which every test is.
pub(crate) const TODAY: &str = "2026-11-01";

/// A folder that vanishes with the test.
pub(crate) struct Folder(PathBuf);

/// What a run answered.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("casemate-{}-{number}", std::process::id());
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    /// A folder with these files.
    pub(crate) fn with<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Self {
        let folder = Self::new();
        for (path, bytes) in files {
            folder.write(path, bytes);
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    pub(crate) fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        let file = self.0.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, bytes).unwrap();
    }

    pub(crate) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.0.join(path)).unwrap()
    }

    pub(crate) fn rename(&self, from: &str, to: &str) {
        std::fs::rename(self.0.join(from), self.0.join(to)).unwrap();
    }

    /// Runs `casemate` in the folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        run(&self.0, arguments, &[])
    }

    /// Scans the folder as of [`TODAY`].
    pub(crate) fn scan(&self, arguments: &[&str]) -> Ran {
        self.run(&[&["scan", ".", "--today", TODAY], arguments].concat())
    }

    /// Scans the folder as of [`TODAY`]: the exit code and the JSON report.
    pub(crate) fn report(&self, arguments: &[&str]) -> (i32, Value) {
        let ran = self.scan(&[&["--format", "json"], arguments].concat());
        let report = serde_json::from_str(&ran.out);
        (ran.code, report.unwrap_or_else(|error| panic!("{error} in {ran:?}")))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Runs `casemate` in `folder` with these environment variables beside the usual ones.
pub(crate) fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_casemate"))
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .envs(environment.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran {
        code: output.status.code().unwrap_or_else(|| panic!("a signal ended {arguments:?}")),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A fixture folder of these tests.
pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name)
}

/// A sample application of the checkout.
pub(crate) fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/apps").join(name)
}

/// Scans `.` of a folder as of [`TODAY`]: the exit code and the JSON report.
pub(crate) fn report_of(folder: &Path, arguments: &[&str]) -> (i32, Value) {
    let all = [&["scan", ".", "--format", "json", "--today", TODAY], arguments].concat();
    let ran = run(folder, &all, &[]);
    let report = serde_json::from_str(&ran.out);
    (ran.code, report.unwrap_or_else(|error| panic!("{error} in {ran:?}")))
}

/// `rule file:line name` of each finding of that status, sorted.
pub(crate) fn findings(report: &Value, status: &str) -> Vec<String> {
    let mut found: Vec<String> = list(report, "findings")
        .iter()
        .filter(|finding| finding["status"] == status)
        .map(|finding| {
            let place = &finding["location"];
            let names = ["function", "role", "resource"];
            let name = names.iter().find_map(|name| finding[*name].as_str()).unwrap_or_default();
            let (rule, file) = (word(&finding["rule"]), word(&place["file"]));
            format!("{rule} {file}:{} {name}", place["line"])
        })
        .collect();
    found.sort();
    found
}

/// `file:line message` of each problem; the line only where there is one.
pub(crate) fn problems(report: &Value) -> Vec<String> {
    let shown = |problem: &Value| {
        let line = &problem["location"]["line"];
        let line = if line.is_null() { String::new() } else { format!(":{line}") };
        format!("{}{line} {}", word(&problem["file"]), word(&problem["message"]))
    };
    list(report, "problems").iter().map(shown).collect()
}

pub(crate) fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}

pub(crate) fn word(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
