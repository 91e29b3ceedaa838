from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from beffroi.accounts.roles import SignedInRequest, open_to_all, signed_in
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.refusals import told_on
from beffroi.core.requests import Request, back_to
from beffroi.observatory import actions
from beffroi.observatory.enums import LabelState
from beffroi.observatory.forms.portfolios import CorrectionForm, PortfolioForm, TextFilter
from beffroi.observatory.models import Portfolio, PortfolioText, TextLabel
from beffroi.observatory.queries import portfolios
from beffroi.reference.models import Vocabulary
from beffroi.reference.queries.vocabularies import items_of

PAGE = 25
NONE = gettext_lazy("aucun domaine")
COLUMNS = (
    Column("key", gettext_lazy("Identifiant"), Type.CODE, "", lambda row: row[0].key),
    Column("title", gettext_lazy("Intitulé"), Type.TEXT, "", lambda row: row[0].title),
    Column("description", gettext_lazy("Description"), Type.TEXT, "", lambda row: row[0].description),
    Column("vocabulary", gettext_lazy("Vocabulaire"), Type.TEXT, "", lambda row: row[1].vocabulary.label),
    Column("label", gettext_lazy("Code du domaine"), Type.CODE, gettext_lazy("Vide : aucun."), lambda row: row[2].row.label),
    Column("name", gettext_lazy("Domaine"), Type.TEXT, "", lambda row: row[2].name),
    Column("confidence", gettext_lazy("Confiance"), Type.NUMBER, gettext_lazy("De 0 à 1."), lambda row: row[2].row.confidence),
    Column("source", gettext_lazy("Par"), Type.TEXT, "", lambda row: row[2].row.get_source_display()),
    Column(
        "terms", gettext_lazy("Termes"), Type.TEXT, gettext_lazy("Ceux qui ont fait le domaine."), lambda row: row[2].row.terms
    ),
    Column("edition", gettext_lazy("Édition du vocabulaire"), Type.INTEGER, "", lambda row: row[2].row.edition),
    Column("state", gettext_lazy("État"), Type.TEXT, "", lambda row: row[2].row.get_state_display()),
    Column("at", gettext_lazy("Décidé le"), Type.MOMENT, "", lambda row: row[2].row.at),
)


@open_to_all
def listed(request: Request) -> HttpResponse:
    rows = Portfolio.objects.visible_to(request.user).select_related("by", "owner")
    context = {"page": Paginator(rows, 50).get_page(request.GET.get("page")), "vocabularies": portfolios.all_vocabularies()}
    return render(request, "observatory/portfolios.html", context)


@signed_in
def add(request: SignedInRequest) -> HttpResponse:
    form = PortfolioForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with told_on(form):
            portfolio = actions.open_portfolio(
                title=said["title"], texts=form.read.texts, framework_code=said["framework"], by=request.user,
                origin=said["file"].name if said["file"] else _("texte collé"), visibility=said["visibility"],
            )  # fmt: skip
            tell_left_out(request, form.read.left_out)
            return redirect(portfolio)
    return render(request, "observatory/portfolio_form.html", {"form": form})


def tell_left_out(request: Request, rows: list[int]) -> None:
    if rows:
        said = ngettext(
            "%(n)d ligne sans intitulé ni description est laissée de côté : %(rows)s.",
            "%(n)d lignes sans intitulé ni description sont laissées de côté : %(rows)s.",
            len(rows),
        )
        shown = ", ".join(map(str, rows[:10])) + ("…" if len(rows) > 10 else "")
        messages.warning(request, said % {"n": len(rows), "rows": shown})


@open_to_all
def portfolio(request: Request, pk: int) -> HttpResponseBase:
    found = get_object_or_404(Portfolio.objects.visible_to(request.user).select_related("by", "owner"), pk=pk)
    vocabularies = portfolios.vocabularies_of(found.framework_code)
    names = portfolios.names_of(vocabularies, request.user)
    form = TextFilter(request.GET, names=names)
    texts = portfolios.asked_texts(found, **form.asked())
    if request.GET.get("format"):
        rows = portfolios.classed(list(texts), vocabularies, names, str(NONE))
        if answer := exports.asked(request, flat(rows), COLUMNS, f"portefeuille-{found.pk}", title=found.title):
            return answer
    context: dict[str, Any] = {"portfolio": found, "form": form, "vocabularies": vocabularies}
    context |= shown_page(request, found, texts, names)
    return render(request, "observatory/portfolio.html", context)


