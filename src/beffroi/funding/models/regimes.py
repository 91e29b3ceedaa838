from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.funding.enums import Family, RegimeKind, Window


class AidRegime(models.Model):
    """Under which text an aid is given. A ceiling is a dated row: another ceiling is another row."""

    code = models.CharField(
        _("code"), max_length=40, unique=True, help_text=_("SA.12345, ou le numéro du règlement : 2023/2831.")
    )
    label = models.CharField(_("intitulé"), max_length=300)
    kind = models.CharField(_("nature"), max_length=10, choices=RegimeKind)
    legal_basis = models.CharField(_("base juridique"), max_length=300)
    start = models.DateField(_("s’applique du"), null=True, blank=True)
    end = models.DateField(_("au"), null=True, blank=True)
    ceiling_cents = models.BigIntegerField(_("plafond"), null=True, blank=True)
    family = models.CharField(_("plafond de"), max_length=12, choices=Family, default=Family.NONE)
    window = models.CharField(_("compté"), max_length=8, choices=Window, default=Window.NONE)
    years = models.PositiveSmallIntegerField(_("nombre d’années"), default=3)
    history = HistoricalRecords()

    class Meta:
        ordering = ["kind", "family", F("start").desc(nulls_last=True), "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__isnull=True) | Q(start__isnull=True) | Q(end__gte=F("start")),
                name="aid_regime_ends_after_it_starts",
                violation_error_message="La fin d’un régime ne précède pas son début.",
            ),
            models.CheckConstraint(
                condition=~Q(kind=RegimeKind.DE_MINIMIS)
                | (
                    Q(ceiling_cents__isnull=False, ceiling_cents__gt=0, start__isnull=False, years__gt=0)
                    & ~Q(family=Family.NONE)
                    & ~Q(window=Window.NONE)
                ),
                name="de_minimis_has_a_dated_ceiling",
                violation_error_message="Un régime de minimis a un plafond, une famille, un début et une durée de compte.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"

    @property
    def ceiling(self) -> Decimal | None:
        return None if self.ceiling_cents is None else Decimal(self.ceiling_cents) / 100
