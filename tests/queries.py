"""How many queries a page makes and from where, compared with what is committed. Never their text."""

import contextlib
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection

SOURCE = str(Path(__file__).parents[1] / "src" / "beffroi")
TRANSACTION = ("SAVEPOINT", "RELEASE", "ROLLBACK")


def _origin() -> str:
    """The innermost of our functions that is asking, or what Django does by itself."""
    frame = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.startswith(SOURCE):
            return f"{frame.f_code.co_filename[len(SOURCE) + 1 :]} {frame.f_code.co_name}"
        frame = frame.f_back
    return "elsewhere"


@contextlib.contextmanager
def counted() -> Iterator[Counter[str]]:
    """The queries made inside the block, by origin: `with counted() as made: ...; assert made.total() == 3`."""
    made: Counter[str] = Counter()

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(TRANSACTION):
            made[_origin()] += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield made


class QueryCounts:
    def __init__(self, path: Path, *, update: bool) -> None:
        self.path, self.update = path, update

    @contextlib.contextmanager
    def __call__(self, name: str) -> Iterator[Counter[str]]:
        with counted() as made:
            yield made
        seen = dict(sorted(made.items()))
        known = json.loads(self.path.read_text()) if self.path.exists() else {}
        if self.update:
            self.path.write_text(json.dumps(known | {name: seen}, indent=2, sort_keys=True, ensure_ascii=False) + "\n")
            return
        expected = known.get(name)
        assert seen == expected, f"{name}: {made.total()} queries {seen}, expected {expected} (pytest --update-queries -n 0)"
