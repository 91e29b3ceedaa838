"""The least of each package that tests must run: 98 lines in a hundred of analytics, rules and actions, 90 elsewhere; every
line of the first that no test ran is named."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

WHOLE = re.compile(r"beffroi/(analytics/|\w+/(rules|actions)(/|\.py))")
STRICT, FLOOR = 98.0, 90.0


Summary = dict[str, int]


def _report(data_file: str) -> dict[str, Any]:
    target = Path(f"{data_file}.json")
    for step in (["combine", "--quiet", "--keep"], ["json", "--quiet", "-o", str(target)]):
        subprocess.run([sys.executable, "-m", "coverage", *step, f"--data-file={data_file}"], check=True)
    return dict(json.loads(target.read_text())["files"])


def _kind(path: str) -> str:
    """What a file is measured with: its package, and its strict part apart."""
    package = path.split("beffroi/")[1].split("/")[0]
    match = WHOLE.search(path)
    return f"{package} {match[2]}" if match and match[2] else package


def shares(files: dict[str, Summary]) -> dict[str, tuple[float, float]]:
    """Percentage of lines run and the least that is asked, for each kind of file."""
    lines: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for path, summary in files.items():
        lines[_kind(path)][0] += summary["covered_lines"]
        lines[_kind(path)][1] += summary["num_statements"]
    strict = {_kind(path) for path in files if WHOLE.search(path)}
    return {
        kind: (100 * covered / total, STRICT if kind in strict else FLOOR)
        for kind, (covered, total) in sorted(lines.items())
        if total
    }


def outcome(data_file: str) -> tuple[bool, str]:
    report = _report(data_file)
    files = {path: file["summary"] for path, file in report.items()}
    low = {kind: pair for kind, pair in shares(files).items() if pair[0] < pair[1]}
    for kind, (share, floor) in low.items():
        print(f"coverage of {kind}: {share:.1f} %, at least {floor:.0f} % asked")
    for path, file in report.items():
        if WHOLE.search(path) and file["missing_lines"]:
            print(f"  not run: {path} {', '.join(str(line) for line in file['missing_lines'])}")
    covered = sum(summary["covered_lines"] for summary in files.values())
    total = sum(summary["num_statements"] for summary in files.values())
    return not low, f"{100 * covered / max(total, 1):.1f} % of {total} lines, {len(low)} parts too low"
