from typing import Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import User
from beffroi.core.models import believed_at
from beffroi.funding.enums import StepKind
from beffroi.funding.models.applications import Application
from beffroi.provenance.models import Load
from beffroi.provenance.queries import Moment

REASONED = (
    "postponed", "suspended", "refused", "withdrawn", "abandoned", "deprogrammed", "lapsed", "recovered",
)  # fmt: skip


class StepQuerySet(models.QuerySet["Step"]):
    def current(self) -> Self:
        return self.filter(recorded_to__isnull=True)

    def seen_at(self, moment: Moment) -> Self:
        """Reached on or before the day one looks from, as it was known then."""
        reached = Q(on__lte=moment.as_of) | Q(on__isnull=True) & (Q(stated_on__isnull=True) | Q(stated_on__lte=moment.as_of))
        return self.filter(believed_at(moment.known_on) & reached)

    def latest_first(self) -> Self:
        return self.order_by(Coalesce("on", "stated_on").desc(nulls_last=True), "-rank", "-pk")


class Step(models.Model):
    """A dated step of a file: by a person, or by a row of a load. A correction ends it and leaves it in the history.
    `on` is empty when nobody gives the day; `stated_on`: when the source said that the step had been reached."""

    application = models.ForeignKey(Application, models.CASCADE, related_name="steps")
    kind = models.CharField(_("étape"), max_length=16, choices=StepKind)
    rank = models.PositiveSmallIntegerField()
    on = models.DateField(_("date"), null=True)
    stated_on = models.DateField(null=True)
    who = models.CharField(_("par qui"), max_length=200, blank=True)
    number = models.CharField(_("numéro"), max_length=80, blank=True)
    comment = models.CharField(_("commentaire"), max_length=1000, blank=True)
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    load = models.ForeignKey(Load, models.PROTECT, null=True, related_name="+")
    row = models.IntegerField(null=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    recorded_from = models.DateTimeField()
    recorded_to = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["application", "rank", "pk"]
        indexes = [models.Index(fields=["application", "on"]), models.Index(fields=["kind"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(load__isnull=False, row__isnull=False) | Q(load__isnull=True, by__isnull=False, on__isnull=False),
                name="step_has_an_origin",
                violation_error_message="Une étape vient d’une ligne d’un fichier, ou d’une personne qui en donne la date.",
            ),
            models.CheckConstraint(
                condition=Q(load__isnull=False) | ~Q(kind__in=REASONED) | ~Q(reason=""),
                name="step_out_has_a_reason",
                violation_error_message="Un refus, un report ou un retrait se note avec sa raison.",
            ),
            models.CheckConstraint(
                condition=Q(load__isnull=False) | ~Q(kind="voted") | ~Q(number=""),
                name="step_vote_has_a_number",
                violation_error_message="Un vote se note avec le numéro de sa délibération.",
            ),
            models.CheckConstraint(
                condition=Q(recorded_to__isnull=False) | Q(ended_by__isnull=True),
                name="step_ended_by_somebody_at_a_time",
                violation_error_message="Une étape retirée l’est à une date.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
