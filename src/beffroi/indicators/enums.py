from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class IndicatorKind(TextChoices):
    CONTEXT = "context", _("contexte")
    IMPLEMENTATION = "implementation", _("mise en œuvre")
    OUTPUT = "output", _("réalisation")
    RESULT = "result", _("résultat")
    IMPACT = "impact", _("impact")


class Direction(TextChoices):
    UP = "up", _("plus c’est haut, mieux c’est")
    DOWN = "down", _("plus c’est bas, mieux c’est")
    NONE = "none", _("sans sens")


class Aggregation(TextChoices):
    SUM = "sum", _("somme")
    MEAN = "mean", _("moyenne")
    LAST = "last", _("dernière valeur")
    RATIO = "ratio", _("rapport")
    NONE = "none", _("ne s’agrège pas")


class PeriodMeaning(TextChoices):
    DURING = "during", _("pendant la période")
    SINCE_START = "since_start", _("cumulé depuis le début")
    AT_DATE = "at_date", _("à la date")
    UNSTATED = "unstated", _("non précisé par la source")


class Status(TextChoices):
    ACTUAL = "actual", _("constaté")
    TARGET = "target", _("objectif")
    MILESTONE = "milestone", _("jalon")
    BASELINE = "baseline", _("départ")
    FORECAST = "forecast", _("prévision")


class Progress(TextChoices):
    REACHED = "reached", _("atteint")
    BEHIND = "behind", _("en retard sur l’objectif")
    NO_RESULT = "no_result", _("aucun résultat")
    CANNOT_SAY = "cannot_say", _("on ne peut pas dire")


class Agreement(TextChoices):
    """What a printed total says of the sum of its parts."""

    AGREES = "agrees", _("concorde")
    DIFFERS = "differs", _("ne concorde pas")
    INCOMPLETE = "incomplete", _("des parties manquent")
    NOTHING_TO_COMPARE = "nothing", _("aucun total imprimé")


class Age(TextChoices):
    """How old the last known result is."""

    RECENT = "recent", _("moins d’un an")
    AGEING = "ageing", _("un à trois ans")
    OLD = "old", _("plus de trois ans")
    UNDATED = "undated", _("période inconnue")
    NEVER = "never", _("aucun résultat")
