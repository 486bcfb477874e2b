"""Scans a folder of real templates, says what was found, and holds two promises.

usage: cargo xtask corpus DIR

At least 99.5 % of the templates are parsed, and at most one finding in five is of a generic kind.
"""

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path

import measure

# Rules that ask for more of a platform's services and are easily noise.
GENERIC = {
    "unlimited-concurrency",
    "lost-async-events",
    "lost-stream-records",
    "unmonitored-concurrency",
    "unrestricted-egress",
    "unsigned-code",
    "untraced-function",
}
MISSING = "there is no file "
LEAST_PARSED = 0.995
MOST_GENERIC = 0.2
# Exit codes of a scan that went to its end: clean, findings, incomplete.
ANSWERS = {0, 1, 3}
SEVERITIES = ["critical", "high", "medium", "low", "info"]


def share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def table(heads: list[str], rows: list[list[object]]) -> None:
    print("| " + " | ".join(heads) + " |")
    print("|---" + "|---:" * (len(heads) - 1) + "|")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def findings_by_rule(findings: list[dict]) -> None:
    by_rule = Counter(finding["rule"] for finding in findings)
    by_both = Counter((finding["rule"], finding["severity"]) for finding in findings)
    rows = [
        [rule, count, *(by_both[rule, severity] or "" for severity in SEVERITIES)]
        for rule, count in by_rule.most_common()
    ]
    totals = Counter(finding["severity"] for finding in findings)
    rows.append(["**all**", len(findings), *(totals[severity] or "" for severity in SEVERITIES)])
    table(["findings", "all", *SEVERITIES], rows)


def main(folder: str) -> int:
    with tempfile.TemporaryDirectory() as work:
        output = Path(work) / "scan.json"
        command = [str(measure.casemate()), "scan", folder, "--format", "json", "--fail-on", "none"]
        cost = measure.run(command, output)
        if cost.exit_code not in ANSWERS:
            print(f"the scan ended with {cost.exit_code}", file=sys.stderr)
            return 1
        scan = json.loads(output.read_text(encoding="utf-8"))
    findings = [finding for finding in scan["findings"] if finding["status"] == "open"]
    findings_by_rule(findings)

    unknowns = Counter(unknown["rule"] for unknown in scan["unknowns"])
    table(["unknown values", "all"], [list(pair) for pair in unknowns.most_common()])

    not_read = Counter(part["what"].split(":")[0] for part in scan["not_read"])
    table(["not read", "all"], [list(pair) for pair in not_read.most_common()])

    problems = Counter((problem["incomplete"], problem["message"]) for problem in scan["problems"])
    for (incomplete, message), count in problems.most_common():
        print(f"{count:5} {'lost: ' if incomplete else 'advice: '}{message}")
    print()

    # A folder of templates alone lacks files that they refer to: those templates are parsed.
    lost = [problem for problem in scan["problems"] if problem["incomplete"]]
    broken = {problem["file"] for problem in lost if not problem["message"].startswith(MISSING)}
    templates = set(scan["templates"])
    broken &= templates
    parsed = 1 - share(len(broken), len(templates))
    generic = sum(finding["rule"] in GENERIC for finding in findings)
    generic_share = share(generic, len(findings))
    for file in sorted(broken):
        print(f"not parsed: {Path(file).relative_to(folder) if file.startswith(folder) else file}")
    print(f"templates         {len(templates)}, parsed {parsed:.2%} (at least {LEAST_PARSED:.1%})")
    print(f"applications      {len(scan['applications'])}")
    print(f"findings          {len(findings)}, generic {generic_share:.1%} (at most {MOST_GENERIC:.0%})")
    print(f"unknown values    {len(scan['unknowns'])}")
    print(f"problems          {len(scan['problems'])}")
    print(f"time and memory   {cost.cpu_seconds:.2f} CPU s, {cost.wall_seconds:.2f} s, {cost.peak_bytes / 1e6:.0f} MB")
    return 0 if templates and parsed >= LEAST_PARSED and generic_share <= MOST_GENERIC else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
