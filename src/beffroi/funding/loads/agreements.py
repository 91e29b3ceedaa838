"""From the rows of a list to agreements, their parties and their votes. A ceiling is kept as a ceiling."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.core.exceptions import ValidationError

from beffroi.actors.queries import organisation_ids
from beffroi.connectors.identifiers import siren_of
from beffroi.core.refusals import Refused
from beffroi.funding.actions.agreements import state_loaded_vote, withdraw_votes
from beffroi.funding.enums import PartyRole
from beffroi.funding.loads.grants.identifiers import Party
from beffroi.funding.loads.grants.parties import Parties
from beffroi.funding.models import CENTS, Agreement, AgreementParty, AidRegime, Deliberation, Programme
from beffroi.provenance.actions import Outcome, Refusal, StatedRow, Written, record_statements
from beffroi.provenance.models import Load, Statement
from beffroi.reference.models import Framework

ROLES = {"funder": PartyRole.FUNDER, "beneficiary": PartyRole.BENEFICIARY}
BETWEEN = ";"


def agreements(load: Load, frames: Iterator[pl.DataFrame]) -> Outcome:
    return record_statements(frames, load=load, write=lambda rows: _written(rows, load), close=close_votes)


def close_votes(statements: list[Statement], at: datetime) -> None:
    """A row that is gone, or that says otherwise: what it voted no longer stands."""
    withdraw_votes([(row.load_id, row.row) for row in statements], at=at)


def _written(rows: list[StatedRow], load: Load) -> Iterable[Written | Refusal]:
    known = _Known(rows, load)
    made: dict[int, Agreement] = {}
    for row in rows:
        found = known.agreement(row)
        if isinstance(found, Refusal):
            yield found
        else:
            made[row.number] = found
    for row in rows:
        if row.number in made:
            yield from known.completed(row, made[row.number])


class _Known:
    """What the rows name, found once for the whole list."""

    def __init__(self, rows: list[StatedRow], load: Load) -> None:
        self.load, self.source = load, load.snapshot.source.code
        self.codes = organisation_ids(self.source)
        self.regimes = {regime.code: regime for regime in AidRegime.objects.all()}
        self.parties = Parties(load)
        self.parties.find(party for row in rows for party in self._parties(row))

    def _named(self, row: StatedRow, column: str) -> list[str]:
        return [name.strip() for name in row.text(column).split(BETWEEN) if name.strip()]

    def _party(self, row: StatedRow, column: str, name: str) -> Party | None:
        """By its number when there is one, else by its name; a code of the source needs neither."""
        if name in self.codes:
            return None
        siren = siren_of(row.text(f"{column}_id")) if len(self._named(row, column)) == 1 else None
        return Party("siren", siren, name) if siren else Party.named(name)

    def _parties(self, row: StatedRow) -> Iterator[Party]:
        for column in ROLES:
            yield from (party for name in self._named(row, column) if (party := self._party(row, column, name)) is not None)

    def organisations(self, row: StatedRow, column: str) -> list[int]:
        found = (self.codes.get(name) or self.parties.of(self._party(row, column, name)) for name in self._named(row, column))
        return [pk for pk in found if pk is not None]

    def agreement(self, row: StatedRow) -> Agreement | Refusal:
        programme = Framework.objects.filter(code=row.text("programme")).first() if row.text("programme") else None
        if row.text("programme") and programme is None:
            return row.refusal("programme", f"« {row['programme']} » n’est le code d’aucun programme connu.")
        if row.text("regime") and row.text("regime") not in self.regimes:
            return row.refusal("regime", f"Le régime d’aide « {row['regime']} » n’est pas connu : saisissez-le d’abord.")
        found = Agreement.objects.filter(namespace=self.source, code=row["code"]).first()
        agreement = found or Agreement(namespace=self.source, code=row["code"], owner=self.load.owner)
        for name, value in self._fields(row, programme).items():
            setattr(agreement, name, value)
        try:
            agreement.full_clean()
        except ValidationError as error:
            return row.refusal("code", " ".join(error.messages))
        agreement.save()
        return agreement

    def _fields(self, row: StatedRow, programme: Framework | None) -> dict[str, Any]:
        return {
            "kind": row["kind"],
            "title": row["title"],
            "programme": None if programme is None else Programme.objects.get_or_create(framework=programme)[0],
            "signed_on": row.values.get("signed_on"),
            "start": row.values.get("start_start"),
            "end": row.values.get("end_end"),
            "ceiling_cents": cents(row.values.get("ceiling")),
            "base": row.text("base"),
            "base_cents": cents(row.values.get("base_amount")),
            "rate": row.values.get("rate"),
            "aid_regime": self.regimes.get(row.text("regime")),
            "note": row.text("note"),
            "visibility": self.load.visibility,
        }

    def completed(self, row: StatedRow, agreement: Agreement) -> Iterator[Written | Refusal]:
        """Its parties, the agreement above it, its vote: each agreement of the list is known by now."""
        for column, role in ROLES.items():
            for pk in self.organisations(row, column):
                AgreementParty.objects.get_or_create(agreement=agreement, organisation_id=pk, role=role)
        if row.text("parent"):
            above = Agreement.objects.filter(namespace=self.source, code=row["parent"]).exclude(pk=agreement.pk).first()
            if above is None:
                yield row.refusal("parent", f"La convention « {row['parent']} » n’est pas dans cette liste.")
                return
            agreement.parent = above
            agreement.save()
        yield (
            self._vote(row, agreement)
            if row.text("vote") or row.values.get("vote_on")
            else Written(row, "agreement", agreement, agreement.title)
        )

    def _vote(self, row: StatedRow, agreement: Agreement) -> Written | Refusal:
        if row.values.get("vote_on") is None:
            return Refusal(row.number, "vote_on", "", "Une délibération a une date.")
        vote = Deliberation.objects.filter(agreement=agreement, number=row.text("vote"), on=row["vote_on"]).first()
        vote = vote or Deliberation(agreement=agreement, number=row.text("vote"), on=row["vote_on"])
        vote.body, vote.cents, vote.year = row.text("vote_body"), cents(row.values.get("voted")), row.values.get("year")
        try:
            state_loaded_vote(vote, load=self.load, row=row.number)
        except Refused as error:
            return Refusal(row.number, "voted", str(row.values.get("voted") or ""), str(error))
        return Written(row, "agreement", agreement, agreement.title)


def cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int((amount * CENTS).to_integral_value())
