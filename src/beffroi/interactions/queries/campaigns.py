"""Prospecting lists: who is on them, and how far they are."""

from django.db.models import QuerySet

from beffroi.accounts.models import AnyUser
from beffroi.interactions.models import Campaign, Target


def invitable_campaigns(viewer: AnyUser) -> QuerySet[Campaign]:
    rows: QuerySet[Campaign] = Campaign.objects.visible_to(viewer).filter(frozen_on__isnull=False)
    return rows


def targets_of(campaign: Campaign, *, viewer: AnyUser) -> QuerySet[Target]:
    return campaign.targets.all()
