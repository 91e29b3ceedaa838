"""What a device asks for while a visit is typed, and what it sends when the network is back."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, open_to_all, requires
from beffroi.core.refusals import Refused
from beffroi.core.requests import Request
from beffroi.core.text import digest
from beffroi.interactions import actions
from beffroi.interactions.queries import subjects
from beffroi.interactions.queries import visits as queries
from beffroi.interactions.views import visit_forms
from beffroi.interactions.views.own import own_partner

# What the form is drawn with when there is no network
SHELL = (
    "vendor/bootstrap.min.css", "css/tokens.css", "css/dark.css", "css/page.css", "css/components.css", "css/tables.css",
    "css/search.css", "css/print.css", "css/visits.css", "vendor/htmx.min.js", "js/theme.js", "js/why.js", "js/palette.js",
    "js/page.js", "js/chart.js", "js/device.js", "js/visit-form.js", "img/belfry.svg", "img/alert.svg", "img/search.svg",
    "img/sun.svg", "vendor/fonts/source-sans-3-400.woff2", "vendor/fonts/source-sans-3-600.woff2",
    "vendor/fonts/source-sans-3-700.woff2",
)  # fmt: skip
ICON = "img/belfry.svg"


@open_to_all
def device_worker(request: Request) -> HttpResponse:
    """The script that keeps the form on the device: here, because a script only keeps pages beside it."""
    path = finders.find("js/device-worker.js")
    script = Path(str(path)).read_text(encoding="utf-8")
    shell = [static(name) for name in SHELL]
    pages = [reverse("interactions:add_visit"), reverse("interactions:week")]
    names = {"SHELL": shell, "PAGES": pages, "FILES": settings.STATIC_URL, "CACHE": f"beffroi-{digest(script, *shell)[:12]}"}
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in names.items())
    return HttpResponse(head + script, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@open_to_all
def manifest(request: Request) -> HttpResponse:
    """What a phone needs to set the visits beside its own applications."""
    said = {
        "name": _("Beffroi · visites"),
        "short_name": "Beffroi",
        "start_url": reverse("interactions:week"),
        "scope": reverse("interactions:week"),
        "display": "standalone",
        "background_color": "#faf7f2",
        "theme_color": "#22303c",
        "icons": [{"src": static(ICON), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(said, content_type="application/manifest+json")


@requires(Permission.NOTE_ACTIVITY)
def offered_subjects(request: SignedInRequest) -> HttpResponse:
    found = subjects.offered(request.GET.get("q", "").strip()[:200], viewer=request.user)
    rows = [(subjects.key_of(one), str(one), subjects.told(one)) for one in found]
    return render(request, "interactions/_offered.html", {"rows": rows})


@requires(Permission.NOTE_ACTIVITY)
def seen_lately(request: SignedInRequest) -> HttpResponse:
    subject = subjects.of_key(request.GET.get("about", ""), viewer=request.user)
    seen = queries.just_seen(subject, viewer=request.user, today=timezone.localdate()) if subject else []
    context = {"subject": subject, "seen": seen, "partner_ids": request.user.partner_ids}
    return render(request, "interactions/_seen.html", context)


@requires(Permission.NOTE_ACTIVITY)
@require_POST
def send_visit(request: SignedInRequest) -> HttpResponse:
    """One visit of a device's queue, as JSON: the names of the form's fields and their values. Sent again, it is the same."""
    data = read_fields(request.body)
    if data is None:
        return _refused([_("Cet envoi n’est pas lisible : la visite reste sur l’appareil.")])
    form = visit_forms.new(request, data)
    if not form.is_valid():
        return _refused(visit_forms.sentences(form))
    try:
        made = actions.note_visit(owner=own_partner(request.user), by=request.user, at=timezone.now(), **form.said)
    except Refused as refusal:
        return _refused([str(refusal)], code=getattr(refusal.blockers[0], "value", ""))
    except (ValidationError, PermissionDenied) as refusal:
        return _refused(getattr(refusal, "messages", [str(refusal)]), code=getattr(refusal, "code", None) or "")
    return JsonResponse({"address": made.get_absolute_url(), "title": str(made)})


def _refused(sentences: list[str], code: str = "") -> JsonResponse:
    return JsonResponse({"sentences": sentences, "code": code}, status=422)


def read_fields(body: bytes) -> QueryDict | None:
    """None when it is not an object of texts and lists of texts."""
    try:
        said: Any = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    fields = QueryDict(mutable=True)
    for name, value in said.items():
        values = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in values):
            return None
        fields.setlist(name, values)
    return fields
