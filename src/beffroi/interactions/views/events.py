"""The shared calendar and the sheet of an event."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.core import exports
from beffroi.core.days import month_named
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on, told_to
from beffroi.core.requests import Request
from beffroi.interactions.actions import events as actions
from beffroi.interactions.enums import EventState
from beffroi.interactions.forms.events import CalendarFilter, EventForm, initial_of
from beffroi.interactions.models import Event
from beffroi.interactions.queries import attendance, events
from beffroi.interactions.rules.calendar_files import Entry, calendar_file
from beffroi.interactions.views.own import own_partner

AHEAD = timedelta(days=92)
COLUMNS = (
    Column("title", gettext_lazy("Événement")),
    Column("kind", gettext_lazy("Nature"), value=lambda row: str(row.kind or "")),
    Column("starts", gettext_lazy("Début"), Type.MOMENT),
    Column("ends", gettext_lazy("Fin"), Type.MOMENT),
    Column("place", gettext_lazy("Lieu"), value=lambda row: str(row.place or "")),
    Column("venue", gettext_lazy("Adresse ou lien")),
    Column("areas", gettext_lazy("Domaines"), value=lambda row: " ; ".join(str(item) for item in row.items.all())),
    Column("owner", gettext_lazy("Organisateur"), value=lambda row: str(row.owner)),
    Column("with", gettext_lazy("Avec"), value=lambda row: " ; ".join(str(one) for one in row.with_partners.all())),
    Column("state", gettext_lazy("État"), value=lambda row: row.get_state_display()),
)


def month_of(text: str, today: date) -> date:
    return month_named(text) or today.replace(day=1)


def found(request: Request, pk: int) -> Event:
    rows = Event.objects.visible_to(request.user).select_related("owner", "place", "kind", "by")
    event: Event = get_object_or_404(rows.prefetch_related("items", "with_partners"), pk=pk)
    return event


def run(request: SignedInRequest, pk: int) -> Event:
    event = found(request, pk)
    if not events.may_run(event, request.user):
        raise PermissionDenied(_("Seuls les organisateurs de cet événement le font."))
    return event


@open_to_all
def calendar(request: Request) -> HttpResponseBase:
    form = CalendarFilter(request.GET, viewer=request.user)
    asked = form.asked()
    rows = events.events_asked(asked, viewer=request.user)
    month = month_of(str(asked.get("month") or ""), request.as_of)
    is_list = asked.get("view") == "list"
    if answer := exports.asked(request, rows, COLUMNS, "evenements", title=_("Événements")):
        return answer
    context: dict[str, Any] = {
        "form": form,
        "month": month,
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": (month + timedelta(days=31)).replace(day=1),
        "is_list": is_list,
        "may_edit": may(request.user, Permission.NOTE_ACTIVITY),
        **(_listed(request, rows) if is_list else _month(month, rows)),
        **_pairs(request),
    }
    return render(request, "interactions/events.html", context)


def _listed(request: Request, rows: Any) -> dict[str, Any]:
    return {"page": Paginator(rows.order_by("-starts", "-pk"), 50).get_page(request.GET.get("page"))}


def _month(month: date, rows: Any) -> dict[str, Any]:
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    shown = list(events.of_days(rows, month, last))
    return {"weeks": events.month_weeks(month, shown), "shown": shown}


def _pairs(request: Request) -> dict[str, Any]:
    """What comes too close in the next three months, for those who can still move it."""
    if not may(request.user, Permission.NOTE_ACTIVITY):
        return {"pairs": (), "pair_count": 0}
    pairs = events.close_pairs(request.as_of, request.as_of + AHEAD, viewer=request.user)
    return {"pairs": pairs[: events.MOST_PAIRS], "pair_count": len(pairs)}


@open_to_all
def event(request: Request, pk: int) -> HttpResponse:
    shown = found(request, pk)
    runs = events.may_run(shown, request.user)
    rows = attendance.participants(shown, viewer=request.user)
    areas = [item.pk for item in shown.items.all()]
    context = {
        "thing": shown,
        "runs": runs,
        "counts": attendance.counts_of(rows),
        "page": Paginator(rows, 50).get_page(request.GET.get("page")),
        "close": events.close_events(shown, areas=areas, viewer=request.user) if runs else (),
        "next_states": events.next_states(shown) if runs else (),
        "waiting": attendance.waiting_arrivals(shown).count() if runs else 0,
    }
    return render(request, "interactions/event.html", context)


@requires(Permission.NOTE_ACTIVITY)
def add_event(request: SignedInRequest) -> HttpResponse:
    owner = own_partner(request.user)
    form = EventForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid() and not unseen(request, form, None):
        told = {"client_id": form.cleaned_data["client_id"], **form.fields_of_event}
        with told_on(form):
            made = actions.add_event(owner=owner, by=request.user, at=timezone.now(), **told)
            messages.success(request, _("L’événement est au calendrier, en préparation. Annoncez-le quand la date est sûre."))
            return redirect(made)
    return form_page(request, form, _("Prévoir un événement"))


@requires(Permission.NOTE_ACTIVITY)
def change_event(request: SignedInRequest, pk: int) -> HttpResponse:
    event = run(request, pk)
    form = EventForm(request.POST or None, viewer=request.user, initial=initial_of(event))
    if request.method == "POST" and form.is_valid() and not unseen(request, form, event):
        actions.change_event(event, by=request.user, **form.fields_of_event)
        messages.success(request, _("L’événement est modifié ; l’état d’avant reste dans l’historique."))
        return redirect(event)
    return form_page(request, form, _("Modifier l’événement"), event)


def unseen(request: SignedInRequest, form: EventForm, event: Event | None) -> bool:
    """Whether a close event was not shown yet: nothing is written before its organiser has seen it."""
    draft = form.draft(event)
    close = close_to(request, form, draft)
    fresh = {one.event.pk for one in close} - form.seen_keys
    if fresh:
        form.add_error(None, ValidationError(_("Des événements sont proches de celui-ci. Regardez-les, puis enregistrez.")))
    return bool(fresh)


def close_to(request: SignedInRequest, form: EventForm, draft: Event | None) -> list[events.CloseEvent]:
    if draft is None:
        return []
    areas = [item.pk for item in form.cleaned_data.get("items") or ()]
    return events.close_events(draft, areas=areas, viewer=request.user)


def form_page(request: SignedInRequest, form: EventForm, title: str, event: Event | None = None) -> HttpResponse:
    close = close_to(request, form, form.draft(event)) if form.is_bound else []
    context = {
        "form": form,
        "title": title,
        "thing": event,
        "close": close,
        "seen": ",".join(str(one.event.pk) for one in close),
        "partners": Partner.objects.order_by("name", "pk"),
    }
    return render(request, "interactions/event_form.html", context, status=422 if form.errors else 200)


@require_POST
@requires(Permission.NOTE_ACTIVITY)
def close_fragment(request: SignedInRequest, pk: int = 0) -> HttpResponse:
    """While one types: what is already planned near it."""
    event = run(request, pk) if pk else None
    form = EventForm(request.POST, viewer=request.user)
    draft = form.draft(event)
    close = close_to(request, form, draft)
    seen = ",".join(str(one.event.pk) for one in close)
    told = {"is_typed": draft is not None, "place_error": " ".join(map(str, form.errors.get("place") or ()))}
    return render(request, "interactions/_close_events.html", {"close": close, "seen": seen, **told})


@require_POST
@requires(Permission.NOTE_ACTIVITY)
def move_event(request: SignedInRequest, pk: int) -> HttpResponse:
    event = run(request, pk)
    state = request.POST.get("state", "")
    if state in EventState.values:
        with told_to(request):
            actions.move_event(event, EventState(state), by=request.user, at=timezone.now())
            messages.success(request, _("C’est noté : %(state)s.") % {"state": EventState(state).label})
    return redirect(event)


def entry_of(event: Event, request: Request) -> Entry:
    return Entry(
        uid=f"evenement-{event.pk}@{request.get_host()}",
        title=event.title,
        starts=event.starts,
        ends=event.ends,
        changed=event.recorded_at,
        place=", ".join(text for text in (event.venue, str(event.place or "")) if text),
        text=event.description,
        address=request.build_absolute_uri(event.get_absolute_url()),
        is_cancelled=event.state == EventState.CANCELLED,
        is_sure=event.state in (EventState.ANNOUNCED, EventState.HELD),
    )


def calendar_answer(request: Request, rows: Any, name: str) -> HttpResponse:
    text = calendar_file(_("Événements (Beffroi)"), [entry_of(event, request) for event in rows])
    answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.ics"'
    return answer


@open_to_all
def calendar_ics(request: Request) -> HttpResponse:
    """The events of the filters from a year ago on: what a calendar program follows."""
    asked = CalendarFilter(request.GET, viewer=request.user).asked()
    since = timezone.now() - timedelta(days=365)
    return calendar_answer(request, events.events_asked(asked, viewer=request.user).filter(ends__gte=since), "evenements")


@open_to_all
def event_ics(request: Request, pk: int) -> HttpResponse:
    return calendar_answer(request, [found(request, pk)], f"evenement-{pk}")
