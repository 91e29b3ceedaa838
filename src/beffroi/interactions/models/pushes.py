"""What a page, a device or an operator's own software sent, so that sent again it is the same."""

from django.db import models

from beffroi.accounts.models import ApiKey, Partner


class Push(models.Model):
    """One thing under the sender's own number. `digest` is that of what was sent: another content is another thing."""

    owner = models.ForeignKey(Partner, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    client_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    subject_id = models.BigIntegerField()
    key = models.ForeignKey(ApiKey, models.PROTECT, null=True, related_name="pushes")  # none: a page or a device
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "client_id"], name="push_once_per_operator")]

    def __str__(self) -> str:
        return f"{self.kind} {self.client_id}"
