"""The region of the five documents, built from nothing through the same doors as any other file."""

import csv
import tempfile
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db.models import Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.actions import open_demo_accounts
from beffroi.accounts.enums import Role
from beffroi.accounts.models import Partner, User
from beffroi.actors.actions import propose_same_as
from beffroi.actors.models import Organisation
from beffroi.connectors import insee_territories
from beffroi.funding.actions import declare_measures, state_caveats
from beffroi.indicators.actions import declare_pairings, describe_indicators
from beffroi.indicators.models import Indicator
from beffroi.interactions.actions import seed_nomenclatures
from beffroi.observatory.actions import open_portfolio
from beffroi.provenance import actions
from beffroi.provenance.models import Load, Profile, Source
from beffroi.publishing.queries import texts_of_operations
from beffroi.reference.actions import classify_frameworks, declare_aliases, seed_vocabularies
from beffroi.reference.models import Framework
from beffroi.web import loads, search_index
from beffroi.web.checks import run_checks

WEB = Path(__file__).resolve().parent
FACTS = WEB / "data" / "facts"
TERRITORIES = WEB / "data" / "vendor" / "territoires"
VINTAGE = 2026
CURATOR = "beffroi"
STRATEGY = "s3-hdf-2021-2027"
# An edge comes after what it joins: one kind at a time, and the authority of a shared thing first within a kind.
KINDS = (
    "frameworks",
    "framework_items",
    "correspondences",
    "systems",
    "organisations",
    "instances",
    "operations",
    "relations",
    "rules",
    "indicators",
    "observations",
    "funding",
    "meetings",
    "agreements",
)
PROFILES = {"agreements": "conventions"}


def rows(name: str) -> Iterator[dict[str, str]]:
    with (FACTS / name).open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def documents() -> list[dict[str, Any]]:
    return list(tomllib.loads((FACTS / "documents.toml").read_text())["document"])


def _loaded(path: Path, source: Source, profile: str, *, as_of: date | None, published_on: date | None = None) -> Load:
    snapshot = actions.take_snapshot(path, source=source, as_of=as_of, published_on=published_on)
    load = actions.request_load(snapshot, profile=Profile.objects.get(code=profile), by=None)
    return loads.write_load(load)


def load_territories() -> None:
    """The official codes of the year, the former regions, and the places that the documents name."""
    cog = actions.register_source(
        "insee-cog", title="Code officiel géographique", publisher="INSEE", licence="Licence ouverte 2.0", months_fresh=12
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"territoires-{VINTAGE}.csv"
        insee_territories.read(TERRITORIES, region=settings.REGION, vintage=VINTAGE).write_csv(path)
        _loaded(path, cog, "territoires", as_of=date(VINTAGE, 1, 1))
    _loaded(FACTS / "former_regions.csv", cog, "anciennes-regions", as_of=date(2015, 12, 31))


def load_places() -> None:
    curator = actions.register_source(CURATOR, title="Rapprochements de Beffroi", publisher="Beffroi")
    _loaded(FACTS / "places.csv", curator, "lieux", as_of=None)


def load_documents() -> None:
    sources = []
    for row in documents():
        about = {name: row[name] for name in ("publisher", "publisher_siren", "licence") if row.get(name)}
        sources.append((row, actions.register_source(row["code"], title=row["title"], **about)))
    for kind in KINDS:
        if kind == "correspondences":
            load_places()
        for row, source in sources:
            path = FACTS / row["folder"] / f"{kind}.csv"
            if path.exists():
                dates = {"as_of": row["as_of"], "published_on": row.get("published_on")}
                _loaded(path, source, PROFILES.get(kind, f"facts-{kind.replace('_', '-')}"), **dates)


def describe() -> None:
    """What the documents do not say of their own facts and people had to decide: which way is better, what adds up."""
    folders = {row["folder"]: row["code"] for row in documents()}
    describe_indicators({(folders[row["folder"]], row["indicator"]): row for row in rows("indicators.csv")})
    classify_frameworks({row["framework"]: row["kind"] for row in rows("framework_kinds.csv")})
    declare_pairings([{**row, "namespace": folders[row["folder"]]} for row in rows("pairings.csv")])
    state_caveats({row["framework"]: row["caveat"] for row in rows("caveats.csv")})
    declare_measures({**row, "namespace": folders[row["folder"]]} for row in rows("printed_measures.csv"))


def open_partners() -> None:
    """The institutions that the demonstration plays, each tied to its organisation."""
    for row in rows("partners.csv"):
        partner, _ = Partner.objects.get_or_create(code=row["code"], defaults={"name": row["name"]})
        Organisation.objects.filter(external_ids__scheme=row["scheme"], external_ids__value=row["organisation"]).update(
            partner=partner
        )


def partners_by_role() -> dict[Role, Partner]:
    partners = {partner.code: partner for partner in Partner.objects.all()}
    return {Role(row["role"]): partners[row["partner"]] for row in rows("role_partners.csv")}


def class_operations(people: list[User]) -> None:
    """The operations of the documents, proposed to the areas of the strategy: nobody has decided yet."""
    by = next((one for one in people if Role.ANALYST in one.roles), None)
    if by:
        texts, visibility = texts_of_operations(None, by)
        title = _("Opérations du CPER, par domaine de la S3")
        open_portfolio(
            title=title, texts=texts, framework_code=STRATEGY, by=by, origin=_("opérations de la base"), visibility=visibility
        )


def summary() -> str:
    counts = (
        (Framework.objects.count(), _("cadres")),
        (Organisation.objects.count(), _("acteurs")),
        (Indicator.objects.count(), _("indicateurs")),
        (Load.objects.applied().aggregate(read=Sum("read"))["read"] or 0, _("lignes chargées")),
    )
    return ", ".join(f"{count} {name}" for count, name in counts)


def build() -> None:
    """Once: a database that already holds loads is left as it is."""
    call_command("migrate", verbosity=0, interactive=False)
    if Load.objects.applied().exists():
        return
    actions.seed_profiles()
    seed_nomenclatures()
    seed_vocabularies()
    folders = {row["folder"]: row["code"] for row in documents()}
    declare_aliases([{**row, "scheme": folders[row["folder"]]} for row in rows("identities.csv")])
    load_territories()
    load_documents()
    describe()
    open_partners()
    propose_same_as()
    run_checks()
    search_index.reindex()
    if settings.DEMO:
        class_operations(open_demo_accounts(partners_by_role(), since=timezone.localdate()))
