from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from beffroi.accounts.roles import SignedInRequest, signed_in
from beffroi.indicators import actions
from beffroi.indicators.models import Indicator


@require_POST
@signed_in
def follow(request: SignedInRequest, pk: int) -> HttpResponse:
    indicator = get_object_or_404(Indicator.objects.visible_to(request.user), pk=pk)
    return redirect(actions.follow_indicator(indicator, by=request.user).indicator)


@require_POST
@signed_in
def unfollow(request: SignedInRequest, pk: int) -> HttpResponse:
    indicator = get_object_or_404(Indicator.objects.visible_to(request.user), pk=pk)
    return redirect(actions.unfollow_indicator(indicator, by=request.user))
