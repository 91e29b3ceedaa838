from django.db import models
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.actors.models import Organisation
from beffroi.funding.models.envelopes import key_of
from beffroi.funding.models.programmes import Programme
from beffroi.provenance.models import Source


class SystemRow(Restricted):
    """What another management system says of one operation: compared with Beffroi's amounts, never added to them."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="system_rows")
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="system_rows")
    code = models.CharField(_("code de l’opération"), max_length=80)
    title = models.CharField(_("intitulé"), max_length=500, blank=True)
    fund = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+", verbose_name=_("fonds"))
    programmed_cents = models.BigIntegerField(_("programmé"), null=True)
    certified_cents = models.BigIntegerField(_("certifié"), null=True)
    paid_cents = models.BigIntegerField(_("payé"), null=True)
    row = models.IntegerField(_("ligne"))
    digest = models.CharField(max_length=32, unique=True, editable=False)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["programme", "code"]

    def __str__(self) -> str:
        return self.code

    @property
    def identity(self) -> str:
        return key_of("system", self.source_id, self.programme_id, self.code, self.fund_id)
