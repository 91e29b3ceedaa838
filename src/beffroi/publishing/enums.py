from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignatureKind(TextChoices):
    SIGNED = "signed", _("signe")
    WITH_RESERVE = "with_reserve", _("signe avec réserve")
    RESERVE_ONLY = "reserve_only", _("publie une réserve sans signer")


class Act(TextChoices):
    """The acts of this app in the audit trail."""

    EDITION_FROZEN = "edition_frozen", _("édition figée")
    EDITION_SIGNED = "edition_signed", _("édition signée")
    TEXT_WRITTEN = "text_written", _("texte de rapport écrit")
    TEMPLATE_REPLACED = "template_replaced", _("modèle Word remplacé")
    TEMPLATE_RESTORED = "template_restored", _("modèle Word d’origine remis")


class MeetingKind(TextChoices):
    """The words of the sources for what happened on a date; another word is shown as it is."""

    ADOPTION = "adoption", _("adoption")
    ANALYSIS = "analysis", _("analyse")
    APPROVAL = "approval", _("approbation")
    AWARD = "award", _("attribution")
    CALL = "call", _("appel")
    COMITE_TECHNIQUE = "comite_technique", _("comité technique")
    CONSEIL_GOUVERNANCE = "conseil_gouvernance", _("conseil de gouvernance")
    CONSULTATION = "consultation", _("consultation")
    CREATION = "creation", _("création")
    DEADLINE = "deadline", _("échéance")
    DELIBERATION = "deliberation", _("délibération")
    EVALUATION = "evaluation", _("évaluation")
    EVENT = "event", _("événement")
    EXPERTISE = "expertise", _("expertise")
    INSTALLATION = "installation", _("installation")
    LABEL = "label", _("labellisation")
    LAUNCH = "launch", _("lancement")
    MANDATE = "mandate", _("mandat")
    MEETING = "meeting", _("réunion")
    MILESTONE = "milestone", _("étape")
    MISSION = "mission", _("mission")
    NEWSLETTER = "newsletter", _("lettre")
    OPINION = "opinion", _("avis")
    ORIGIN = "origin", _("origine")
    PLANNED = "planned", _("réunion annoncée")
    PREPARATION = "preparation", _("préparation")
    PRESENTATION = "presentation", _("présentation")
    PROMULGATION = "promulgation", _("promulgation")
    PROPOSAL = "proposal", _("proposition")
    PUBLICATION = "publication", _("publication")
    REGULATION = "regulation", _("règlement")
    RENEWAL = "renewal", _("renouvellement")
    REQUEST = "request", _("demande")
    SERIES = "series", _("série")
    SESSION = "session", _("séance")
    SIGNATURE = "signature", _("signature")
    START = "start", _("début")
    SUBMISSION = "submission", _("dépôt")
    SYNTHESIS = "synthesis", _("synthèse")
    VALIDATION = "validation", _("validation")
    VOTE = "vote", _("vote")
    WORKSHOP = "workshop", _("atelier")
