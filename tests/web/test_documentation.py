import argparse
from pathlib import Path

import pytest
from django.db.models import TextChoices

from beffroi.web import documentation


class Door(TextChoices):
    OPEN = "open", "ouverte"
    CLOSED = "closed", "fermée"
    WALLED = "walled", "murée"


def test_a_life_cycle_is_drawn_from_its_first_state_to_those_that_lead_nowhere() -> None:
    following = {Door.OPEN: {Door.CLOSED}, Door.CLOSED: {Door.OPEN, Door.WALLED}, Door.WALLED: set()}
    assert documentation.diagram(following).splitlines() == [
        "```mermaid",
        "stateDiagram-v2",
        '    state "ouverte" as open',
        '    state "fermée" as closed',
        '    state "murée" as walled',
        "    [*] --> open",
        "    open --> closed",
        "    closed --> open",
        "    closed --> walled",
        "    walled --> [*]",
        "```",
    ]


def test_a_command_is_described_with_those_below_it() -> None:
    parser = argparse.ArgumentParser(prog="tour")
    below = parser.add_subparsers()
    ring = below.add_parser("ring", help="sonne")
    ring.add_argument("--times", metavar="N", help="combien de fois")
    assert documentation._command(parser, level=1).splitlines() == [
        "# `tour`",
        "",
        "## `tour ring`",
        "",
        "sonne",
        "",
        "| argument | sens |",
        "| --- | --- |",
        "| `--times N` | combien de fois |",
    ]


def test_pages_are_stale_until_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documentation, "REFERENCE", tmp_path / "reference")
    assert documentation.stale_pages() == list(documentation.PAGES)
    documentation.write_pages()
    assert documentation.stale_pages() == []
    assert "programme" in (tmp_path / "reference" / "roles.md").read_text()
