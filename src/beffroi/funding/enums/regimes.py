from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RegimeKind(TextChoices):
    DE_MINIMIS = "de_minimis", _("de minimis")
    EXEMPTED = "exempted", _("exempté de notification")
    NOTIFIED = "notified", _("notifié")
    NO_AID = "no_aid", _("hors aide d’État")


class Family(TextChoices):
    """Which aids add up under one ceiling of de minimis."""

    GENERAL = "general", _("général")
    SERVICES = "services", _("services d’intérêt économique général")
    AGRICULTURE = "agriculture", _("production agricole")
    FISHERIES = "fisheries", _("pêche et aquaculture")
    NONE = "none", _("sans objet")


class Window(TextChoices):
    """Over which years a ceiling counts."""

    ROLLING = "rolling", _("sur des années glissantes, de date à date")
    FISCAL = "fiscal", _("sur l’exercice en cours et ceux d’avant")
    NONE = "none", _("sans durée")


class RegimeAct(TextChoices):
    SAVED = "aid_regime_saved", _("régime d’aide saisi ou modifié")
    GIVEN = "aid_regime_given", _("régime d’aide donné à une opération")


class Answer(TextChoices):
    """Whether a new aid holds under the ceiling, from what is known here."""

    YES = "yes", _("sous le plafond, d’après ce qui est connu ici")
    NO = "no", _("au-dessus du plafond")
    CANNOT_SAY = "cannot_say", _("on ne peut pas dire : des aides connues n’ont pas de date")
