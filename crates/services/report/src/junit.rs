//! JUnit XML: one test suite an application, one test case a finding, failures from `--fail-on`.

use quick_junit::{NonSuccessKind, Report, SerializeError, TestCase, TestCaseStatus, TestSuite};
use scan::{Scan, Status};

/// The report as JUnit XML.
pub fn render(scan: &Scan) -> Result<String, SerializeError> {
    let mut report = Report::new("casemate");
    for (index, graph) in scan.applications.iter().enumerate() {
        let mut suite = TestSuite::new(format!("{} ({})", graph.name, graph.root));
        for judged in scan.findings.iter().filter(|judged| judged.application == index) {
            let finding = &judged.finding;
            let (file, position) = scan.place_of(finding.span);
            let status = match judged.status {
                Status::Open => {
                    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                    status.set_type(finding.severity.as_str()).set_message(finding.message.clone());
                    let fix = finding.fix.as_ref().map_or("", |fix| &fix.summary);
                    let place = format!("{file}:{}:{}", position.line, position.column);
                    status.set_description(format!("{place}\n{}\nfix: {fix}", finding.message));
                    status
                }
                Status::Baseline | Status::Suppressed => {
                    let mut status = TestCaseStatus::skipped();
                    let reason = judged.suppression.as_ref().and_then(|why| why.reason.clone());
                    status.set_message(reason.unwrap_or_else(|| "in the baseline".to_owned()));
                    status
                }
            };
            let name = finding.subjects().next().map_or("", |subject| &subject.name);
            let mut case = TestCase::new(format!("{}: {name}", finding.rule.id), status);
            case.set_classname(file);
            case.extra.insert("file".into(), file.into());
            case.extra.insert("line".into(), position.line.to_string().into());
            suite.add_test_case(case);
        }
        if suite.test_cases.is_empty() {
            suite.add_test_case(TestCase::new("no findings", TestCaseStatus::success()));
        }
        report.add_test_suite(suite);
    }
    let mut reading = TestSuite::new("reading");
    for problem in &scan.problems {
        if problem.loss == text::Loss::Incomplete {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(problem.message.clone());
            let place = match &problem.place {
                text::Place::Span(span) => scan.place_of(*span).0.to_owned(),
                text::Place::Path(path) => path.clone(),
            };
            reading.add_test_case(TestCase::new(place, status));
        }
    }
    for part in &scan.not_read {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_message(part.what.clone());
        reading.add_test_case(TestCase::new(part.path.clone(), status));
    }
    if !reading.test_cases.is_empty() {
        report.add_test_suite(reading);
    }
    report.to_string()
}
