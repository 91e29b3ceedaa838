"""Classifications of companies: their methods, their dated runs, two of them crossed."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from django.db.models import Count, Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, seen
from beffroi.analytics import typology
from beffroi.core.figures import Figure
from beffroi.core.formats import day_text
from beffroi.interactions.models import Segmentation, SegmentationRun
from beffroi.interactions.rules import crossing
from beffroi.interactions.rules.crossing import UNKNOWN, Crossed
from beffroi.interactions.rules.profiles import NO_PROFILE, Profiles, profiles_of

PROFILES = Path(__file__).resolve().parents[1] / "data" / "profils_pme.toml"
SEVEN = "profils-cci"


@dataclass(frozen=True)
class Method:
    """`types`: what each class is called, in the order to show them. `is_proposed`: the documents name it without thresholds,
    the computation is ours."""

    code: str
    label: Promise | str
    about: Promise | str
    types: Mapping[str, Promise | str]
    is_proposed: bool

    @property
    def order(self) -> list[str]:
        return [*self.types, UNKNOWN]

    def label_of(self, segment: str) -> Promise | str:
        return self.types.get(segment, segment) if segment else _("pas assez de chiffres")


@cache
def seven_profiles() -> Profiles:
    return profiles_of(tomllib.loads(PROFILES.read_text(encoding="utf-8")))


@cache
def methods() -> dict[str, Method]:
    listed = (_innoscope(), _seven(), _marmuse_godest())
    return {method.code: method for method in listed}


def _innoscope() -> Method:
    return Method(
        "innoscope",
        _("Innoscope"),
        _(
            "Deux variables, la performance et la vitesse d’évolution, chacune faite de ratios situés dans les tiers du "
            "secteur ; "
            "croisées, elles donnent quatre types de PME. L’étude de 2013 ne nomme pas les types et ne donne aucun seuil : "
            "ratios, seuils et noms sont notre proposition."
        ),
        {
            "type-1": _("Performante, en évolution rapide (type 1)"),
            "type-2": _("Performante, en évolution lente (type 2)"),
            "type-3": _("Peu performante, en évolution rapide (type 3)"),
            "type-4": _("Peu performante, en évolution lente (type 4)"),
        },
        True,
    )


def _seven() -> Method:
    labels: dict[str, Promise | str] = {
        one.code: one.label for one in sorted(seven_profiles().profiles, key=lambda one: one.code)
    }
    return Method(
        SEVEN,
        _("Sept profils de PME de la chambre"),
        _(
            "La chambre distingue sept profils pour différencier ses services. L’étude de 2013 les nomme sans dire comment ils "
            "se calculent : les règles sont notre proposition, écrites comme des données ; la chambre peut charger son propre "
            "classement, profil « Classes d’entreprises faites ailleurs »."
        ),
        {**labels, NO_PROFILE: _("Aucun des sept profils")},
        True,
    )


def _marmuse_godest() -> Method:
    return Method(
        "marmuse-godest",
        _("Marmuse et Godest (2008)"),
        _(
            "Neuf critères, deux dimensions (exploitation, création de potentiel), quatre types : C. Marmuse "
            "et J. Godest, AIMS 2008."
        ),
        {
            "innovante": _("Innovante"),
            "performante": _("Performante"),
            "creatrice": _("Créatrice"),
            "non_innovante": _("Non innovante"),
        },
        False,
    )


def method_of(run: SegmentationRun) -> Method:
    known = methods().get(run.method)
    return known or Method(run.method, run.method, "", {}, False)


def run_text(run: SegmentationRun) -> str:
    return f"{method_of(run).label} · {day_text(run.on)} · {run.version}"


CRITERIA: dict[str, Promise] = {
    "va_cagr_3y": _("croissance de la valeur ajoutée, par an sur trois ans"),
    "turnover_cagr_3y": _("croissance du chiffre d’affaires, par an sur trois ans"),
    "headcount_cagr_3y": _("croissance de l’effectif, par an sur trois ans"),
    "va_rate": _("valeur ajoutée sur chiffre d’affaires"),
    "ebitda_margin": _("excédent brut sur chiffre d’affaires"),
    "productivity": _("valeur ajoutée par personne, en euros"),
    "investment_rate": _("investissement sur valeur ajoutée"),
    "intangible_share": _("incorporel sur total du bilan"),
    "equity_ratio": _("capitaux propres sur total du bilan"),
    "headcount_3": _("effectif"),
    "is_owned": _("possédée par une autre organisation"),
}
IN_EUROS, IN_PEOPLE = {"productivity"}, {"headcount_3", "is_owned"}


def runs_seen(viewer: AnyUser) -> QuerySet[SegmentationRun]:
    rows: QuerySet[SegmentationRun] = SegmentationRun.objects.visible_to(viewer).select_related("owner", "by")
    return rows.annotate(size=Count("classes")).order_by("-on", "-pk")


def classes_seen(run: SegmentationRun, viewer: AnyUser) -> QuerySet[Segmentation]:
    rows: QuerySet[Segmentation] = run.classes.filter(seen("organisation", viewer)).select_related("organisation")
    return rows


def counts_of(run: SegmentationRun, viewer: AnyUser) -> list[tuple[Promise | str, str, int | None]]:
    """Each class with how many companies it has; a small count is secret."""
    found = dict(
        classes_seen(run, viewer).order_by("segment").values_list("segment").annotate(n=Count("pk")).values_list("segment", "n")
    )
    method = method_of(run)
    order = [*method.order, *sorted(set(found) - set(method.order))]
    counted = crossing.counted(found, order=order)
    return [(method.label_of(name), name, counted[name]) for name in order]


@dataclass(frozen=True)
class Crossing:
    """Two runs of the same companies: agreement of two methods, or movement from one date to the next."""

    one: SegmentationRun
    other: SegmentationRun
    table: Crossed
    left: int | None = None
    joined: int | None = None

    @property
    def is_movement(self) -> bool:
        return self.one.method == self.other.method

    @property
    def labels(self) -> tuple[list[Promise | str], list[Promise | str]]:
        first, second = method_of(self.one), method_of(self.other)
        return [first.label_of(name) for name in self.table.rows], [second.label_of(name) for name in self.table.columns]


def crossed_runs(one: SegmentationRun, other: SegmentationRun, *, viewer: AnyUser) -> Crossing:
    first, second = (_typed(run, viewer) for run in (one, other))
    left = right = None
    if one.method == other.method:
        moved = typology.movements(first, second)
        pairs = moved.filter(pl.col("status") == "both").rename({"type_0": "one", "type_1": "other"})
        left, right = (_secret(moved, status) for status in ("left", "joined"))
    else:
        pairs = typology.agreement(first, second).rename({"type_first": "one", "type_second": "other"})
    pairs = pairs.with_columns(pl.col("one", "other").fill_null(UNKNOWN))
    table = crossing.crossed(pairs, rows=_order(one, pairs["one"]), columns=_order(other, pairs["other"]))
    return Crossing(one, other, table, left, right)


def _typed(run: SegmentationRun, viewer: AnyUser) -> pl.DataFrame:
    rows = classes_seen(run, viewer).order_by("pk").values_list("organisation_id", "segment")
    records = [(str(pk), segment or None) for pk, segment in rows]
    return pl.DataFrame(records, schema={"company": pl.String, "type": pl.String}, orient="row")


def _secret(moved: pl.DataFrame, status: str) -> int | None:
    total = int(moved.filter(pl.col("status") == status)["companies"].sum())
    return crossing.counted({status: total}, order=[status])[status]


def _order(run: SegmentationRun, found: pl.Series) -> list[str]:
    known = method_of(run).order
    return [*known, *sorted(set(found.to_list()) - set(known))]


def classes_about(ids: Sequence[int], viewer: AnyUser) -> list[Segmentation]:
    """What each run that this reader may see says of a company, the last first."""
    runs = SegmentationRun.objects.visible_to(viewer).select_related("owner")
    rows = Segmentation.objects.filter(organisation__in=ids, run__in=runs.order_by().values("pk"))
    shown = rows.prefetch_related(Prefetch("run", queryset=runs)).order_by("-run__on", "-run", "pk")
    return list(shown)


@dataclass(frozen=True)
class Input:
    """A criterion of a company beside the thresholds of its sector."""

    label: Promise | str
    value: float | None
    lower: float | None
    upper: float | None
    basis: str
    unit: str

    @property
    def figures(self) -> list[Figure]:
        """The value, and where the lower and the upper third of the sector end."""
        return [Figure(value=value, unit=self.unit) for value in (self.value, self.lower, self.upper)]

    @property
    def level(self) -> str:
        """high, middle, low; empty when it cannot be said."""
        if self.value is None or self.lower is None or self.upper is None:
            return ""
        return "high" if self.value > self.upper else "low" if self.value <= self.lower else "middle"


def inputs_of(row: Segmentation) -> list[Input]:
    sector = row.inputs.get("sector")
    limits = {one["criterion"]: one for one in row.run.thresholds if one["sector"] == sector}
    return [
        _input(name, row.inputs["values"].get(name), limits.get(name, {}))
        for name in CRITERIA
        if name in row.inputs.get("values", {})
    ]


def _input(name: str, value: Any, limit: Mapping[str, Any]) -> Input:
    return Input(CRITERIA[name], value, limit.get("lower"), limit.get("upper"), limit.get("basis") or "", _unit(name))


def _unit(name: str) -> str:
    return "€" if name in IN_EUROS else "" if name in IN_PEOPLE else "ratio"


@dataclass(frozen=True)
class Threshold:
    """Where the thirds of a sector end for a criterion, as a run used them. `basis`: whose thirds they are."""

    sector: str
    label: Promise | str
    lower: Figure
    upper: Figure
    companies: int | None
    basis: str


def thresholds_of(run: SegmentationRun) -> list[Threshold]:
    return [_threshold(one) for one in run.thresholds]


def _threshold(one: Mapping[str, Any]) -> Threshold:
    name = one["criterion"]
    lower, upper = (Figure(value=one[end], unit=_unit(name)) for end in ("lower", "upper"))
    return Threshold(one["sector"] or "", CRITERIA.get(name, name), lower, upper, one["companies"], one["basis"] or "")
