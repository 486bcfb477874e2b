"""Runs a program and says what it cost."""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Cost:
    """What one run of a program and its children cost."""

    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    exit_code: int


def casemate() -> Path:
    """The release build of the command line."""
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    program = target / "release" / ("casemate.exe" if os.name == "nt" else "casemate")
    if not program.exists():
        sys.exit(f"{program} is missing: cargo build --release --package casemate")
    return program


def run(command: list[str], output: Path | None = None) -> Cost:
    """Runs a command to its end, its standard output into a file.

    A process of its own starts it, so that the peak is this command's and no other's: the system keeps
    one peak for all children a process ever had.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "cost"
        words = [sys.executable, __file__, str(report), str(output or os.devnull), *command]
        subprocess.run(words, check=True)
        cpu, wall, peak, code = report.read_text().split()
    return Cost(float(cpu), float(wall), int(peak), int(code))


def median(costs: list[Cost]) -> Cost:
    """The median of each figure for itself."""
    return Cost(
        statistics.median(cost.cpu_seconds for cost in costs),
        statistics.median(cost.wall_seconds for cost in costs),
        int(statistics.median(cost.peak_bytes for cost in costs)),
        costs[-1].exit_code,
    )


def _measured(report: str, output: str, command: list[str]) -> None:
    with open(output, "wb") as sink:
        begin = time.perf_counter()
        code = subprocess.run(command, stdout=sink, stderr=subprocess.DEVNULL, check=False).returncode
        wall = time.perf_counter() - begin
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    # Kilobytes on Linux, bytes on macOS.
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    Path(report).write_text(f"{used.ru_utime + used.ru_stime} {wall} {peak} {code}")


if __name__ == "__main__":
    _measured(sys.argv[1], sys.argv[2], sys.argv[3:])
