"""The sheet of a territory: what is said of it under its official code and under the names that documents give it."""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import Organisation
from beffroi.actors.queries import relations_to_items
from beffroi.core.figures import Figure, Sense
from beffroi.funding.queries import money_about, operations_about
from beffroi.governance.queries import meetings_about
from beffroi.indicators.enums import Progress
from beffroi.indicators.queries import TargetProgress, distance, known_cells, latest_cells, targets_about, values_of
from beffroi.indicators.queries.scope import Listed, values_of_indicator
from beffroi.provenance.queries import Moment, statements_about
from beffroi.provenance.queries.evidence import Counted
from beffroi.publishing.sheets import Section, anomalies_section, sources_section
from beffroi.publishing.sheets.local_plans import plans_of
from beffroi.reference.enums import level_label
from beffroi.reference.models import Item, Place
from beffroi.reference.queries import item_card, same_place_ids
from beffroi.reference.queries.codes import PLACES

MOST_OF_A_FRAMEWORK = 6
MOST_VALUES = 48
MOST_LISTED = 24
MOST_PARTS = 300


@dataclass(frozen=True)
class Territory:
    """A territory with every item that is the same place: its official code and the names that documents give it."""

    asked: Item
    items: tuple[Item, ...]
    targets: tuple[TargetProgress, ...]

    @property
    def pk(self) -> int:
        return self.asked.pk

    @property
    def ids(self) -> list[int]:
        return [item.pk for item in self.items]

    @property
    def official(self) -> Item | None:
        """An official code is good for a year; a list that a document makes is not."""
        return next((item for item in self.items if item.version.valid_from is not None), None)

    @property
    def names(self) -> list[str]:
        """How documents write it, each way once."""
        return sorted({item.label for item in self.items if item.version.framework.code == PLACES})

    @property
    def values(self) -> Listed:
        return Listed("indicators:values", (("territory", self.pk),))

    @property
    def late(self) -> list[TargetProgress]:
        return sorted((row for row in self.targets if row.progress == Progress.BEHIND), key=distance)

    def __str__(self) -> str:
        return str(self.asked)


def territory(item: Item, *, moment: Moment, viewer: AnyUser) -> Territory:
    items = Item.objects.visible_to(viewer).filter(pk__in=same_place_ids(item)).select_related("version__framework", "place")
    found = tuple(sorted(items, key=lambda row: (row.pk != item.pk, row.pk)))
    targets = targets_about(Q(territory__in=[row.pk for row in found]), moment=moment, viewer=viewer)
    return Territory(item, found, tuple(targets))


