"""Who asked to receive the dashboard of the activity by e-mail, and what left already."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import User
from beffroi.interactions.enums import Letter


class LetterSubscription(models.Model):
    user = models.ForeignKey(User, models.PROTECT, related_name="letters")
    letter = models.CharField(_("envoi"), max_length=10, choices=Letter)
    since = models.DateField(_("depuis"))

    class Meta:
        ordering = ["letter", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "letter"], name="letter_asked_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.letter}"


class LetterSent(models.Model):
    """At most one a person, letter and period: written with the mail, in one transaction."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    letter = models.CharField(max_length=10, choices=Letter)
    period = models.DateField()
    sent_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "letter", "period"], name="letter_sent_once")]

    def __str__(self) -> str:
        return f"{self.letter} · {self.period:%Y-%m}"
