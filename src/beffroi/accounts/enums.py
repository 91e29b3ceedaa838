from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Visibility(IntegerChoices):
    """From the widest to the narrowest: a row is never shown wider than its level."""

    PUBLIC = 0, _("public")
    PARTNERS = 1, _("partenaires")
    BODIES = 2, _("instances nommées")
    OWNER = 3, _("propriétaire seul")


class Role(TextChoices):
    DEVELOPER = "developer", _("chargé de développement")
    BUREAU_HEAD = "bureau_head", _("responsable de bureau de DAS")
    PROGRAMME_OFFICER = "programme_officer", _("chargé de programme")
    ELECTED = "elected", _("élu")
    ANALYST = "analyst", _("chargé de prospective ou d’analyse")
    FUNDER_OFFICER = "funder_officer", _("chargé de suivi d’un financeur")
    ADMINISTRATOR = "administrator", _("administrateur")


class Permission(TextChoices):
    IMPORT_DATA = "import_data", _("charger des données")
    SETTLE = "settle", _("régler une contradiction ou une anomalie")
    EDIT_REFERENCE = "edit_reference", _("corriger nomenclatures et correspondances")
    WRITE_REPORT = "write_report", _("écrire les textes d’un rapport")
    FREEZE_REPORT = "freeze_report", _("figer et signer une édition")
    MANAGE_USERS = "manage_users", _("gérer les comptes")
    READ_AUDIT = "read_audit", _("lire le journal des actes")
