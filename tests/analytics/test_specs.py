"""The worked examples of each method, as they stand in its page: the command is run on the tables shown."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from beffroi.observatory.methods import METHODS
from beffroi.web.commands import main

SPECS = Path(__file__).parent / "specs"
TABLE = re.compile(r"`([\w.-]+)` :\n\n((?:\|.*\n)+)")


@dataclass(frozen=True)
class Example:
    method: str
    title: str
    command: list[str]
    tables: dict[str, pl.DataFrame]
    refusal: str

    @property
    def result(self) -> str:
        return self.command[self.command.index("--out") + 1]


def examples() -> list[Example]:
    return [example for page in sorted(SPECS.glob("*.md")) for example in examples_of(page)]


def examples_of(page: Path) -> list[Example]:
    found = []
    for section in page.read_text(encoding="utf-8").split("\n## ")[1:]:
        command = re.search(r"```\n(beffroi analyse .*)\n```", section)
        if command:
            refusal = re.search(r"^Refus : (.*)$", section, re.MULTILINE)
            shown = {name: table(text) for name, text in TABLE.findall(section)}
            title = section.splitlines()[0]
            found.append(Example(page.stem, title, shlex.split(command[1])[1:], shown, refusal[1] if refusal else ""))
    return found


def table(text: str) -> pl.DataFrame:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.strip().splitlines()]
    return pl.DataFrame([dict(zip(rows[0], row, strict=True)) for row in rows[2:]])


def same(cell: str | None, expected: str) -> bool:
    """To the digits printed; an empty cell is empty."""
    if re.fullmatch(r"-?\d+(\.\d+)?", expected) and cell:
        decimals = len(expected.partition(".")[2])
        printed_to = decimals or 6
        return abs(float(cell) - float(expected)) <= 0.5000001 * 10**-printed_to
    return (cell or "") == expected


@pytest.mark.parametrize("example", examples(), ids=lambda example: f"{example.method}: {example.title}")
def test_the_page_shows_what_the_command_gives(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, rows in example.tables.items():
        if name != example.result:
            rows.write_csv(name)
    code = main(example.command)
    error = capsys.readouterr().err
    if example.refusal:
        assert (code, error.strip()) == (2, example.refusal)
        return
    assert (code, error) == (0, "")
    expected = example.tables[example.result]
    found = pl.read_csv(example.result, infer_schema=False).select(expected.columns)
    assert found.height == expected.height
    wrong = [
        (row, name, found[name][row], expected[name][row])
        for name in expected.columns
        for row in range(expected.height)
        if not same(found[name][row], expected[name][row])
    ]
    assert wrong == []


def test_each_method_has_its_page() -> None:
    assert {page.stem for page in SPECS.glob("*.md")} >= {method.name for method in METHODS}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.name)
def test_a_method_gives_the_columns_it_declares(method, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = examples_of(SPECS / f"{method.name}.md")[0]
    for name, rows in example.tables.items():
        rows.write_csv(name)
    assert main([*example.command[:-1], *example.command[-1:], "--out", "result.parquet"]) == 0
    found = pl.read_parquet("result.parquet")
    assert set(found.columns) >= {column.name for column in method.output if column.required}
    if not any(entry.is_open for entry in method.inputs):
        assert set(found.columns) <= {column.name for column in method.output}
