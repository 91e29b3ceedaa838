from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.exports import Column
from beffroi.core.requests import Request
from beffroi.core.text import search_key
from beffroi.provenance.queries import moment_of, statements_about
from beffroi.reference.forms import RuleFilter, SystemFilter
from beffroi.reference.models import NamedSystem, Rule

SYSTEMS = (
    Column("label", _("Nom")),
    Column("kind", _("Nature"), value=lambda row: row.get_kind_display()),
    Column("purpose", _("À quoi il sert")),
    Column("users", _("Qui s’en sert")),
    Column("frequency", _("Rythme")),
)
RULES = (
    Column("framework", _("Cadre"), value=lambda row: row.framework.label),
    Column("item", _("Élément"), value=lambda row: row.item.label if row.item else ""),
    Column("label", _("Règle")),
    Column("kind", _("Nature"), value=lambda row: row.get_kind_display()),
    Column("value", _("Valeur")),
)


@open_to_all
def systems(request: Request) -> HttpResponseBase:
    form = SystemFilter(request.GET)
    form.full_clean()
    rows = NamedSystem.objects.visible_to(request.user)
    if words := search_key(form.cleaned_data["q"]):
        rows = rows.filter(Q(sort_key__contains=words) | Q(purpose__icontains=form.cleaned_data["q"]))
    if kind := form.cleaned_data["kind"]:
        rows = rows.filter(kind=kind)
    if answer := exports.asked(request, rows, SYSTEMS, "outils-nommes", title=_("Outils et dispositifs nommés")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "reference/systems.html", {"form": form, "page": page})


@open_to_all
def system(request: Request, pk: int) -> HttpResponseBase:
    found = get_object_or_404(NamedSystem.objects.visible_to(request.user), pk=pk)
    moment = moment_of(request)
    context = {"system": found, "statements": statements_about("system", found.pk, moment=moment, viewer=request.user)}
    return render(request, "reference/system.html", context)


@open_to_all
def rules(request: Request) -> HttpResponseBase:
    form = RuleFilter(request.GET)
    form.full_clean()
    rows = Rule.objects.visible_to(request.user).select_related("framework", "item")
    if words := form.cleaned_data["q"]:
        rows = rows.filter(Q(label__icontains=words) | Q(framework__sort_key__contains=search_key(words)))
    if kind := form.cleaned_data["kind"]:
        rows = rows.filter(kind=kind)
    if answer := exports.asked(request, rows, RULES, "regles", title=_("Règles")):
        return answer
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "reference/rules.html", {"form": form, "page": page})
