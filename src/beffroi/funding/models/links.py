from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from beffroi.accounts.models import AnyUser, User
from beffroi.core.models import believed_at
from beffroi.funding.enums import LinkState
from beffroi.funding.models.money import Line
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment


class LineLinkQuerySet(models.QuerySet["LineLink"]):
    def visible_to(self, user: AnyUser) -> Self:
        """A link shows only to those who may see both lines."""
        seen = Line.objects.visible_to(user).order_by()
        return self.filter(Exists(seen.filter(pk=OuterRef("one"))), Exists(seen.filter(pk=OuterRef("other"))))

    def known_at(self, moment: Moment) -> Self:
        return self.filter(believed_at(moment.known_on))

    def current(self) -> Self:
        return self.filter(recorded_to__isnull=True)


class LineLink(models.Model):
    """Two lines that could be the same money, told by different sources. A decision closes the row and opens another: what was
    believed on any day is kept, and can be decided again."""

    one = models.ForeignKey(Line, models.CASCADE, related_name="links_out")
    other = models.ForeignKey(Line, models.CASCADE, related_name="links_in")
    state = models.CharField(max_length=8, choices=LinkState, default=LinkState.PROPOSED)
    rule = models.CharField(max_length=80, blank=True)
    score = models.FloatField(null=True)
    arguments = models.JSONField(default=list)
    load = models.ForeignKey(Load, models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)
    objects = LineLinkQuerySet.as_manager()

    class Meta:
        ordering = [F("score").desc(nulls_last=True), "pk"]
        indexes = [models.Index(fields=["state"])]
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other"], condition=Q(recorded_to__isnull=True), name="line_link_once_at_a_time"
            ),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="line_link_in_one_direction"),
            models.CheckConstraint(
                condition=Q(state=LinkState.PROPOSED) | ~Q(rule="") | (Q(by__isnull=False) & ~Q(reason="")),
                name="line_link_decided_by_a_rule_or_a_person",
                violation_error_message="Un rapprochement est décidé par une règle, ou par une personne avec sa raison.",
            ),
            models.CheckConstraint(condition=Q(score__isnull=True) | Q(score__range=(0, 1)), name="line_link_score_is_a_share"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} = {self.other_id}"

    @property
    def pros(self) -> list[str]:
        return [row["text"] for row in self.arguments if row["is_for"]]

    @property
    def cons(self) -> list[str]:
        return [row["text"] for row in self.arguments if not row["is_for"]]
