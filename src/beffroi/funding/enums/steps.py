"""The words of the life cycles of files and of the calls that they answer."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CallKind(TextChoices):
    OPEN_WINDOW = "open_window", _("guichet ouvert")
    EXPRESSION_OF_INTEREST = "expression_of_interest", _("appel à manifestation d’intérêt")
    CALL_FOR_PROJECTS = "call_for_projects", _("appel à projets")


class CriterionKind(TextChoices):
    ELIGIBILITY = "eligibility", _("éligibilité")
    SELECTION = "selection", _("sélection")


class Cycle(TextChoices):
    """Which life cycle a file follows: one for each type of programme."""

    ERDF = "erdf", _("FEDER et autres fonds européens")
    REGIONAL_AID = "regional_aid", _("aide régionale")
    CPER = "cper", _("contrat de plan État-Région")
    RD_PROJECT = "rd_project", _("projet de recherche et développement")


class StepKind(TextChoices):
    SUBMITTED = "submitted", _("déposé")
    COMPLETE = "complete", _("recevable")
    APPRAISED = "appraised", _("instruit")
    OPINIONS = "opinions", _("avis recueillis")
    PROGRAMMED = "programmed", _("programmé")
    VOTED = "voted", _("voté")
    CONTRACTUALISED = "contractualised", _("contractualisé")
    OPENED = "opened", _("ouvert pour l’année")
    LABELLED = "labelled", _("labellisé par un pôle")
    FUNDED = "funded", _("financé par un guichet")
    AGREED = "agreed", _("conventionné")
    COMMITTED = "committed", _("engagé")
    DECLARED = "declared", _("dépenses déclarées")
    VERIFIED = "verified", _("service fait")
    CERTIFIED = "certified", _("certifié")
    ADVANCE = "advance", _("avance versée")
    INSTALMENT = "instalment", _("acompte versé")
    BALANCE = "balance", _("solde versé")
    PAID = "paid", _("payé")
    CLOSED = "closed", _("clos")
    POSTPONED = "postponed", _("ajourné")
    SUSPENDED = "suspended", _("suspendu")
    REFUSED = "refused", _("refusé")
    WITHDRAWN = "withdrawn", _("retiré")
    ABANDONED = "abandoned", _("abandonné")
    DEPROGRAMMED = "deprogrammed", _("déprogrammé")
    LAPSED = "lapsed", _("caduc")
    RECOVERED = "recovered", _("recouvré")


class StepBlocker(TextChoices):
    """What is missing before a step can be recorded; the screen shows it, the action refuses with it."""

    NOT_IN_CYCLE = "not_in_cycle", _("Cette étape n’existe pas dans le cycle de vie du dossier.")
    NOT_NEXT = "not_next", _("Cette étape ne suit pas l’étape présente du dossier.")
    BEFORE_PREVIOUS = "before_previous", _("La date précède celle de l’étape d’avant.")
    AFTER_NEXT = "after_next", _("La date suit celle de l’étape d’après.")
    IN_THE_FUTURE = "in_the_future", _("La date est à venir : une étape se note quand elle a eu lieu.")
    NO_REASON = "no_reason", _("Il manque la raison : elle est due au porteur du dossier.")
    NO_NUMBER = "no_number", _("Il manque le numéro de la délibération.")


class FileBlocker(TextChoices):
    """What is missing before a file becomes an operation, or before one is received."""

    HAS_OPERATION = "has_operation", _("Ce dossier est déjà une opération.")
    NOT_DECIDED = "not_decided", _("Aucune décision favorable n’est notée : ni vote, ni programmation, ni financement.")
    IS_OUT = "is_out", _("Le dossier est sorti du circuit (refusé, retiré, abandonné, déprogrammé ou caduc).")
    NO_APPLICANT = "no_applicant", _("Il manque le demandeur : une organisation, ou un porteur de projet.")
    CALL_NOT_OPEN = "call_not_open", _("L’appel n’est pas encore ouvert à la date du dépôt.")
    CALL_CLOSED = "call_closed", _("L’appel était clos à la date du dépôt.")


class FundingAct(TextChoices):
    """The acts on calls and files in the audit trail."""

    CALL_OPENED = "call_opened", _("appel ouvert")
    CALL_CHANGED = "call_changed", _("appel modifié")
    APPLICATION_SUBMITTED = "application_submitted", _("dossier déposé")
    APPLICATION_CHANGED = "application_changed", _("dossier modifié")
    STEP_RECORDED = "step_recorded", _("étape notée")
    STEP_CORRECTED = "step_corrected", _("étape corrigée")
    STEP_REMOVED = "step_removed", _("étape retirée")
    BECAME_OPERATION = "application_became_operation", _("dossier devenu opération")
    LINE_RECORDED = "line_recorded", _("montant saisi")
    LINE_WITHDRAWN = "line_withdrawn", _("montant retiré")
