from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VersionKind(TextChoices):
    INITIAL = "initial", _("initiale")
    AMENDED = "amended", _("avenant")
    MID_TERM = "mid_term", _("révision à mi-parcours")


class VersionState(TextChoices):
    PROPOSED = "proposed", _("proposée")
    IN_FORCE = "in_force", _("en vigueur")
    REPLACED = "replaced", _("remplacée")
    WITHDRAWN = "withdrawn", _("retirée")


class SandboxState(TextChoices):
    OPEN = "open", _("ouvert")
    PROPOSED = "proposed", _("proposé en avenant")
    CLOSED = "closed", _("refermé sans suite")


class Verdict(TextChoices):
    """What a rule's check answers: without the amounts it needs, it says that it cannot tell."""

    MET = "met", _("respectée")
    NOT_MET = "not_met", _("non respectée")
    CANNOT_SAY = "cannot_say", _("on ne peut pas dire")


class Cause(TextChoices):
    """Why another system's amount is not ours, as the data show it."""

    MISSING_HERE = "missing_here", _("absente de Beffroi")
    REJECTED = "rejected", _("ligne rejetée d’un chargement")
    MISSING_THERE = "missing_there", _("absente de leur fichier")
    UNKNOWN_HERE = "unknown_here", _("montant inconnu de Beffroi à ce stade")
    LATER = "later", _("montant daté après leur fichier")
    OTHER_STAGE = "other_stage", _("même montant à un autre stade")
    RIVAL = "rival", _("une autre source donne leur montant")
    ONE_LINE = "one_line", _("une de nos lignes fait l’écart")
    ROUNDED = "rounded", _("arrondi à l’euro")
    UNEXPLAINED = "unexplained", _("non expliquée par les données")


class Measure(TextChoices):
    """What the desk of a programme computes and a document may print."""

    FILES = "files", _("nombre de dossiers")
    PROGRAMMED = "programmed", _("montant programmé")
    PROGRAMMING_RATE = "programming_rate", _("taux de programmation")
    AVERAGE = "average", _("montant moyen d’un dossier")
