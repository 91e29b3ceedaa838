from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import Partner
from beffroi.accounts.roles import SignedInRequest, may, open_to_all, requires
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing import actions
from beffroi.publishing.forms import FreezeForm, TextForm
from beffroi.publishing.queries import editions, text_of
from beffroi.publishing.reports import kept
from beffroi.publishing.reports.document import document
from beffroi.publishing.reports.files import CONTENT_TYPES, rendered
from beffroi.publishing.reports.layouts import described, reported_frameworks
from beffroi.reference.models import Framework


@open_to_all
def reports(request: Request) -> HttpResponse:
    rows = reported_frameworks(viewer=request.user)
    return render(request, "publishing/reports.html", {"frameworks": rows, "editions": editions()[:10]})


def content_of(request: Request, framework: Framework) -> dict[str, Any]:
    moment = Moment(request.as_of, request.known_on)
    return kept.content(framework, moment=moment, viewer=request.user, is_now=not request.GET.get("known_on"))


@open_to_all
def report(request: Request, code: str) -> HttpResponse:
    """The first page and what each section has at its front; `complete` shows every row, `format` gives a file."""
    framework = get_object_or_404(Framework.objects.visible_to(request.user), code=code)
    content = content_of(request, framework)
    extension = request.GET.get("format", "")
    if extension in CONTENT_TYPES:
        return file_answer(rendered(content, extension=extension), extension=extension, name=f"{code}-{content['as_of']}")
    is_complete = "complete" in request.GET
    layout = described(code)
    shown = {
        "framework": framework,
        "document": document(content, brief=not is_complete),
        "is_complete": is_complete,
        "may_freeze": may(request.user, Permission.FREEZE_REPORT),
        "may_write": may(request.user, Permission.WRITE_REPORT),
        "form": FreezeForm(initial={"title": content["title"]}),
        "document_day": layout.as_of if layout and layout.as_of != request.as_of else None,
        "editions": editions().filter(framework=framework)[:5],
    }
    return render(request, "publishing/report.html", shown)


def file_answer(body: bytes, *, extension: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=CONTENT_TYPES[extension])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{extension}"'
    return answer


@open_to_all
def section(request: Request, code: str, section: str) -> HttpResponse:
    framework = get_object_or_404(Framework.objects.visible_to(request.user), code=code)
    shown = document(content_of(request, framework), only=section)
    if not shown.sections:
        raise Http404
    may_write = may(request.user, Permission.WRITE_REPORT)
    found = {"framework": framework, "document": shown, "section": shown.sections[0], "may_write": may_write}
    return render(request, "publishing/report_section.html", found)


@requires(Permission.WRITE_REPORT)
def text(request: SignedInRequest, code: str, section: str) -> HttpResponse:
    """What a partner of the person writes under a section, for the date looked at."""
    framework = get_object_or_404(Framework.objects.visible_to(request.user), code=code)
    partners = Partner.objects.filter(pk__in=request.user.partner_ids)
    written = text_of(framework, section=section, as_of=request.as_of, partners=partners)
    initial = {"partner": written.owner_id, "text": written.text} if written else {}
    form = TextForm(request.POST or None, initial=initial)
    form.fields["partner"].queryset = partners  # type: ignore[attr-defined]
    if request.method == "POST" and form.is_valid():
        actions.write_text(framework, section=section, as_of=request.as_of, by=request.user, **form.cleaned_data)
        messages.success(request, _("Le texte est enregistré."))
        return redirect(f"{reverse('publishing:report_section', args=[code, section])}?{_day(request.as_of)}")
    found = {"framework": framework, "section": section, "form": form, "written": written}
    return render(request, "publishing/report_text.html", found)


def _day(day: date) -> str:
    return urlencode({"as_of": day.isoformat()})


@requires(Permission.FREEZE_REPORT)
def freeze(request: SignedInRequest, code: str) -> HttpResponse:
    framework = get_object_or_404(Framework.objects.visible_to(request.user), code=code)
    form = FreezeForm(request.POST)
    if request.method != "POST" or not form.is_valid():
        return redirect(f"{reverse('publishing:report', args=[code])}?{_day(request.as_of)}")
    moment = Moment(request.as_of, request.known_on)
    edition = actions.freeze_edition(framework, moment=moment, title=form.cleaned_data["title"], by=request.user)
    messages.success(request, _("L’édition est figée : elle ne changera plus."))
    return redirect(edition)