def shown_page(request: Request, found: Portfolio, texts: QuerySet[PortfolioText], names: dict[str, str]) -> dict[str, Any]:
    page = Paginator(texts, PAGE).get_page(request.GET.get("page"))
    vocabularies = portfolios.vocabularies_of(found.framework_code)
    return {
        "page": page,
        "rows": portfolios.classed(list(page.object_list), vocabularies, names, str(NONE)),
        "tallies": portfolios.tallies(found, vocabularies, names, str(NONE)),
        "verdict": portfolios.verdict(found),
        "may_decide": portfolios.may_decide(found, request.user),
        "has_operations": found.texts.filter(operation__isnull=False).exists(),
    }


def flat(rows: list[portfolios.Classed]) -> Iterator[tuple[Any, ...]]:
    return ((row.text, family, label) for row in rows for family in row.families for label in family.labels)


def own_portfolio(request: SignedInRequest, pk: int) -> Portfolio:
    found: Portfolio = get_object_or_404(Portfolio.objects.visible_to(request.user), pk=pk)
    if not portfolios.may_decide(found, request.user):
        raise PermissionDenied(_("Seule l’institution à qui est cette liste décide de ses textes."))
    return found


@require_POST
@signed_in
def decide(request: SignedInRequest, pk: int) -> HttpResponse:
    """The labels that are ticked, or all those proposed to the texts that the filter shows."""
    found = own_portfolio(request, pk)
    state = LabelState(request.POST["state"]) if request.POST.get("state") in LabelState.values else LabelState.ACCEPTED
    rows = TextLabel.objects.filter(text__portfolio=found)
    if request.POST.get("all"):
        form = TextFilter(
            request.POST, names=portfolios.names_of(portfolios.vocabularies_of(found.framework_code), request.user)
        )
        rows = portfolios.proposed_labels(found, **form.asked())
    else:
        rows = rows.filter(pk__in=[int(one) for one in request.POST.getlist("label_pk") if one.isdecimal()])
    done = actions.decide_labels(rows, state=state, by=request.user)
    messages.success(request, ngettext("%(n)d domaine décidé.", "%(n)d domaines décidés.", done) % {"n": done})
    return redirect(back_to(request, found.get_absolute_url()))


@require_POST
@signed_in
def classify(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own_portfolio(request, pk)
    count = actions.classify_portfolio(found, by=request.user)
    messages.success(request, _("Classé de nouveau : %(n)d domaines sont proposés ; ce qui était décidé reste.") % {"n": count})
    return redirect(found)


@require_POST
@signed_in
def remove(request: SignedInRequest, pk: int) -> HttpResponse:
    found = own_portfolio(request, pk)
    actions.remove_portfolio(found, by=request.user)
    messages.success(request, _("La liste « %(title)s » est retirée, avec ses décisions.") % {"title": found.title})
    return redirect("observatory:portfolios")


@signed_in
def text(request: SignedInRequest, pk: int) -> HttpResponse:
    """One text, and the areas that a person says it has."""
    rows = PortfolioText.objects.filter(portfolio__in=Portfolio.objects.visible_to(request.user)).select_related("portfolio")
    one = get_object_or_404(rows, pk=pk)
    vocabularies = portfolios.vocabularies_of(one.portfolio.framework_code)
    forms = correction_forms(request, one, vocabularies)
    if request.method == "POST" and all(form.is_valid() for form in forms):
        own_portfolio(request, one.portfolio_id)
        for form in forms:
            actions.correct_text(one, form.vocabulary, labels=form.cleaned_data["labels"], by=request.user)
        return redirect(f"{one.portfolio.get_absolute_url()}#texte-{one.pk}")
    names = portfolios.names_of(vocabularies, request.user)
    (row,) = portfolios.classed([one], vocabularies, names, str(NONE))
    context = {"row": row, "forms": forms, "may_decide": portfolios.may_decide(one.portfolio, request.user)}
    return render(request, "observatory/portfolio_text.html", context)


def correction_forms(request: SignedInRequest, text: PortfolioText, vocabularies: list[Vocabulary]) -> list[CorrectionForm]:
    said = portfolios.kept_labels(text)
    return [
        CorrectionForm(
            request.POST or None,
            vocabulary=vocabulary,
            items=items_of(vocabulary, request.user),
            kept=said.get(vocabulary.pk, set()),
        )
        for vocabulary in vocabularies
    ]
