from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, User
from beffroi.actors.enums import SameAsState
from beffroi.actors.models.organisations import Organisation
from beffroi.provenance.models import Load


class SameAsQuerySet(models.QuerySet["SameAs"]):
    def visible_to(self, user: AnyUser) -> Self:
        """A pair shows only to those who may see both records."""
        seen = Organisation.objects.visible_to(user).order_by()
        return self.filter(Exists(seen.filter(pk=OuterRef("one"))), Exists(seen.filter(pk=OuterRef("other"))))

    def accepted(self) -> Self:
        return self.filter(state=SameAsState.ACCEPTED)


class SameAs(models.Model):
    """Two records of one organisation: proposed with its evidence, accepted or refused by a rule or a person, undoable."""

    one = models.ForeignKey(Organisation, models.CASCADE, related_name="same_as_out")
    other = models.ForeignKey(Organisation, models.CASCADE, related_name="same_as_in")
    state = models.CharField(max_length=8, choices=SameAsState, default=SameAsState.PROPOSED)
    rule = models.CharField(max_length=80, blank=True)
    evidence = models.CharField(_("indices"), max_length=500)
    score = models.FloatField(null=True)
    arguments = models.JSONField(default=list)
    load = models.ForeignKey(Load, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    objects = SameAsQuerySet.as_manager()

    class Meta:
        ordering = ["one__sort_key", "pk"]
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="same_as_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="same_as_in_one_direction"),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__range=(0, 1)), name="same_as_score_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.one} = {self.other}"
