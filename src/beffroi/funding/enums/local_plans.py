from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PlanNotion(TextChoices):
    """What an amount of a local plan says; amounts of two notions are never added."""

    FORECAST = "forecast", _("prévu sur la durée du plan")
    YEARLY = "yearly", _("engagé pour une année")
    DONE = "done", _("engagé ou réalisé sur la durée du plan")


class PlanGap(TextChoices):
    """What the sheet of a local plan leaves unsaid."""

    NO_AMOUNT = "no_amount", _("aucun montant")
    NO_PERIOD = "no_period", _("période non écrite")
    ONE_SECTION = "one_section", _("une section sur deux")