def about(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    whole = Item.objects.visible_to(viewer).filter(inside__whole__in=place.ids)
    sizes = whole.order_by().values("level").annotate(n=Count("pk")).order_by("level")
    listed = list(whole.order_by("sort_key", "pk")[:MOST_LISTED])
    card = item_card(place.official or place.asked, viewer=viewer, moment=moment) or {}
    return {
        **{name: card.get(name, []) for name in ("path", "inside", "predecessors", "successors")},
        "place": place,
        "related": [edge for edge in card.get("outgoing", []) + card.get("incoming", []) if edge.strength != "full"],
        "contains": [(level_label(row["level"]), row["n"]) for row in sizes],
        "contained": listed,
        "all_contained": Listed("publishing:territories", (("inside", (place.official or place.asked).pk),)),
    }


def figures(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """The last value of each indicator, framework by framework; the explorer has the rest."""
    cells = list(latest_cells(place.ids, moment=moment, viewer=viewer))
    if not cells:
        return None
    groups = [(framework, list(rows)) for framework, rows in groupby(cells, key=lambda cell: cell.indicator.framework)]
    groups.sort(key=lambda group: (-len(group[1]), group[0].sort_key))
    kept = _kept(groups)
    values = {value.cell.pk: value for value in values_of(kept, moment=moment, viewer=viewer)}
    return {
        "frameworks": [_framework(framework, rows, values, place) for framework, rows in groups],
        "count": known_cells(viewer, moment).filter(territory__in=place.ids).count(),
        "listed": place.values,
    }


def _kept(groups: list[tuple[Any, list[Any]]]) -> list[Any]:
    """A few of each framework, the latest first, and not more than a page holds: the rest is one link away."""
    found: list[Any] = []
    for group in groups:
        found += sorted(group[1], key=_latest_first)[:MOST_OF_A_FRAMEWORK]
    return found[:MOST_VALUES]


def _latest_first(cell: Any) -> tuple[Any, ...]:
    return cell.end is None, -(cell.end.toordinal() if cell.end else 0), cell.indicator.sort_key


def _framework(framework: Any, rows: list[Any], values: dict[int, Any], place: Territory) -> dict[str, Any]:
    shown = [
        (values[cell.pk], cell.siblings, values_of_indicator(cell.indicator_id, territory=place.pk))
        for cell in rows
        if cell.pk in values
    ]
    return {
        "framework": framework,
        "size": len(rows),
        "rows": shown,
        "rest": len(rows) - len(shown),
        "listed": Listed("indicators:values", (("framework", framework.code), ("territory", place.pk))),
    }


def targets(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    if not place.targets:
        return None
    states: dict[Progress, int] = defaultdict(int)
    for row in place.targets:
        states[row.progress] += 1
    return {
        "late": place.late,
        "reached": states[Progress.REACHED],
        "without": states[Progress.NO_RESULT],
        "listed": Listed("indicators:behind", (("territory", place.pk),)),
        "count": len(place.late),
    }


def observed(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return {"place": place.official or place.asked}


def money(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    found = place.official or place.asked
    asked = {"territory": f"{found.version.framework.code}:{found.code}"}
    about_it = Q(item__in=place.ids) | Q(operation__place__in=place.ids)
    return money_about(about_it, moment=moment, viewer=viewer, explored=asked)


def plans(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    found = plans_of(place.ids, moment=moment, viewer=viewer)
    return {"plans": found, "count": len(found)} if found else None


def organisations_of(place: Territory, viewer: AnyUser) -> Any:
    return Organisation.objects.visible_to(viewer).filter(place__in=place.ids).order_by("sort_key", "pk")


def organisations(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    """The first of them, and the directory of each name under which they are placed."""
    rows = organisations_of(place, viewer)
    sizes = dict(rows.order_by().values_list("place").annotate(n=Count("pk")))
    if not sizes:
        return None
    lists = [
        (item, sizes[item.pk], Listed("actors:directory", (("place", item.pk),))) for item in place.items if item.pk in sizes
    ]
    count = sum(sizes.values())
    return {"organisations": list(rows[:MOST_LISTED]), "lists": lists if count > MOST_LISTED else [], "count": count}


def relations(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = relations_to_items(place.ids, moment=moment, viewer=viewer)
    return {"relations": rows, "count": len(rows)} if rows else None


def operations(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = list(operations_about(Q(place__in=place.ids), viewer=viewer))
    return {"operations": rows, "count": len(rows)} if rows else None


def meetings(place: Territory, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return meetings_about(Q(about_item__in=place.ids), moment=moment, viewer=viewer)


SECTIONS = (
    Section("description", _("Ce que c’est"), "publishing/_territory_section.html", about),
    Section("retards", _("En retard sur son objectif"), "publishing/_territory_targets_section.html", targets),
    Section("chiffres", _("Chiffres"), "publishing/_territory_values_section.html", figures),
    Section("observatoire", _("Activités et comparaisons"), "observatory/_territory_section.html", observed),
    Section("financements", _("Financements"), "funding/_money_section.html", money),
    Section("plans", _("Plans locaux"), "publishing/_local_plans_section.html", plans),
    Section("acteurs", _("Acteurs qui y sont"), "publishing/_territory_actors_section.html", organisations),
    Section("relations", _("Relations"), "actors/_relations_section.html", relations),
    Section("operations", _("Opérations"), "funding/_operations_section.html", operations),
    Section("reunions", _("Réunions et actes"), "governance/_meetings_section.html", meetings),
    anomalies_section("item"),
    sources_section("item"),
)


def key_figures(place: Territory, sections: dict[str, int | None]) -> list[Figure]:
    """What one asks first of a place. `sections`: the count of each section that has something to say."""
    found = []
    population = place_of(place)
    if population is not None and population.population is not None:
        figure = Figure(value=population.population, unit=str(_("habitants")), period=population.item.version.code)
        found.append(replace(figure, label=str(_("Population municipale")), why=f"territory:{place.pk}/population"))
    for name, label, sense in COUNTS:
        if sections.get(name) is not None:
            why = f"territory:{place.pk}/{name}"
            found.append(
                Figure(value=sections[name], label=str(label), sense=sense if sections[name] else Sense.NEUTRAL, why=why)
            )
    return found


COUNTS = (
    ("chiffres", _("Valeurs connues"), Sense.NEUTRAL),
    ("retards", _("Objectifs en retard"), Sense.BAD),
    ("operations", _("Opérations"), Sense.NEUTRAL),
    ("acteurs", _("Acteurs"), Sense.NEUTRAL),
)


def place_of(place: Territory) -> Place | None:
    known = [item.place for item in place.items if hasattr(item, "place")]
    return next((row for row in known if row.population is not None), None)


def counted(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk/name`: why a key figure of a territory's page."""
    pk, _slash, name = rest.partition("/")
    item = Item.objects.visible_to(viewer).select_related("version__framework").filter(pk=int(pk)).first()
    if item is None or name not in EVIDENCE:
        return None
    return EVIDENCE[name](territory(item, moment=moment, viewer=viewer), viewer, moment)


def _population(place: Territory, viewer: AnyUser, moment: Moment) -> Counted | None:
    known = place_of(place)
    if known is None:
        return None
    formula = _("La population municipale que la source donne pour ce code, sans calcul de Beffroi.")
    said = statements_about("item", known.item.pk, moment=moment, viewer=viewer)
    parts = [(row.load.snapshot.source, row.load.snapshot.source, None) for row in said]
    figure = Figure(value=known.population, unit=str(_("habitants")), period=known.item.version.code)
    return Counted(known.item, formula, figure, parts, known.item)


def _values(place: Territory, viewer: AnyUser, moment: Moment) -> Counted | None:
    rows = known_cells(viewer, moment).filter(territory__in=place.ids).order_by()
    sizes = rows.values("indicator__framework__label").annotate(n=Count("pk")).order_by("indicator__framework__label")
    parts = [(row["indicator__framework__label"], None, Figure(value=row["n"])) for row in sizes]
    formula = _("Les valeurs, objectifs compris, que des sources donnent pour ce territoire sous tous ses noms, par cadre.")
    return Counted(place.asked, formula, Figure(value=sum(row["n"] for row in sizes)), list(parts), place.values)


def _late(place: Territory, viewer: AnyUser, moment: Moment) -> Counted | None:
    parts = [(row.target.cell.indicator, row.target.cell.indicator, row.figure) for row in place.late]
    formula = _(
        "Les objectifs de ce territoire que le résultat n’atteint pas, chacun avec ce résultat ; le plus en retard d’abord."
    )
    return Counted(place.asked, formula, Figure(value=len(parts)), list(parts), place.asked)


def _operations(place: Territory, viewer: AnyUser, moment: Moment) -> Counted | None:
    rows = list(operations_about(Q(place__in=place.ids), viewer=viewer))
    formula = _("Les opérations dont ce territoire est le lieu, sous tous ses noms.")
    return Counted(place.asked, formula, Figure(value=len(rows)), [(row, row, None) for row in rows[:MOST_PARTS]], place.asked)


def _organisations(place: Territory, viewer: AnyUser, moment: Moment) -> Counted | None:
    rows = list(organisations_of(place, viewer))
    formula = _(
        "Les organisations dont c’est le lieu, sous tous ses noms ; une organisation qui a deux fiches compte deux fois."
    )
    return Counted(place.asked, formula, Figure(value=len(rows)), [(row, row, None) for row in rows[:MOST_PARTS]], place.asked)


EVIDENCE = {
    "population": _population,
    "chiffres": _values,
    "retards": _late,
    "operations": _operations,
    "acteurs": _organisations,
}
