"""Envelopes, tranches and their deadlines from files."""

from collections.abc import Iterable, Iterator

import polars as pl

from beffroi.funding.loads.desk.finding import Finder, Unfound, cents_of, fraction_of_cent, refused
from beffroi.funding.loads.desk.writing import build, remove_unstated, write
from beffroi.funding.models import DeadlineRule, Envelope, Tranche
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load

ENVELOPE, TRANCHE = "envelope", "tranche"


def envelopes(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(
        frames, load=load, write=lambda rows: _envelopes(rows, load), close=remove_unstated(ENVELOPE, Envelope)
    )


def _envelopes(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    finder = Finder(load, rows, ("fund", "manager"))

    def make(row: StatedRow) -> Envelope:
        _refuse_fractions(row, "amount")
        programme = finder.programme(row)
        return Envelope(
            programme=programme,
            item_id=finder.item(row, programme),
            fund_id=finder.organisation(row, "fund") or 0,
            manager_id=finder.organisation(row, "manager"),
            year=year_of(row),
            stage=row.text("stage") or "planned",
            cents=cents_of(row, "amount") or 0,
            note=row.text("note")[:300],
            owner=load.owner,
            visibility=load.visibility,
        )

    built, refusals = build(rows, make)
    yield from refusals
    yield from write(built, kind=ENVELOPE, load=load, said=("cents", "note"))


def tranches(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(
        frames, load=load, write=lambda rows: _tranches(rows, load), close=remove_unstated(TRANCHE, Tranche)
    )


def _tranches(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    finder, rules = Finder(load, rows, ("fund",)), list(DeadlineRule.objects.order_by("first_year"))

    def make(row: StatedRow) -> Tranche:
        _refuse_fractions(row, "amount", "prefinancing")
        programme, year = finder.programme(row), year_of(row)
        if year is None:
            raise Unfound("year", "Une tranche a son année d’engagement.")
        return Tranche(
            programme=programme,
            item_id=finder.item(row, programme),
            fund_id=finder.organisation(row, "fund"),
            year=year,
            cents=cents_of(row, "amount") or 0,
            prefinancing_cents=cents_of(row, "prefinancing"),
            rule=rule_of(row.text("rule"), year, rules),
            note=row.text("note")[:300],
            owner=load.owner,
            visibility=load.visibility,
        )

    built, refusals = build(rows, make)
    yield from refusals
    yield from write(built, kind=TRANCHE, load=load, said=("cents", "prefinancing_cents", "rule_id", "note"))


def rule_of(code: str, year: int, rules: list[DeadlineRule]) -> DeadlineRule:
    """The one that the row names, else the only one that its year calls."""
    named = [rule for rule in rules if rule.code == code]
    dated = [rule for rule in rules if rule.first_year <= year and (rule.last_year is None or year <= rule.last_year)]
    found = named if code else dated
    if len(found) == 1:
        return found[0]
    if code:
        known = ", ".join(rule.code for rule in rules)
        raise Unfound("rule", f"« {code} » n’est pas une règle de dégagement connue ({known}).")
    said = "aucune règle de dégagement ne vaut" if not found else "plusieurs règles de dégagement valent"
    raise Unfound("rule", f"Pour l’année {year}, {said} : écrivez le code de la règle dans le fichier.")


def year_of(row: StatedRow) -> int | None:
    year = row["year"]
    if year is None:
        return None
    if not 1950 <= int(year) <= 2100:
        raise Unfound("year", "Une année s’écrit avec quatre chiffres, de 1950 à 2100.")
    return int(year)


def _refuse_fractions(row: StatedRow, *fields: str) -> None:
    if column := fraction_of_cent(row, *fields):
        raise Unfound(column, "Un montant s’arrête au centime : rien n’est arrondi à la place de la source.")


def deadline_rules(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    """Rules that a file corrects keep their code; those that it no longer lists stay, for the tranches that follow them."""
    return record_statements(frames, load=load, write=_deadline_rules)


def _deadline_rules(rows: list[StatedRow]) -> Iterable[Written | Refusal]:
    for row in rows:
        if row["last_year"] is not None and row["last_year"] < row["first_year"]:
            yield refused(row, "last_year", "La dernière année d’une règle ne précède pas la première.")
            continue
        values = {name: row[name] for name in ("label", "first_year", "last_year", "years")}
        rule = DeadlineRule.objects.update_or_create(code=row["code"], defaults={**values, "text": row.text("text")})[0]
        yield Written(row, "deadline_rule", rule, rule.label)
