from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PrintedState(TextChoices):
    """What the lines say of a printed total."""

    BALANCED = "balanced", _("égal à ses lignes")
    ROUNDING = "rounding", _("arrondi possible")
    DIFFERS = "differs", _("écart")
    PARTIAL = "partial", _("détaillé en partie")
    PART = "part", _("part d’un total")
    NOTHING_TO_COMPARE = "nothing_to_compare", _("rien à comparer")
