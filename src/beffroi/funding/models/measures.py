from django.db import models
from django.utils.translation import gettext_lazy as _

from beffroi.funding.enums import Measure
from beffroi.funding.models.programmes import Programme
from beffroi.indicators.models import Indicator
from beffroi.reference.models import Item


class PrintedMeasure(models.Model):
    """Which stated value of an indicator prints what the desk of a programme computes: a person judged that they are about
    the same thing, so that both show side by side. Without item, the whole programme."""

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="printed_measures")
    measure = models.CharField(_("mesure"), max_length=16, choices=Measure)
    item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="printed_measures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="printed_measures")
    breakdown = models.CharField(_("ventilation"), max_length=500, blank=True)
    reason = models.CharField(_("raison"), max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["indicator", "breakdown", "measure"], name="printed_measure_once")]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} · {self.indicator}"
