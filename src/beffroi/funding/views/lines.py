from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, own_partner, requires
from beffroi.core.refusals import told_on
from beffroi.funding import actions
from beffroi.funding.forms import LineForm
from beffroi.funding.models import Application, Line, LineClaim, Operation
from beffroi.funding.queries.lines import funders, of_file, typed_claims
from beffroi.funding.views.keeping import form_page

ABOUT: dict[str, Any] = {
    "operations": Operation.objects.select_related("programme", "beneficiary"),
    "dossiers": Application.objects.select_related("programme", "operation", "applicant"),
}


@requires(Permission.EDIT_FILES)
def record_line(request: SignedInRequest, kind: str, pk: str) -> HttpResponse:
    """What any funder states of its own money: every institution that sees the file may say its amount."""
    about = get_object_or_404(ABOUT[kind].visible_to(request.user), pk=int(pk))
    lines = Line.objects.visible_to(request.user).filter(of_file(about)).select_related("fund").distinct()
    initial = {"stated_on": timezone.localdate(), "line": request.GET.get("line"), "stage": request.GET.get("stage")}
    form = LineForm(request.POST or None, viewer=request.user, lines=lines, initial=initial)
    if request.method == "POST" and form.is_valid():
        with told_on(form):
            said = {"owner": own_partner(request), "by": request.user, "at": timezone.now(), **form.said}
            actions.record_line(about, **said)
            messages.success(request, _("Le montant est enregistré à votre nom et à sa date."))
            return redirect(about)
    context = {"names": funders(viewer=request.user)[:300], "typed": typed_claims(about, viewer=request.user), "gain": GAIN}
    context["own"] = request.user.partner_ids
    return form_page(request, form, thing=about, title=_("Saisir un montant"), verb=_("Enregistrer le montant"), **context)


GAIN = _(
    "Le montant compte dès maintenant dans les totaux de son stade. S’il diffère de ce qu’un fichier dit de la même ligne, "
    "les deux se font face : le plus bas est certain, le plus haut est un plafond, rien n’est compté deux fois."
)


@require_POST
@requires(Permission.EDIT_FILES)
def withdraw_line(request: SignedInRequest, pk: int) -> HttpResponse:
    own = LineClaim.objects.current().filter(load=None, owner__in=request.user.partner_ids)
    own = own.filter(line__deliberation=None, line__instalment=None)  # those change with their agreement
    claim = get_object_or_404(own.select_related("line__operation", "line__application"), pk=pk)
    actions.withdraw_line_claim(claim, by=request.user, at=timezone.now())
    messages.success(request, _("Le montant est retiré ; il reste lisible à la date où il était connu."))
    return redirect(claim.line.application or claim.line.operation or "funding:files")
