"""Sizes of functions and files, compared with the house style: `python -m tests.project.sizes`."""

import ast
import statistics
import sys
from pathlib import Path

from tests.project import tree

LONGEST_FUNCTION, LONGEST_FILE, LONGEST_VIEW = 60, 500, 20


def functions(path: Path) -> list[tuple[int, str]]:
    """Number of lines and place of each function of a file."""
    nodes = ast.walk(ast.parse(path.read_text()))
    found = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [((node.end_lineno or 0) - node.lineno + 1, f"{tree.name(path)}:{node.lineno} {node.name}") for node in found]


def files() -> list[tuple[int, str]]:
    readable = [path for path in tree.tracked_files() if path.suffix in {".py", ".html", ".css", ".js"}]
    return [(len(path.read_text().splitlines()), tree.name(path)) for path in readable if "migrations" not in path.parts]


def too_long() -> list[str]:
    lengths = [(size, place) for path in tree.programs() for size, place in functions(path)]
    long_functions = [
        f"{place}: {size} lines, {LONGEST_FUNCTION} at most" for size, place in lengths if size > LONGEST_FUNCTION
    ]
    views = [pair for path in tree.programs() if "views" in (path.stem, path.parent.name) for pair in functions(path)]
    long_views = [f"{place}: {size} lines, a view has {LONGEST_VIEW} at most" for size, place in views if size > LONGEST_VIEW]
    long_files = [f"{place}: {size} lines, {LONGEST_FILE} at most" for size, place in files() if size > LONGEST_FILE]
    return long_functions + long_views + long_files


def _spread(kind: str, sizes: list[int]) -> str:
    median, p90 = statistics.median(sizes), statistics.quantiles(sizes, n=10)[-1]
    return f"{len(sizes)} {kind}: median {median:.0f} lines, p90 {p90:.0f}, longest {max(sizes)}"


def main() -> int:
    print(_spread("functions", [size for path in tree.programs() for size, _ in functions(path)]))
    print(_spread("files", [size for size, _ in files() if size]))
    print("\n".join(too_long()))
    return 1 if too_long() else 0


if __name__ == "__main__":
    sys.exit(main())
