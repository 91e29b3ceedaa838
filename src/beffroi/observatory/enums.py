from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LabelState(TextChoices):
    PROPOSED = "proposed", _("proposé")
    ACCEPTED = "accepted", _("accepté")
    REFUSED = "refused", _("refusé")


class LabelSource(TextChoices):
    """What made a label: terms of the vocabulary, what confirmed texts teach, nothing of either, a person."""

    VOCABULARY = "vocabulary", _("vocabulaire")
    STATISTICS = "statistics", _("appris")
    NONE = "none", _("aucun signe")
    HUMAN = "human", _("une personne")
