"""How operators answer, and where nobody does."""

from django.http import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.roles import SignedInRequest, signed_in
from beffroi.core import exports
from beffroi.core.exports import Column, Type
from beffroi.core.figures import Figure
from beffroi.interactions.enums import ZONE_LEVELS, RefusalReason
from beffroi.interactions.forms.needs import CoverageFilter, PeriodFilter
from beffroi.interactions.queries import answers as queries
from beffroi.interactions.queries import coverage as covering
from beffroi.interactions.rules.needs import DELAYS
from beffroi.observatory.queries.results import Mapped

ANSWERS = (
    Column("operator", _("Opérateur"), value=lambda row: str(row.partner or _("Tous les opérateurs"))),
    Column("sent", _("Transmis"), Type.INTEGER),
    Column("waiting", _("Sans réponse"), Type.INTEGER),
    Column("days", _("Délai médian en jours"), Type.NUMBER, "", lambda row: row.delay.value),
    Column("in_3", _("Réponses en 3 jours"), Type.INTEGER, "", lambda row: row.within[0][0].count),
    Column("of_3", _("sur, en 3 jours"), Type.INTEGER, _("Ceux qui ont eu le temps."), lambda row: row.within[0][0].total),
    Column("in_5", _("Réponses en 5 jours"), Type.INTEGER, "", lambda row: row.within[1][0].count),
    Column("of_5", _("sur, en 5 jours"), Type.INTEGER, _("Ceux qui ont eu le temps."), lambda row: row.within[1][0].total),
    Column("taken_up", _("Pris en charge"), Type.INTEGER, "", lambda row: row.accepted[0].count),
    Column("answered", _("Ont reçu une réponse"), Type.INTEGER, "", lambda row: row.accepted[0].total),
)
GAPS = (
    Column("subject", _("Sujet"), value=lambda row: row.subject.label),
    Column("code", _("Code du territoire"), Type.CODE, "", lambda row: row.zone.code),
    Column("zone", _("Territoire"), value=lambda row: row.zone.label),
    Column("needs", _("Besoins en attente"), Type.INTEGER),
)


@signed_in
def answers(request: SignedInRequest) -> HttpResponseBase:
    form = PeriodFilter(request.GET)
    form.full_clean()
    asked = form.cleaned_data
    found = queries.referrals_between(request.user, asked.get("start"), asked.get("end"))
    rows = queries.answers(found, on=timezone.localdate())
    if answer := exports.asked(request, rows, ANSWERS, "reponses", title=_("Réponses aux besoins")):
        return answer
    context = {
        "form": form,
        "rows": rows,
        "delays": DELAYS,
        "refusals": queries.refusals(found),
        "reasons": list(RefusalReason),
    }
    return render(request, "interactions/answers.html", context)


@signed_in
def coverage(request: SignedInRequest) -> HttpResponseBase:
    form = CoverageFilter({"level": ZONE_LEVELS[0], **request.GET.dict()})
    form.full_clean()
    level, subject = form.cleaned_data.get("level") or ZONE_LEVELS[0], form.cleaned_data.get("subject")
    found = covering.covered(level, viewer=request.user, on=timezone.localdate())
    gaps = found.gaps
    if answer := exports.asked(request, gaps, GAPS, "sans-reponse", title=_("Là où personne ne répond")):
        return answer
    drawn: Mapped | None = found.map(subject, level) if subject and found.zones else None
    figures = [
        Figure(value=len(gaps), label=str(_("sujets sans service dans un territoire")), why=f"coverage:{level}"),
        Figure(value=len(found.services), label=str(_("services en cours"))),
    ]
    context = {"form": form, "found": found, "gaps": gaps, "drawn": drawn, "figures": figures}
    return render(request, "interactions/coverage.html", context)
