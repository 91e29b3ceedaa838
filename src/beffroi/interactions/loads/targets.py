"""An operator's own list of companies, kept as a campaign: frozen at the date of its file, with what the file says of each."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

import polars as pl
from django.utils import timezone

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner
from beffroi.core.text import search_key
from beffroi.interactions.loads.companies import organisations_of, reason_of, siren_in
from beffroi.interactions.models import Campaign, ManagerAge, Target
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement

BATCH = 1_000
MANAGER_AGES = range(15, 111)  # years


def campaign_targets(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written(rows, load), close=close)


def close(statements: list[Statement], at: datetime) -> None:
    """Nothing: a frozen list keeps its targets, and what people noted of them."""


def _written(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    if load.owner is None:
        yield from (
            row.refusal("siren", "Une liste de prospection appartient à un opérateur : chargez-la en son nom.") for row in rows
        )
        return
    writer = _Writer(rows, load)
    for row in rows:
        yield from writer.read(row)
    yield from writer.written()


class _Writer:
    """The campaigns, operators and companies that the rows name, found once for the whole list."""

    def __init__(self, rows: list[StatedRow], load: Load) -> None:
        self.load, self.on = load, load.snapshot.as_of or timezone.localdate(load.started)
        self.companies = organisations_of(rows, load)
        self.partners = {
            key: row for row in Partner.objects.order_by("pk") for key in (search_key(row.name), search_key(row.code))
        }
        self.campaigns: dict[str, Campaign] = {}
        self.known: dict[int, dict[int, Target]] = {}
        self.fresh: list[tuple[StatedRow, Target]] = []
        self.ages: dict[int, int] = {}

    def read(self, row: StatedRow) -> Iterator[Written | Refusal]:
        company = self.companies.get(siren_in(row) or "")
        partner = self.partners.get(search_key(row.text("partner")))
        if company is None:
            yield row.refusal("siren", reason_of(row))
        elif row.text("partner") and partner is None:
            yield row.refusal("partner", "Aucun opérateur ne s’appelle ainsi.")
        elif (year := self._birth_year(row)) is not None and self.on.year - year not in MANAGER_AGES:
            yield Refusal(
                row.number,
                "birth_year",
                str(year),
                "Cette année de naissance, ou cet âge, n’est pas celle d’une personne qui dirige.",
            )
        else:
            yield from self._target(row, company, partner, year)

    def _birth_year(self, row: StatedRow) -> int | None:
        age = row.values.get("age")
        year: int | None = row.values.get("birth_year")
        return year if year is not None else None if age is None else self.on.year - age

    def _target(self, row: StatedRow, company: Any, partner: Partner | None, year: int | None) -> Iterator[Written]:
        campaign = self._campaign(row.text("campaign") or self.load.snapshot.source.title)
        target = self.known[campaign.pk].get(company.pk)
        if year is not None:
            self.ages[company.pk] = year
        if target is not None:
            yield Written(row, "target", target, str(company))
            return
        facts = {"siren": company.siren, "activity": company.activity, "headcount": company.headcount, "note": row.text("note")}
        kept = {name: value for name, value in facts.items() if value} | ({"birth_year": year} if year else {})
        made = Target(campaign=campaign, organisation=company, partner=partner, due_on=row.values.get("due_on"), facts=kept)
        self.known[campaign.pk][company.pk] = made
        self.fresh.append((row, made))

    def _campaign(self, title: str) -> Campaign:
        if title not in self.campaigns:
            self.campaigns[title] = campaign = _campaign(title[:200], self.load, self.on)
            self.known[campaign.pk] = {row.organisation_id: row for row in campaign.targets.select_related("organisation")}
        return self.campaigns[title]

    def written(self) -> Iterator[Written]:
        Target.objects.bulk_create([target for _row, target in self.fresh], batch_size=BATCH)
        ages = [
            ManagerAge(
                organisation_id=pk,
                birth_year=year,
                told_on=self.on,
                load=self.load,
                owner=self.load.owner,
                visibility=self._level,
            )
            for pk, year in self.ages.items()
        ]
        ManagerAge.objects.bulk_create(
            ages,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["organisation", "owner"],
            update_fields=["birth_year", "told_on", "load", "visibility"],
        )
        for row, target in self.fresh:
            yield Written(row, "target", target, str(target.organisation))

    @property
    def _level(self) -> int:
        """Of a person: never public."""
        return max(self.load.visibility, Visibility.PARTNERS)


def _campaign(title: str, load: Load, on: date) -> Campaign:
    made, _ = Campaign.objects.get_or_create(
        title=title,
        owner=load.owner,
        frozen_on=on,
        defaults={
            "visibility": max(load.visibility, Visibility.PARTNERS),
            "by": load.by,
            "criteria": {"source": load.snapshot.source.title},
        },
    )
    return made
