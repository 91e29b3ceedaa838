"""A classification made of the accounts, kept as it was made."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import Partner, User
from beffroi.analytics import typology
from beffroi.core.refusals import Refused
from beffroi.interactions.enums import ActivityAct
from beffroi.interactions.models import Segmentation, SegmentationRun
from beffroi.interactions.queries.accounts import companies_frame, readable
from beffroi.interactions.queries.segments import SEVEN, seven_profiles
from beffroi.interactions.rules.profiles import Limits, profile_of

BATCH = 1_000


@transaction.atomic
def run_segmentation(*, method: str, year: int, owner: Partner, visibility: int, on: date, by: User) -> SegmentationRun:
    """Frozen: its classes, what they are made of and the thresholds of each sector stay as they were on its day."""
    companies = companies_frame(readable(owner, visibility), year)
    if companies.is_empty():
        raise Refused(
            _("Aucun compte de l’exercice %(year)s n’est connu à ce niveau : chargez-en, profil « Comptes d’entreprises ».")
            % {"year": year}
        )
    version, thresholds, classes = _classed(method, companies, year)
    run = SegmentationRun.objects.create(
        method=method, version=version, on=on, year=year, thresholds=thresholds, by=by, owner=owner, visibility=visibility
    )
    Segmentation.objects.bulk_create((Segmentation(run=run, **row) for row in classes), batch_size=BATCH)
    record_act(ActivityAct.SEGMENTATION_MADE, by=by, subject=("segmentation_run", run.pk), companies=companies.height)
    return run


def _classed(method: str, companies: pl.DataFrame, year: int) -> tuple[str, list[dict[str, Any]], Iterable[dict[str, Any]]]:
    if method == SEVEN:
        scheme = typology.MARMUSE_GODEST
        thresholds = typology.sector_terciles(companies, scheme=scheme).to_dicts()
        measured = typology.measures(companies, scheme=scheme).join(companies.select("company", "is_owned"), on="company")
        return seven_profiles().version, thresholds, _by_profile(measured, thresholds)
    scheme = typology.SCHEMES[method]
    thresholds = typology.sector_terciles(companies, scheme=scheme).to_dicts()
    typed = typology.company_typology(companies, scheme=scheme, year=year)
    return scheme.version, thresholds, (_by_type(row, scheme) for row in typed.to_dicts())


def _by_type(row: dict[str, Any], scheme: typology.Scheme) -> dict[str, Any]:
    names = [criterion.name for criterion in scheme.criteria]
    flags = ("high_growth_oecd_20", "high_growth_eurostat_10", "gazelle")
    kept = [*(name for one in scheme.dimensions for name in (one.name, f"{one.name}_profile")), *flags]
    inputs = {"sector": row["sector"], "values": {name: row[name] for name in names}, **{name: row[name] for name in kept}}
    return {
        "organisation_id": int(row["company"]),
        "segment": row["type"] or "",
        "inputs": inputs,
        "remarks": (row["remarks"] or "")[:300],
    }


def _by_profile(measured: pl.DataFrame, thresholds: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    limits: dict[Any, Limits] = {}
    for one in thresholds:
        limits.setdefault(one["sector"], {})[one["criterion"]] = (one["lower"], one["upper"])  # type: ignore[index]
    among = seven_profiles().profiles
    labels = {profile.code: profile.label for profile in among}
    wanted = [*(criterion.name for criterion in typology.MARMUSE_GODEST.criteria), "headcount_3", "is_owned"]
    for row in measured.select("company", "sector", *wanted).to_dicts():
        values = {name: row[name] for name in wanted}
        found = profile_of(values, limits.get(row["sector"], {}), among=among)
        doubts = ", ".join(labels[code] for code in found.doubts)
        remarks = _("n’ont pu être écartés, faute de chiffres : %(doubts)s") % {"doubts": doubts} if doubts else ""
        inputs = {"sector": row["sector"], "values": values}
        yield {"organisation_id": int(row["company"]), "segment": found.code, "inputs": inputs, "remarks": remarks[:300]}
