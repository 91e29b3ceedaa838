"""What a program names by a code or a number, and what it reads back: the rows of its own institution, as they were written."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from beffroi.accounts.models import KeyHolder, Membership, User
from beffroi.actors.models import Organisation
from beffroi.connectors.identifiers import siren_of
from beffroi.core.text import search_key
from beffroi.funding.queries.named import named_areas
from beffroi.interactions.enums import EVENT_KIND, NEED_SUBJECT
from beffroi.interactions.models import Event, Need, Push, Visit
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Item

MODELS: dict[str, type[Visit] | type[Need] | type[Event]] = {"visits": Visit, "needs": Need, "events": Event}
RELATED = {
    "visits": ("organisation", "holder", "place", "item__version__framework"),
    "needs": ("organisation", "holder", "place", "item__version__framework", "subject_item"),
    "events": ("place", "kind"),
}


class UnknownReference(ValueError):
    """A code or a number that leads to nothing. `field`: where it was given."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def company_called(*, siren: str, name: str, viewer: KeyHolder) -> Organisation | None:
    """The company of this number or of exactly this name; none when a name is not known yet. Nothing is guessed."""
    rows = Organisation.objects.visible_to(viewer)
    if siren:
        return _numbered(siren, rows)
    found = list(rows.filter(sort_key=search_key(name)[:300]).order_by("pk")[:3])
    if len(found) > 1:
        raise UnknownReference(
            "company", _("Plusieurs entreprises s’appellent « %(name)s » : donnez le SIREN.") % {"name": name}
        )
    return found[0] if found else None


def _numbered(siren: str, rows: QuerySet[Any]) -> Organisation:
    number = siren_of(siren)
    if number is None:
        raise UnknownReference(
            "company.siren", _("« %(siren)s » n’est ni un SIREN ni un SIRET : sa clé est fausse.") % {"siren": siren}
        )
    found: Organisation | None = rows.filter(siren=number).order_by("pk").first()
    if found is None:
        raise UnknownReference(
            "company.siren",
            _("Aucune entreprise connue n’a le SIREN %(siren)s : chargez-la du répertoire, ou envoyez son nom seul.")
            % {"siren": number},
        )
    return found


def word_called(code: str, *, level: str, field: str) -> Item:
    """A word of the nomenclatures of the daily work, of its latest version."""
    rows = Item.objects.filter(code=code, level=level).order_by("-version__code", "-pk")
    found: Item | None = rows.first()
    if found is None:
        known = ", ".join(sorted(set(Item.objects.filter(level=level).values_list("code", flat=True))))
        raise UnknownReference(
            field, _("« %(code)s » n’est pas un code connu. Codes connus : %(known)s.") % {"code": code, "known": known}
        )
    return found


def area_called(framework: str, code: str, *, viewer: KeyHolder) -> Item:
    rows = Item.objects.visible_to(viewer).of_framework(framework).filter(code=code).order_by("-version__code", "-pk")
    found: Item | None = rows.first()
    if found is None:
        raise UnknownReference(
            "area", _("Le cadre « %(framework)s » n’a pas d’élément « %(code)s ».") % {"framework": framework, "code": code}
        )
    return found


def place_coded(code: str) -> Item:
    pk = named_areas([code]).get(code.strip())
    if pk is None:
        raise UnknownReference("place", _("« %(code)s » n’est le code d’aucun territoire officiel.") % {"code": code})
    return Item.objects.get(pk=pk)


def colleague(email: str, viewer: KeyHolder) -> User:
    """A present member of the key's own institution."""
    members = Membership.objects.current().filter(partner__in=viewer.partner_ids).values("user")
    found = User.objects.filter(email=email.strip().lower(), is_active=True, pk__in=members).first()
    if found is None:
        raise UnknownReference("by", _("Aucun membre de votre institution n’a cette adresse."))
    return found


def pushed(owner: int, kind: str, client_id: str) -> Push | None:
    return Push.objects.filter(owner=owner, kind=kind, client_id=client_id).first()


def own_rows(kind: str, viewer: KeyHolder) -> QuerySet[Any]:
    """What the key's institution noted, by any way, in the order of writing."""
    rows: Any = MODELS[kind].objects
    found: QuerySet[Any] = rows.filter(owner__in=viewer.partner_ids).select_related(*RELATED[kind]).order_by("pk")
    return found


def codes() -> dict[str, list[dict[str, str]]]:
    """The words that requests name by their code."""
    rows = Item.objects.filter(level__in=(NEED_SUBJECT, EVENT_KIND), version__framework__kind=FrameworkKind.CLASSIFICATION)
    found: dict[str, list[dict[str, str]]] = {"need_subjects": [], "event_kinds": []}
    for level, code, label in rows.order_by("position", "code").values_list("level", "code", "label"):
        found["need_subjects" if level == NEED_SUBJECT else "event_kinds"].append({"code": code, "label": label})
    return found


def told(kind: str, row: Any) -> dict[str, Any]:
    """A row as the program reads it back."""
    common = {"id": row.pk, "client_id": row.client_id, "address": row.get_absolute_url(), "recorded_at": row.recorded_at}
    if kind == "events":
        return common | {
            "title": row.title, "starts": row.starts, "ends": row.ends, "state": row.state,
            "place": row.place.code if row.place else None, "kind": row.kind.code if row.kind else None,
        }  # fmt: skip
    about = {"company": _company(row), "place": row.place.code if row.place else None, "area": _area(row.item)}
    if kind == "needs":
        return common | about | {
            "subject": row.subject_item.code, "opened_on": row.opened_on, "text": row.text,
            "closed_on": row.closed_on, "result": row.result,
        }  # fmt: skip
    return common | about | {"on": row.on, "state": row.state, "means": row.means, "minutes": row.minutes}


def _company(row: Any) -> dict[str, str]:
    if row.organisation is None:
        return {"siren": "", "name": row.holder.name}
    return {"siren": row.organisation.siren or "", "name": row.organisation.name}


def _area(item: Item | None) -> dict[str, str] | None:
    return None if item is None else {"framework": item.version.framework.code, "code": item.code}
