"""The visit's forms filled with what is already known."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from beffroi.accounts.models import User
from beffroi.accounts.roles import SignedInRequest
from beffroi.core.formats import day_text
from beffroi.core.text import row_number
from beffroi.interactions.enums import VisitState
from beffroi.interactions.forms.visits import FACTS, PlanForm, VisitChangeForm, VisitForm
from beffroi.interactions.models import Visit
from beffroi.interactions.queries import subjects
from beffroi.interactions.queries import visits as queries
from beffroi.interactions.queries.areas import priority_areas
from beffroi.reference.models import Version


def new(request: SignedInRequest, data: Any = None) -> VisitForm:
    """`data`: what a device sent; without it, what the page posted."""
    given = data if data is not None else request.POST or None
    guide = chosen_guide(request.user, (given or request.GET).get("guide", ""))
    initial = {"on": timezone.localdate(), "guide": guide, **_asked(request)}
    return VisitForm(given, initial=initial, **_lists(request.user, guide))


def _lists(user: User, guide: Version | None) -> dict[str, Any]:
    return {
        "viewer": user,
        "themes": queries.themes_of(guide, user),
        "needs": queries.need_subjects(user),
        "items": priority_areas(user),
    }


def chosen_guide(user: User, asked: str) -> Version | None:
    """The one that is asked, even when another version came since; else the first."""
    number = row_number(asked)
    if number is not None and (found := queries.guide(number, user)):
        return found
    return next(iter(queries.guides(user)), None)


def _asked(request: SignedInRequest) -> dict[str, Any]:
    """The visit of the diary, or the company, that the address names."""
    planned = Visit.objects.of(request.user).filter(pk=row_number(request.GET.get("visit"))).first()
    if planned and planned.state == VisitState.PLANNED:
        facts = {"visit": planned, "item": planned.item, "means": planned.means}
        return {**facts, **_about(planned.subject)}
    subject = subjects.of_key(request.GET.get("about", ""), viewer=request.user)
    return _about(subject) if subject else {}


def _about(subject: subjects.Subject) -> dict[str, Any]:
    return {"about": subjects.key_of(subject), "who": str(subject)}


def correction(request: SignedInRequest, visit: Visit) -> VisitChangeForm:
    guide = visit.guide or chosen_guide(request.user, "")
    initial = {name: getattr(visit, name) for name in FACTS} | {"client_id": visit.client_id, "guide": guide}
    initial["consents"] = [one.purpose for one in visit.consents.all()]
    if visit.contact:
        initial |= {"met_name": visit.contact.name, "met_role": visit.contact.role}
    opened = set(visit.needs.values_list("subject_item_id", flat=True))
    lists = _lists(request.user, guide)
    lists["needs"] = [one for one in lists["needs"] if one.pk not in opened]
    notes = list(visit.notes.select_related("theme"))
    return VisitChangeForm(request.POST or None, initial=initial, notes=notes, **lists)


def beside(form: VisitForm, user: User, today: date) -> dict[str, Any]:
    """Who saw the company lately, and the other guides."""
    asked = form["about"].value() or ""
    subject = subjects.of_key(str(asked), viewer=user)
    seen = queries.just_seen(subject, viewer=user, today=today) if subject else []
    return {"subject": subject, "seen": seen, "guides": queries.guides(user), "partner_ids": user.partner_ids}


def thanks(visit: Visit) -> str:
    if visit.state == VisitState.PLANNED:
        return _("La visite est prévue.")
    needs = visit.needs.count()
    if not needs:
        return _("La visite est notée.")
    return ngettext(
        "La visite est notée, avec un besoin : envoyez-le à qui peut y répondre.",
        "La visite est notée, avec %(n)s besoins : envoyez-les à qui peut y répondre.",
        needs,
    ) % {"n": needs}


def planned(visit: Visit, *, viewer: User, today: date) -> str:
    """The operator who saw it last month is told at once."""
    told = _("Visite prévue le %(day)s.") % {"day": day_text(visit.on)}
    others = [one for one in queries.just_seen(visit.subject, viewer=viewer, today=today) if one.owner_id != visit.owner_id]
    names = "; ".join(f"{one.owner} ({day_text(one.on)})" for one in others)
    return told + (" " + _("À savoir : %(names)s.") % {"names": names} if names else "")


def moved(request: SignedInRequest) -> dict[str, Any]:
    state = request.POST.get("state", "")
    fields: dict[str, Any] = {"state": state} if state in VisitState.values else {}
    form = PlanForm({"about": "-", "on": request.POST.get("on", "")})
    if form.is_valid():
        fields["on"] = form.cleaned_data["on"]
    return fields


def sentences(form: VisitForm) -> list[str]:
    """What is wrong, each with its field, as a device shows it away from the page."""
    found = []
    for name, errors in form.errors.items():
        label = f"{form.fields[name].label} : " if name in form.fields and form.fields[name].label else ""
        found += [f"{label}{error}" for error in errors]
    return found
