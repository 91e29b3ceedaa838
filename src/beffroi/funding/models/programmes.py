from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet
from beffroi.reference.models import Framework


class Programme(Restricted):
    """A framework that carries money."""

    framework = models.OneToOneField(Framework, models.PROTECT, related_name="programme")
    caveat = models.CharField(_("réserve"), max_length=500, blank=True)
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["framework__sort_key"]

    def __str__(self) -> str:
        return str(self.framework)

    def get_absolute_url(self) -> str:
        return reverse("publishing:programme", args=[self.framework.code])
