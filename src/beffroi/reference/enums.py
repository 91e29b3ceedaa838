from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FrameworkKind(TextChoices):
    STRATEGY = "strategy", _("stratégie")
    PROGRAMME = "programme", _("programme")
    CONTRACT = "contract", _("contrat")
    SCHEME = "scheme", _("schéma")
    FORESIGHT = "foresight", _("prospective")
    CLASSIFICATION = "classification", _("nomenclature")
    GEOGRAPHY = "geography", _("géographie")
    SEGMENTATION = "segmentation", _("segmentation")
    PLAN = "plan", _("plan local")


class Strength(TextChoices):
    FULL = "full", _("totale")
    PARTIAL = "partial", _("partielle")
    RELATED = "related", _("liée, sans montant")
    NONE = "none", _("aucune")


class SuccessionKind(TextChoices):
    RENAMED = "renamed", _("renommé")
    MERGED = "merged", _("fusionné")
    SPLIT = "split", _("scindé")
    REPLACED = "replaced", _("remplacé")


class RuleKind(TextChoices):
    ELIGIBILITY = "eligibility", _("éligibilité")
    COFINANCING = "cofinancing", _("cofinancement")
    SELECTION = "selection", _("sélection")
    GOVERNANCE = "governance", _("gouvernance")
    REPORTING = "reporting", _("compte rendu")
    DEADLINE = "deadline", _("délai")
    DATA = "data", _("données")


class SystemKind(TextChoices):
    PROCEDURE = "procedure", _("procédure")
    PROGRAMME = "programme", _("programme")
    METHOD = "method", _("méthode")
    SOFTWARE = "software", _("logiciel")
    NETWORK = "network", _("réseau")
    FUND = "fund", _("fonds")
    OBSERVATORY = "observatory", _("observatoire")
    REGISTER = "register", _("registre")
    DASHBOARD = "dashboard", _("tableau de bord")
