from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import SignedInRequest, may, signed_in
from beffroi.interactions import actions
from beffroi.interactions.forms.areas import WorkAreaForm
from beffroi.interactions.queries.areas import area_of, priority_areas
from beffroi.interactions.queries.week import week_of
from beffroi.interactions.rules.visits import usual_day


@signed_in
def week(request: SignedInRequest) -> HttpResponse:
    today = timezone.localdate()
    context = {
        "week": week_of(request.user, today=today),
        "today": today,
        "usual_day": usual_day(today),
        "directory": reverse("actors:directory"),
        "may_note": may(request.user, Permission.NOTE_ACTIVITY),
    }
    return render(request, "interactions/week.html", context)


@signed_in
def work_area(request: SignedInRequest) -> HttpResponse:
    area = area_of(request.user)
    initial = {"items": area.items, "places": area.places}
    form = WorkAreaForm(request.POST or None, items=priority_areas(request.user), initial=initial)
    if request.method == "POST" and form.is_valid():
        actions.choose_area(request.user, **form.cleaned_data)
        messages.success(request, _("Votre secteur est enregistré : « Ma semaine » en tient compte dès maintenant."))
        return redirect("interactions:week")
    return render(request, "interactions/work_area.html", {"form": form}, status=422 if form.errors else 200)
