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
    EDIT_FILES = "edit_files", _("tenir les appels, les dossiers et leurs montants")
    FREEZE_REPORT = "freeze_report", _("figer et signer une édition")
    KEEP_PROGRAMME = "keep_programme", _("tenir les enveloppes et la maquette d’un programme")
    EDIT_AGREEMENTS = "edit_agreements", _("tenir les conventions et les paiements")
    NOTE_ACTIVITY = "note_activity", _("noter visites, besoins, accompagnements et événements")
    MANAGE_USERS = "manage_users", _("gérer les comptes")
    READ_AUDIT = "read_audit", _("lire le journal des actes")
    KEEP_PRIVACY = "keep_privacy", _("répondre des données personnelles")


class RemovalBlocker(TextChoices):
    """Why an account or a role stays."""

    IS_SELF = "is_self", _("On ne ferme pas son propre compte : demandez à un autre administrateur.")
    LAST_ADMINISTRATOR = "last_administrator", _("C’est le dernier administrateur : nommez-en un autre d’abord.")


class Act(TextChoices):
    """The acts of this app in the audit trail; the other apps name theirs."""

    SIGNED_IN = "signed_in", _("connexion")
    SIGN_IN_FAILED = "sign_in_failed", _("connexion refusée")
    ACCOUNT_ADDED = "account_added", _("compte ouvert")
    ACCOUNT_CLOSED = "account_closed", _("compte fermé")
    ACCOUNT_REOPENED = "account_reopened", _("compte rouvert")
    ROLE_GIVEN = "role_given", _("rôle donné")
    ROLE_ENDED = "role_ended", _("rôle terminé")
    PASSWORD_CHANGED = "password_changed", _("mot de passe changé")
    SECOND_FACTOR_ADDED = "second_factor_added", _("second facteur activé")
    SECOND_FACTOR_REMOVED = "second_factor_removed", _("second facteur retiré")
    PERSON_ERASED = "person_erased", _("personne effacée à sa demande")
    PEOPLE_FORGOTTEN = "people_forgotten", _("personnes effacées après trois ans")
    KEY_MADE = "key_made", _("clé d’interface créée")
    KEY_REVOKED = "key_revoked", _("clé d’interface révoquée")


class Reading(TextChoices):
    """What was read or taken away and that the person in charge of personal data may ask about."""

    CONTACTS_READ = "contacts_read", _("contacts lus")
    HOLDERS_READ = "holders_read", _("porteurs de projet lus")
    EXPORTED = "exported", _("fichier emporté")
    CRISIS_READ = "crisis_read", _("cellule de crise lue")
    CRISIS_EXPORTED = "crisis_exported", _("cellule de crise emportée")
    PERSON_SEARCHED = "person_searched", _("personne recherchée")
    PERSON_EXPORTED = "person_exported", _("données d’une personne remises")
