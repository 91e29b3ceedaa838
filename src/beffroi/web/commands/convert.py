"""Says a table by commune (or by zone) of one year in the codes of another year or of another zoning."""

import csv
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO

from django.core.management import call_command

from beffroi.analytics.conversion import Conversion, convert
from beffroi.connectors.files import RawTable, UnreadableFile, open_table
from beffroi.connectors.numbers import exact_number
from beffroi.connectors.words import folded
from beffroi.core.refusals import Refused
from beffroi.reference.queries import Bridge, UnknownGeography, bridge, geography

CODES = ("codgeo", "code", "codecommune", "codeinsee", "insee", "com", "communecode", "depcom", "codecom")
SHOWN = 10
SCALE = 1_000_000  # quantities are split as millionths of their unit, whole numbers as whole numbers
LONGEST_CODE = 5


@dataclass
class Table:
    """Amounts of each column by code; several rows of one code add up."""

    columns: list[str]
    rows: dict[str, dict[str, Decimal]] = field(default_factory=dict)

    @property
    def codes(self) -> list[str]:
        return list(self.rows)


def add_arguments(parser: ArgumentParser) -> None:
    where = "2024 (communes de cette année), ze2020, epci@2019, departements, anciennes-regions@2014…"
    parser.add_argument("file", metavar="FICHIER", type=Path)
    parser.add_argument("--from", dest="start", metavar="GÉOGRAPHIE", required=True, help=f"celle du fichier : {where}")
    parser.add_argument("--to", dest="end", metavar="GÉOGRAPHIE", required=True, help="celle que l’on veut")
    parser.add_argument("--code", default="", metavar="COLONNE", help="colonne des codes ; sinon elle est reconnue à son nom")
    parser.add_argument("--value", default="", metavar="COLONNES", help="colonnes à convertir, séparées par des virgules")
    parser.add_argument("--by-population", action="store_true", help="répartit par la population ce qui est partagé")
    parser.add_argument("--out", type=Path, metavar="CHEMIN", help="fichier CSV à écrire ; sinon à l’écran")


def run(arguments: Namespace) -> int:
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    try:
        table = read_table(arguments)
        start, end = geography(arguments.start), geography(arguments.end)
        found = bridge(table.codes, start=start, end=end, by_population=arguments.by_population)
    except (UnreadableFile, UnknownGeography) as refusal:
        raise Refused(str(refusal)) from refusal
    converted = {name: converted_column(table, name, found) for name in table.columns}
    if arguments.out:
        with arguments.out.open("w", encoding="utf-8", newline="") as out:
            write(out, converted, found)
    else:
        write(sys.stdout, converted, found)
    print(json.dumps(summary(converted, found, table), ensure_ascii=False), file=sys.stdout if arguments.out else sys.stderr)
    return 0


def read_table(arguments: Namespace) -> Table:
    if not arguments.file.is_file():
        raise Refused(f"« {arguments.file} » n’est pas un fichier.")
    raw = open_table(arguments.file)
    code = column_of(raw, arguments.code)
    asked = [name.strip() for name in arguments.value.split(",") if name.strip()]
    table = Table([column_of(raw, name) for name in asked])
    for frame in raw.batches():
        for row in frame.iter_rows(named=True):
            add_row(table, row, code)
    return table


def column_of(raw: RawTable, asked: str) -> str:
    wanted = {folded(asked)} if asked else set(CODES)
    found = [name for name in raw.columns if folded(name) in wanted]
    if len(found) != 1:
        said = f"La colonne « {asked} » n’est pas dans le fichier" if asked else "La colonne des codes n’est pas reconnue"
        raise Refused(f"{said}. Colonnes : {', '.join(raw.columns[:SHOWN])} ; la nommer avec --{'value' if asked else 'code'}.")
    return found[0]


def add_row(table: Table, row: Mapping[str, str | None], code: str) -> None:
    """An empty cell is unknown: it adds nothing. A cell that is no number stops everything."""
    if row["_fault"]:
        raise Refused(f"Ligne {row['_row']} : {row['_fault']}")
    if not (name := (row[code] or "").strip()):
        return
    amounts = table.rows.setdefault(name, {})
    for column in table.columns:
        if text := (row[column] or "").strip():
            amounts[column] = amounts.get(column, Decimal(0)) + number(text, row, column)


def number(text: str, row: Mapping[str, str | None], column: str) -> Decimal:
    if (found := exact_number(text)) is None:
        raise Refused(f"Ligne {row['_row']}, colonne « {column} » : « {text[:40]} » n’est pas un nombre.")
    return Decimal(found)


def scale_of(table: Table, name: str) -> int:
    whole = all(row[name] == row[name].to_integral_value() for row in table.rows.values() if name in row)
    return 1 if whole else SCALE


def converted_column(table: Table, name: str, found: Bridge) -> tuple[Conversion, int]:
    scale = scale_of(table, name)
    return convert({code: int(row[name] * scale) for code, row in table.rows.items() if name in row}, found.ties), scale


def write(out: IO[str], converted: Mapping[str, tuple[Conversion, int]], found: Bridge) -> None:
    """One line for each target and column; without a column to convert, the correspondences themselves."""
    writer = csv.writer(out, lineterminator="\n")
    if not converted:
        writer.writerow(["from", "to", "label", "strength", "weight"])
        for tie in found.ties:
            writer.writerow([tie.source, tie.target, found.labels.get(tie.target, ""), tie.strength, tie.weight or ""])
        return
    writer.writerow(["code", "label", "column", "certain", "weighted", "at_most"])
    for name, (conversion, scale) in converted.items():
        for code in sorted(conversion.targets):
            share = conversion.targets[code]
            amounts = [in_unit(part, scale) for part in (share.certain, share.weighted, share.at_most)]
            writer.writerow([code, found.labels.get(code, ""), name, *amounts])


def in_unit(amount: int, scale: int) -> str:
    text = f"{Decimal(amount) / scale:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def summary(converted: Mapping[str, tuple[Conversion, int]], found: Bridge, table: Table) -> dict[str, object]:
    """What was read, what arrived, and what is lost and why."""
    lost = sorted(set(table.codes) - {tie.source for tie in found.ties} - set(found.unknown))
    partial = sorted({tie.source for tie in found.ties if tie.strength == "partial"})
    totals = {
        name: {part: in_unit(getattr(conversion, part), scale) for part in ("total", "certain", "uncertain", "unallocated")}
        for name, (conversion, scale) in converted.items()
    }
    said: dict[str, object] = {
        "codes": len(table.codes), "to": len({tie.target for tie in found.ties}), "year": found.year, "shared": shown(partial),
        "unknown": shown(found.unknown), "without_target": shown(lost), "totals": totals,
    }  # fmt: skip
    short = [code for code in found.unknown if code.isdigit() and len(code) == LONGEST_CODE - 1]
    if short:
        said["remark"] = f"{len(short)} codes ont quatre chiffres : un tableur a sans doute perdu leur zéro de tête."
    return said


def shown(codes: Iterable[str]) -> dict[str, object]:
    listed = list(codes)
    return {"count": len(listed), "first": listed[:SHOWN]}
