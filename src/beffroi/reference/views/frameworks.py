from django.core.paginator import Paginator
from django.db.models import Case, Count, Q, When
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column
from beffroi.core.requests import Request
from beffroi.core.text import search_key
from beffroi.provenance.queries import anomalies_about, moment_of, statements_about
from beffroi.reference.enums import CODE_LISTS, FrameworkKind
from beffroi.reference.forms import FrameworkFilter
from beffroi.reference.models import Framework
from beffroi.reference.queries import crosswalks_of, level_figures, tree

# What one steers by comes first, the most detailed first; lists of codes after
COLUMNS = (
    Column("code", _("Code")),
    Column("label", _("Intitulé")),
    Column("kind", _("Nature"), value=lambda row: row.get_kind_display()),
    Column(
        "period",
        _("Période, comme écrite"),
        value=lambda row: row.versions.all()[0].written_period if row.versions.all() else "",
    ),
    Column("items", _("Éléments"), value=lambda row: row.items),
)


@open_to_all
def frameworks(request: Request) -> HttpResponseBase:
    form = FrameworkFilter(request.GET)
    form.full_clean()
    rows = Framework.objects.visible_to(request.user).prefetch_related("versions")
    rows = rows.annotate(
        items=Count("versions__items", distinct=True), crosswalks=Count("versions__crosswalks_out", distinct=True)
    ).order_by(Case(When(kind__in=CODE_LISTS, then=1), default=0), "-items", "sort_key")
    if words := search_key(form.cleaned_data.get("q", "")):
        rows = rows.filter(Q(sort_key__contains=words) | Q(code__contains=words.replace(" ", "-")))
    if kind := form.cleaned_data.get("kind"):
        rows = rows.filter(kind=kind)
    if answer := exports.asked(request, rows, COLUMNS, "cadres", title=_("Cadres")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "reference/frameworks.html", {"form": form, "page": page, "kinds": FrameworkKind})


@open_to_all
def framework(request: Request, code: str) -> HttpResponseBase:
    found = get_object_or_404(Framework.objects.visible_to(request.user), code=code)
    version = found.versions.order_by("-code").first()
    moment = moment_of(request)
    context = {
        "framework": found,
        "version": version,
        "has_programme": hasattr(found, "programme"),
        "nodes": tree(version, viewer=request.user) if version else [],
        "figures": level_figures(found, viewer=request.user),
        "rules": found.rules.visible_to(request.user).select_related("item").order_by("kind", "label"),
        "crosswalks": crosswalks_of(found.pk, viewer=request.user),
        "anomalies": anomalies_about("framework", found.pk, viewer=request.user),
        "statements": statements_about("framework", found.pk, moment=moment, viewer=request.user),
    }
    return render(request, "reference/framework.html", context)
