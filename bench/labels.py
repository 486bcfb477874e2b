"""Scores `casemate permissions` on real handlers against labels made by hand.

usage: labels.py HANDLERS [REPOSITORY…]

HANDLERS holds the repositories' folders as the labels name them (`owner__name`), templates and code.
Each line of bench/labels/*.jsonl is one function: its template, the actions that its code needs
(`actions`), those one could argue about (`optional`, counted neither way) and those that encrypted
resources ask for beside the code's own calls (`template_actions`, as `optional`).
"""

import collections
import json
import pathlib
import os
import subprocess
import sys

import measure

HERE = pathlib.Path(__file__).resolve().parent
BINARY = os.environ.get("CASEMATE") or measure.casemate()


def labels():
    for file in sorted((HERE / "labels").glob("*.jsonl")):
        for line in file.read_text().splitlines():
            yield json.loads(line)


def derived(handlers, label, cache):
    """The function's row of the report, or None where the run knows no such function."""
    folder = handlers / label["repo"] / pathlib.Path(label["template"]).parts[0]
    if folder not in cache:
        command = [BINARY, "permissions", folder, "--format", "json"]
        run = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        cache[folder] = json.loads(run.stdout)["functions"] if run.stdout else []
    named, template = label["function"], handlers / label["repo"] / label["template"]

    def is_named(function):
        last = function["id"].rsplit("/", 1)[-1]
        names = (function["id"], function["name"], last, last.rsplit(".", 1)[-1])
        # A function within a module, named by either end of its address.
        address = f".{function['id']}."
        return named in names or f".{named}." in address

    found = [function for function in cache[folder] if is_named(function)]
    # Of several templates with a function of that name, the one that the label speaks of.
    near = (template, *template.parents)
    here = [it for it in found if pathlib.Path(it["root"]) in near]
    return next(iter(here or found), None)


def is_named(label, action):
    """Whether the label names the resources of an action: a logical id or an ARN, and not in words
    that they come from the event."""
    resources = label.get("resources", {}).get(action, [])
    return bool(resources) and all(" " not in name and name != "*" for name in resources)


def main():
    handlers = pathlib.Path(sys.argv[1])
    cache, misses = {}, []
    totals = collections.defaultdict(collections.Counter)
    for label in labels():
        if not (handlers / label["repo"]).exists():
            continue
        function = derived(handlers, label, cache)
        wanted = set(label["actions"])
        neutral = set(label.get("optional", [])) | set(label.get("template_actions", []))
        rows = function["needs"] if function else []
        of_code = [row for row in rows if any(it["kind"] == "code" for it in row["evidence"])]
        found = {row["action"] for row in of_code}
        unresolved = function["unresolved"] if function else []
        false = found - wanted - neutral
        missed = wanted - found
        for key in (label["language"], "all"):
            total = totals[key]
            total["functions"] += 1
            total["hit"] += len(found & wanted)
            total["false"] += len(false)
            total["missed"] += len(missed)
            total["exact"] += not false and not missed
            total["unresolved"] += bool(unresolved)
            scopable = [row for row in of_code if row["scopable"]]
            total["scopable"] += len(scopable)
            total["concrete"] += sum(row["concrete"] for row in scopable)
            named = [row for row in scopable if is_named(label, row["action"])]
            total["named"] += len(named)
            total["named concrete"] += sum(row["concrete"] for row in named)
            # A miss that the report owns up to is no silent one.
            total["silent"] += bool(missed) and not unresolved and bool(function and function["language"])
        if false or missed or not function:
            state = "no such function" if not function else function.get("not_read") or ""
            misses.append((label, state, sorted(false), sorted(missed), unresolved))
    for label, state, false, missed, unresolved in misses:
        print(f"{label['repo']}/{label['template']} {label['function']} ({label['handler_file']}) {state}")
        if false:
            print(f"  false   {' '.join(false)}")
        if missed:
            print(f"  missed  {' '.join(missed)}")
        for call in unresolved[:4]:
            print(f"  unresolved {call['file']}:{call['line']} {call['call']}: {call['reason']}")
    for key, total in sorted(totals.items()):
        precision = total["hit"] / max(total["hit"] + total["false"], 1)
        recall = total["hit"] / max(total["hit"] + total["missed"], 1)
        print(
            f"{key:12} {total['functions']:3} handlers  precision {precision:.3f}  recall {recall:.3f}"
            f"  exact {total['exact']}  with unresolved calls {total['unresolved']}"
            f"  silent misses {total['silent']}"
            f"  concrete {total['concrete']} of {total['scopable']},"
            f" of those that code or template name {total['named concrete']} of {total['named']}"
        )


main()
