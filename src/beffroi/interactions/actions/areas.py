from collections.abc import Iterable

from django.db import transaction

from beffroi.accounts.models import User
from beffroi.interactions.models import WorkArea
from beffroi.reference.models import Item


@transaction.atomic
def choose_area(user: User, *, items: Iterable[Item], places: Iterable[Item]) -> WorkArea:
    """A person chooses for themselves; it changes what is proposed, never what may be seen."""
    area, _ = WorkArea.objects.get_or_create(user=user)
    area.items.set(items)
    area.places.set(places)
    return area
