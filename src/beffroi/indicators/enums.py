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
