"""casemate beside checkov, in one run on one machine.

usage: cargo xtask bench DIR

Both scan the whole folder and then one application of ten functions, taking turns so that a busy machine
is as unfair to the one as to the other. Each writes its report for people, without passed checks, and
neither may use a network. Prints a Markdown table of medians.
"""

import platform
import sys
import tempfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import measure

APPLICATION = measure.ROOT / "fixtures" / "apps" / "webshop"
FOLDER_ROUNDS = 3
APPLICATION_ROUNDS = 5
# The formats that both read.
FRAMEWORKS = ["cloudformation", "serverless", "terraform"]


@dataclass
class Tool:
    """A scanner: how it is called, what each run cost and how long its last report was."""

    name: str
    command: list[str]
    answers: set[int]

    def scan(self, folder: Path, work: Path) -> tuple[measure.Cost, int]:
        output = work / "report"
        cost = measure.run([word.replace("DIR", str(folder)) for word in self.command], output)
        if cost.exit_code not in self.answers:
            sys.exit(f"{self.name} ended with {cost.exit_code} on {folder}")
        return cost, len(output.read_text(encoding="utf-8", errors="replace").splitlines())


def tools() -> list[Tool]:
    checkov = Path(sys.executable).with_name("checkov")
    quiet = ["--quiet", "--skip-download", "--framework", *FRAMEWORKS]
    return [
        Tool("casemate", [str(measure.casemate()), "scan", "DIR"], {0, 1, 3}),
        Tool(
            f"checkov {metadata.version('checkov')}",
            [sys.executable, str(checkov), "--directory", "DIR", *quiet],
            {0, 1},
        ),
    ]


def compare(title: str, folder: Path, rounds: int) -> None:
    contestants = tools()
    costs: dict[str, list[measure.Cost]] = {tool.name: [] for tool in contestants}
    lines: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as work:
        for _ in range(rounds):
            for tool in contestants:
                cost, count = tool.scan(folder, Path(work))
                costs[tool.name].append(cost)
                lines[tool.name] = count
    ours, theirs = (measure.median(costs[tool.name]) for tool in contestants)
    our_lines, their_lines = (lines[tool.name] for tool in contestants)
    rows = [
        ("CPU s", ours.cpu_seconds, theirs.cpu_seconds, "{:.3f}"),
        ("wall s", ours.wall_seconds, theirs.wall_seconds, "{:.3f}"),
        ("peak MB", ours.peak_bytes / 1e6, theirs.peak_bytes / 1e6, "{:.0f}"),
        ("lines of the report", our_lines, their_lines, "{:.0f}"),
    ]
    for what, our, their, shape in rows:
        ratio = f"{their / our:.1f}" if our else ""
        cells = [title, what, shape.format(our), shape.format(their), ratio]
        print("| " + " | ".join(cells) + " |", flush=True)


def main(folder: str) -> None:
    names = " | ".join(tool.name for tool in tools())
    print(f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, medians of")
    print(f"{FOLDER_ROUNDS} runs over the folder and {APPLICATION_ROUNDS} over the application.\n")
    print(f"| what | figure | {names} | ratio |\n|---|---|---:|---:|---:|", flush=True)
    compare("one application", APPLICATION, APPLICATION_ROUNDS)
    compare("whole folder", Path(folder), FOLDER_ROUNDS)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
