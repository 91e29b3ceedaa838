"""Operations of the base taken to the observatory's desk of texts, and what people decided of them brought back."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from beffroi.accounts.roles import SignedInRequest, signed_in
from beffroi.core.refusals import told_on
from beffroi.funding import actions as money
from beffroi.observatory import actions
from beffroi.observatory.models import Portfolio
from beffroi.observatory.queries.portfolios import may_decide
from beffroi.publishing.forms import ClassifyOperationsForm
from beffroi.publishing.queries import labels_to_report, texts_of_operations


@signed_in
def classify_operations(request: SignedInRequest) -> HttpResponse:
    form = ClassifyOperationsForm(
        request.POST or None, viewer=request.user, initial={"programme": request.GET.get("programme")}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        texts, visibility = texts_of_operations(said["programme"], request.user)
        with told_on(form):
            portfolio = actions.open_portfolio(
                title=str(said["programme"] or _("Opérations de la base")), texts=texts, framework_code=said["framework"],
                by=request.user, origin=_("opérations de la base"), visibility=visibility,
            )  # fmt: skip
            return redirect(portfolio)
    return render(request, "publishing/classify_operations.html", {"form": form})


@require_POST
@signed_in
def label_operations(request: SignedInRequest, pk: int) -> HttpResponse:
    """What was accepted, written beside the operations of the list."""
    portfolio = get_object_or_404(Portfolio.objects.visible_to(request.user), pk=pk)
    if not may_decide(portfolio, request.user):
        raise PermissionDenied(_("Seule l’institution à qui est cette liste décide de ses textes."))
    found = labels_to_report(portfolio, request.user)
    done = money.label_operations(
        found.labels, operations=found.operations, items=found.items, owner=portfolio.owner, by=request.user
    )
    said = ngettext("%(n)d domaine est reporté sur les opérations.", "%(n)d domaines sont reportés sur les opérations.", done)
    messages.success(request, said % {"n": done})
    return redirect(portfolio)
