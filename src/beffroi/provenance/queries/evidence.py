"""Why the counts of the data pages: what each counts, and the things it counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.provenance.enums import AnomalyState
from beffroi.provenance.models import Anomaly, Load, Source
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.desk import SUBJECTS, VALUES, known_statements, visible_sources
from beffroi.provenance.queries.loads import COUNTS, known_loads, load_figure, shown_loads

LISTED = 300
MEANINGS = {
    "read": _(
        "Les lignes du fichier, sans l’en-tête ni les lignes vides. Chacune est ajoutée, modifiée, inchangée ou rejetée."
    ),
    "added": _("Les lignes que cette source n’avait pas encore dites."),
    "changed": _("Les lignes que cette source disait autrement."),
    "unchanged": _("Les lignes que cette source disait déjà de la même façon : rien n’est écrit deux fois."),
    "rejected": _("Les lignes qui n’ont pas pu être chargées ; chacune garde sa raison sur la page du chargement."),
    "closed": _("Ce que la source disait et qui n’est plus dans son fichier complet. Ce ne sont pas des lignes de ce fichier."),
}


@dataclass(frozen=True)
class Counted:
    """`parts`: label, thing to link to, figure."""

    title: Any
    formula: Any
    figure: Figure
    parts: Sequence[tuple[Any, Any, Figure | None]] = ()
    subject: Any = None


Question: TypeAlias = Callable[[str, AnyUser, Moment], "Counted | None"]


def of_load(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk/name`: one of the counts of a load, beside the others."""
    pk, _slash, name = rest.partition("/")
    load = shown_loads(Load.objects.visible_to(viewer)).filter(pk=int(pk)).first()
    if load is None or name not in COUNTS:
        return None
    parts = [(COUNTS[other], None, load_figure(load, other)) for other in COUNTS if other != name]
    return Counted(load, MEANINGS[name], load_figure(load, name), parts, load)


def of_files(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`code`, or nothing for every source: the loaded files."""
    loads = shown_loads(known_loads(viewer, moment)).order_by("snapshot__source__title", "pk")
    found = list(loads.filter(snapshot__source__code=rest) if rest else loads)
    files = len({load.snapshot_id for load in found})
    formula = _(
        "Les fichiers chargés que vous pouvez voir, chacun avec ses lignes lues. Les totaux du rapprochement en sont la somme."
    )
    parts = [(load, load, load_figure(load, "read")) for load in found[:LISTED]]
    return Counted(_("Fichiers chargés"), formula, Figure(value=files), parts, _source(rest, viewer))


def _source(code: str, viewer: AnyUser) -> Source | None:
    return visible_sources(viewer).filter(code=code).first() if code else None


def of_source(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`code`: the rows that a source gave."""
    source = _source(rest, viewer)
    if source is None:
        return None
    loads = list(shown_loads(known_loads(viewer, moment)).filter(snapshot__source=source).order_by("pk"))
    formula = _("La somme, sur ses fichiers chargés, des lignes ajoutées, modifiées et inchangées.")
    parts = [(load, load, Figure(value=load.loaded)) for load in loads[:LISTED]]
    return Counted(source, formula, Figure(value=sum(load.loaded for load in loads)), parts, source)


def of_stated(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`code/kind`: the things of a kind that a source names, or the rows of its files that carry values."""
    code, _slash, kind = rest.partition("/")
    source = _source(code, viewer)
    if source is None:
        return None
    if kind in VALUES:
        loads = list(shown_loads(known_loads(viewer, moment)).filter(snapshot__source=source, profile__target=kind))
        parts = [(load, load, Figure(value=load.loaded)) for load in loads]
        formula = _(
            "Les lignes de ses fichiers qui disent une valeur ; deux lignes qui parlent de la même chose comptent deux fois."
        )
        return Counted(source, formula, Figure(value=sum(load.loaded for load in loads)), parts, source)
    things = known_statements(source, viewer, moment).filter(subject_kind=kind).order_by("label", "pk")
    labels = dict(things.values_list("subject_id", "label"))
    listed = sorted(set(labels.values()))[:LISTED]
    formula = _("Les choses de ce genre que la source nomme ; une chose nommée plusieurs fois compte une fois.")
    figure = Figure(value=len(labels), label=str(SUBJECTS.get(kind, kind)))
    return Counted(source, formula, figure, [(label, None, None) for label in listed], source)


def of_anomalies(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`check/state`: the anomalies that a check found."""
    check, _slash, state = rest.partition("/")
    if state not in AnomalyState.values:
        return None
    found = list(Anomaly.objects.visible_to(viewer).filter(check_name=check, state=state).order_by("title", "pk"))
    formula = _("Les anomalies de ce contrôle dans cet état, parmi celles que vous pouvez voir.")
    return Counted(check, formula, Figure(value=len(found)), [(row, row, None) for row in found[:LISTED]])


COUNTED: dict[str, Question] = {
    "load": of_load,
    "files": of_files,
    "source": of_source,
    "stated": of_stated,
    "anomalies": of_anomalies,
}
