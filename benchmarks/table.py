"""The measures as a table on a terminal, and as a page of the documentation."""

from collections.abc import Iterable
from datetime import date

from benchmarks import machine
from benchmarks.measures import Measure, number

HEADS = ("mesure", "base", "valeur", "cible", "rapport", "min / médiane / max", "détail")


def cells(measure: Measure) -> tuple[str, ...]:
    sign = ("≥" if measure.is_floor else "≤") if measure.target is not None else ""
    target = f"{sign} {number(measure.target)}" if measure.target is not None else ""
    ratio = "" if measure.ratio is None else f"{'ok' if measure.is_well else 'NON'} {measure.ratio:.2f}"
    return (
        measure.what, measure.engine, f"{number(measure.value)} {measure.unit}", target, ratio, measure.noise, measure.note
    )  # fmt: skip


def text(measures: Iterable[Measure]) -> str:
    rows = [HEADS, *map(cells, measures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(HEADS))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows)


def page(measured: dict[str, list[Measure]], *, on: date, load: tuple[str, str]) -> str:
    """French, in Markdown."""
    lines = [
        "# Mesures", "",
        f"Écrite par `make bench ARGS=--write` le {on:%d/%m/%Y}.", "",
        "Machine : " + ", ".join(f"{name} {value}" for name, value in machine.facts().items()) + ". "
        f"Charge moyenne sur une minute : {load[0]} au début, {load[1]} à la fin. "
        "PostgreSQL tourne avec sa configuration d’origine, sans attendre le disque.", "",
        "Un rapport de 1 ou plus tient la cible ; `NON` la manque.", "",
    ]  # fmt: skip
    for name, measures in measured.items():
        lines += [f"## {name}", "", "| " + " | ".join(HEADS) + " |", "|" + " --- |" * len(HEADS)]
        lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in cells(measure)) + " |" for measure in measures]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"
