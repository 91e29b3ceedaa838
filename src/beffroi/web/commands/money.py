"""Prints how much money, by what is asked: each line once, stages, instruments and currencies apart."""

import csv
import json
import sys
from argparse import ArgumentParser, Namespace
from decimal import Decimal
from typing import Any

import polars as pl
from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.utils import timezone

from beffroi.accounts.models import AnyUser
from beffroi.connectors.periods import UnreadablePeriod, parse_period
from beffroi.core.refusals import Refused
from beffroi.funding.enums import Stage
from beffroi.funding.queries.conversions import money_through
from beffroi.funding.queries.labels import labels_of
from beffroi.funding.queries.money import Answer, money
from beffroi.funding.queries.questions import COSTS, LINES, Question, UnaskedMoney
from beffroi.funding.queries.territories import UnknownTerritory
from beffroi.provenance.queries import Moment
from beffroi.web.commands.users import day

KEYS = "clés de regroupement séparées par des virgules : territory, item, fund, stage, year, programme…"
AMOUNTS = ("certain", "weighted", "at_most", "unallocated", "transit", "paid_in", "paid_out", "held")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--by", default="", metavar="CLÉS", help=KEYS)
    parser.add_argument(
        "--measure", choices=[LINES, *COSTS], default=LINES, help="lignes des financeurs, ou coûts des opérations"
    )
    parser.add_argument("--currency", default="", metavar="CODE", help="une seule monnaie ; sans elle, chacune à part")
    parser.add_argument(
        "--territory",
        default="",
        metavar="CODE",
        help="59350, DEP-59, REG-32, EPCI-200093201, ZE-0054, geo-communes@2014:59350 ou nom de région",
    )
    parser.add_argument("--item", default="", metavar="CADRE:CODE", help="un élément et ce qui est sous lui")
    parser.add_argument("--stage", choices=[str(stage) for stage in Stage], default="", help="un seul stade")
    parser.add_argument(
        "--into", default="", metavar="CADRE", help="lu par les éléments d’un autre cadre, à travers les correspondances"
    )
    parser.add_argument("--period", default="", metavar="PÉRIODE", help="2009, 2009-Q1 ou 2007/2013 : ce qui commence dedans")
    parser.add_argument("--as-of", type=day, metavar="DATE", help="ce que les sources disaient à cette date")
    parser.add_argument("--format", choices=["table", "json", "csv"], default="table")


def run(arguments: Namespace) -> int:
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    moment = Moment(arguments.as_of or timezone.localdate(), timezone.now())
    try:
        question = question_of(arguments)
        answer = (read_through if question.into else money)(question, viewer=AnonymousUser(), moment=moment)
    except (UnaskedMoney, UnknownTerritory, UnreadablePeriod) as refusal:
        raise Refused(str(refusal)) from refusal
    WRITERS[arguments.format](answer)
    return 0


def question_of(arguments: Namespace) -> Question:
    period = parse_period(arguments.period)
    return Question(
        by=[key for key in arguments.by.replace(",", " ").split() if key],
        measure=arguments.measure,
        currency=arguments.currency.upper(),
        territory=arguments.territory,
        item=arguments.item,
        stage=arguments.stage,
        into=arguments.into,
        period=(period.start, period.end) if period.start and period.end else None,
    )


def read_through(question: Question, *, viewer: AnyUser, moment: Moment) -> Answer:
    """One row for each item of the other framework, and one, without item, for what nothing carries there."""
    reading = money_through(question, viewer=viewer, moment=moment)
    rows = [
        {**part.keys, "item_id": target, "certain": certain, "weighted": weighted, "at_most": at_most, "unallocated": left}
        for part in reading.parts
        for target, certain, weighted, at_most, left in [
            *((*share, 0) for share in part.shares),
            (None, 0, 0, 0, part.possible.unallocated),
        ]
    ]
    return Answer(pl.DataFrame(rows, infer_schema_length=None), labels_of(viewer), reading.undated)


def in_euros(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value / 100 if name in AMOUNTS and value is not None else value for name, value in row.items()}


def write_json(answer: Answer) -> None:
    said = {"rows": answer.rows, "funds": answer.funds}
    found: dict[str, Any] = {name: [in_euros(row) for row in rows] for name, rows in said.items()}
    print(json.dumps(found | {"undated": answer.undated}, ensure_ascii=False, default=str))


def write_csv(answer: Answer) -> None:
    names = list(answer.rows[0]) if answer.rows else []
    writer = csv.DictWriter(sys.stdout, names, lineterminator="\n")
    writer.writeheader()
    writer.writerows(written(row) for row in answer.rows)


def written(row: dict[str, Any]) -> dict[str, str]:
    """Amounts with their two decimals; what is not known is empty."""
    texts = {name: "" if value is None else str(value) for name, value in row.items()}
    return texts | {name: f"{Decimal(row[name]) / 100:.2f}" for name in AMOUNTS if row.get(name) is not None}


def write_table(answer: Answer) -> None:
    rows = [list(answer.rows[0])] if answer.rows else []
    rows += [list(written(row).values()) for row in answer.rows]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(f"{len(answer.rows)} groupes. Les stades, instruments et monnaies ne s’additionnent pas entre eux.")
    if answer.undated:
        print(f"{answer.undated} sans date, laissées hors de la période.")


WRITERS = {"table": write_table, "json": write_json, "csv": write_csv}
