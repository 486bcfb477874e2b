"""`casemate permissions` beside iam-policy-autopilot, in one run on one machine.

usage: cargo xtask bench-permissions

Both derive what 27 Python functions of one application call: the handlers of fixtures/apps/ledger, nine
times, each with a folder of its own. casemate writes the whole account: needs with evidence, least
roles, excess. iam-policy-autopilot 0.3 writes policies only with a network, so its first half is
measured, `extract-sdk-calls`, which needs none; it takes one function at a time, since a policy for
each is what is asked.
"""

import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

import measure

APPLICATION = measure.ROOT / "fixtures" / "apps" / "ledger"
COPIES = 9
ROUNDS = 5


def application(folder: Path) -> list[list[str]]:
    """Writes the application; returns each function's source files."""
    text = (APPLICATION / "template.yaml").read_text(encoding="utf-8")
    before, functions = text.split("Resources:\n")
    functions, rest = functions.split("  # One role for everything")
    resources, sources = "", []
    for copy in range(COPIES):
        each = functions
        for name in ("Receive", "Settle", "Report"):
            each = each.replace(f"  {name}:\n", f"  {name}{copy}:\n")
        for name in ("receive", "settle", "report"):
            each = each.replace(f"CodeUri: {name}/", f"CodeUri: {name}{copy}/")
            each = each.replace("Path: /entries,", f"Path: /entries{copy},")
            shutil.copytree(APPLICATION / name, folder / f"{name}{copy}")
            sources.append([str(file) for file in sorted((folder / f"{name}{copy}").rglob("*.py"))])
        resources += each
    template = f"{before}Resources:\n{resources}  # One role for everything{rest}"
    (folder / "template.yaml").write_text(template, encoding="utf-8")
    return sources


def total(costs: list[measure.Cost]) -> measure.Cost:
    return measure.Cost(
        sum(cost.cpu_seconds for cost in costs),
        sum(cost.wall_seconds for cost in costs),
        max(cost.peak_bytes for cost in costs),
        max(cost.exit_code for cost in costs),
    )


def main() -> None:
    peer = Path(sys.executable).with_name("iam-policy-autopilot")
    version = metadata.version("iam-policy-autopilot")
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        sources = application(folder)
        for _ in range(ROUNDS):
            command = [str(measure.casemate()), "permissions", str(folder), "--format", "json"]
            ours.append(measure.run(command, folder / "out"))
            runs = [measure.run([str(peer), "extract-sdk-calls", *files]) for files in sources]
            theirs.append(total(runs))
    if ours[-1].exit_code or theirs[-1].exit_code:
        sys.exit(f"exit codes: casemate {ours[-1].exit_code}, the other {theirs[-1].exit_code}")
    mine, other = measure.median(ours), measure.median(theirs)
    print(f"| {len(sources)} Python functions | casemate | iam-policy-autopilot {version}, calls only | ratio |")
    print("|---|---:|---:|---:|")
    rows = [
        ("CPU s", mine.cpu_seconds, other.cpu_seconds, 1),
        ("wall s", mine.wall_seconds, other.wall_seconds, 1),
        ("peak MB", mine.peak_bytes, other.peak_bytes, 1_000_000),
    ]
    for name, first, second, unit in rows:
        print(f"| {name} | {first / unit:.3f} | {second / unit:.3f} | {second / max(first, 1e-9):.1f} |")


main()
