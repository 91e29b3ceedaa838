from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import Restricted, RestrictedQuerySet, User
from beffroi.funding.models.operations import Operation
from beffroi.reference.models import Item


class OperationLabel(Restricted):
    """An area of which an institution said that the operation is, after its title and description: it carries no money.
    `basis`: what proposed it, with the edition of the vocabulary."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="labels")
    item = models.ForeignKey(Item, models.PROTECT, related_name="labelled_operations")
    confidence = models.FloatField(_("confiance"))
    basis = models.CharField(_("d’après"), max_length=700, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["operation", "-confidence", "item"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "item", "owner"], name="operation_label_once_per_institution"),
            models.CheckConstraint(condition=Q(owner__isnull=False), name="operation_label_of_somebody"),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1), name="operation_label_confidence_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation} · {self.item}"
