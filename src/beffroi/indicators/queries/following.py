"""The indicators that a person follows, with their last value."""

from django.db.models import Q

from beffroi.accounts.models import AnyUser
from beffroi.indicators.models import FollowedIndicator, Indicator
from beffroi.indicators.queries.listing import IndicatorRow, indicator_rows
from beffroi.provenance.queries import Moment


def is_followed(indicator: Indicator, user: AnyUser) -> bool:
    return user.is_authenticated and FollowedIndicator.objects.filter(user=user, indicator=indicator).exists()


def followed_rows(user: AnyUser, *, moment: Moment, limit: int) -> list[IndicatorRow]:
    """Those that this person may still see, the last followed first."""
    if not user.is_authenticated:
        return []
    seen = Indicator.objects.visible_to(user).filter(followers__user=user).order_by("-followers__at", "pk")
    return indicator_rows(list(seen.select_related("framework", "item")[:limit]), Q(), moment=moment, viewer=user)
