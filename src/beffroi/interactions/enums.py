from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class VisitState(TextChoices):
    PLANNED = "planned", _("prévue")
    DONE = "done", _("faite")
    CANCELLED = "cancelled", _("annulée")


# The life of a visit; one that took place is corrected, never planned again
NEXT_VISIT: dict[VisitState, set[VisitState]] = {
    VisitState.PLANNED: {VisitState.DONE, VisitState.CANCELLED},
    VisitState.DONE: {VisitState.CANCELLED},
    VisitState.CANCELLED: {VisitState.PLANNED},
}


class VisitBlocker(TextChoices):
    """Why a visit is not kept as it was said."""

    IN_THE_FUTURE = (
        "in_the_future",
        _("Une visite faite ne l’est pas un jour à venir : corrigez la date, ou dites qu’elle est prévue."),
    )
    OUT_OF_TIME = "out_of_time", _("Les dates vont de 1900 à 2200 : corrigez l’année.")
    RESERVED_TOO_LONG = (
        "reserved_too_long",
        _("Un prospect se réserve 30 jours au plus à partir du jour où sa visite est notée : choisissez une date plus proche."),
    )
    RESERVED_IN_THE_PAST = (
        "reserved_in_the_past",
        _("La réservation d’un prospect finit un jour à venir : choisissez une autre date, ou aucune."),
    )
    ALREADY_NOTED = (
        "already_noted",
        _("Cette visite prévue a déjà été notée ou annulée : votre saisie est gardée, envoyez-la comme une autre visite."),
    )
    NO_SUCH_STEP = "no_such_step", _("Cette visite ne peut plus changer ainsi : rouvrez sa page pour voir où elle en est.")


class ConsentPurpose(TextChoices):
    """What a company may say yes to on the day it is seen."""

    PASS_ON = "pass_on", _("que ses besoins soient transmis à d’autres opérateurs")
    CALL_BACK = "call_back", _("être recontactée")
    FILE = "file", _("qu’un dossier soit préparé en son nom")


class ReplyOutcome(TextChoices):
    """What became of a mail that answered the request for a visit's note."""

    KEPT = "kept", _("gardée")
    UNKNOWN_ADDRESS = "unknown_address", _("Cette adresse de réponse n’est celle d’aucune visite prévue.")
    OTHER_SENDER = "other_sender", _("Seule la personne qui a prévu la visite y répond, depuis l’adresse de son compte.")
    NO_TEXT = "no_text", _("La réponse ne contient aucun texte au-dessus du message cité.")
    AUTOMATIC = "automatic", _("réponse automatique, laissée de côté")
    CANCELLED = "cancelled", _("Cette visite a été annulée : rien n’y a été ajouté.")
    UNREADABLE = "unreadable", _("Ce courriel n’a pas pu être lu : répondez en texte simple.")


class VisitMeans(TextChoices):
    ON_SITE = "on_site", _("sur place")
    OFFICE = "office", _("dans nos locaux")
    CALL = "call", _("par téléphone")
    VIDEO = "video", _("en visioconférence")


class Potential(TextChoices):
    """What the visitor thinks that the company can become; a judgement, of its date and of its author."""

    HIGH = "high", _("fort")
    MIDDLE = "middle", _("moyen")
    LOW = "low", _("faible")


class Maturity(IntegerChoices):
    """How far a company is on its green or its digital transition."""

    NONE = 0, _("rien d’engagé")
    AWARE = 1, _("sensibilisée")
    STARTED = 2, _("premières actions")
    PLANNED = 3, _("plan d’action")
    ADVANCED = 4, _("avancée")


class ReferralState(TextChoices):
    WAITING = "waiting", _("en attente de réponse")
    TAKEN_UP = "taken_up", _("prise en charge")
    REFUSED = "refused", _("refusée")
    CLOSED = "closed", _("close, avec un résultat")
    WITHDRAWN = "withdrawn", _("retirée par l’émetteur")


class RefusalReason(TextChoices):
    OUT_OF_SCOPE = "out_of_scope", _("hors de notre métier")
    OUT_OF_ZONE = "out_of_zone", _("hors de notre territoire")
    NO_CAPACITY = "no_capacity", _("plus de disponibilité")
    NOT_ELIGIBLE = "not_eligible", _("entreprise non éligible")
    NO_ANSWER = "no_answer", _("entreprise injoignable")
    ALREADY_DONE = "already_done", _("déjà traité")
    OTHER = "other", _("autre raison")


class NeedResult(TextChoices):
    SOLVED = "solved", _("besoin satisfait")
    PARTLY = "partly", _("satisfait en partie")
    NOT_SOLVED = "not_solved", _("non satisfait")
    GIVEN_UP = "given_up", _("abandonné par l’entreprise")


class NeedSide(TextChoices):
    """Of which needs one speaks: those that one's institution wrote, or those that were sent to it."""

    SENT = "sent", _("ce que nous transmettons")
    RECEIVED = "received", _("ce que nous recevons")


class NeedBlocker(TextChoices):
    """What is missing before a need is sent, answered or closed."""

    NO_CONSENT = "no_consent", _("L’entreprise n’a pas dit qu’elle est d’accord : demandez-le-lui, puis datez son accord.")
    LATE_CONSENT = "late_consent", _("L’accord de l’entreprise ne vient pas après l’envoi : corrigez sa date.")
    CLOSED = "closed", _("Ce besoin est clos : il ne s’envoie plus.")
    ALREADY_SENT = "already_sent", _("Ce besoin est déjà entre les mains de cet opérateur.")
    NOT_NEXT = "not_next", _("Quelqu’un a déjà répondu, ou l’envoi a été retiré : la page montre où il en est.")
    NO_REASON = "no_reason", _("Un refus se motive : choisissez un motif.")
    NO_RESULT = "no_result", _("Choisissez le résultat.")
    STILL_OPEN = "still_open", _("Un opérateur a encore ce besoin en main : attendez sa réponse ou retirez l’envoi.")
    BEFORE_IT_OPENED = "before_it_opened", _("La date précède le jour où le besoin a été exprimé.")
    BEFORE_IT_WAS_SENT = "before_it_was_sent", _("La date précède l’envoi ou la prise en charge.")


class SupportState(TextChoices):
    OPEN = "open", _("en cours")
    CLOSED = "closed", _("terminé")
    STOPPED = "stopped", _("interrompu")


class SupportStepKind(TextChoices):
    """The steps of an accompaniment; the path of project holders (STARTER) uses them all, in this order."""

    RECEPTION = "reception", _("accueil")
    HOURS = "hours", _("accompagnement")
    CREATED = "created", _("création de l’entreprise")
    FOLLOW_UP = "follow_up", _("suivi après création")
    SURVIVAL_1 = "survival_1", _("en vie à un an")
    SURVIVAL_3 = "survival_3", _("en vie à trois ans")
    ENDED = "ended", _("cessation")
    TRANSMITTED = "transmitted", _("transmission")


class SupportBlocker(TextChoices):
    """What forbids a step of an accompaniment, or its end."""

    IS_OVER = "is_over", _("Cet accompagnement est terminé : rouvrez-en un autre pour continuer.")
    NOT_NEXT = "not_next", _("Cette étape ne suit pas la dernière qui est notée.")
    ALREADY_DONE = "already_done", _("Cette étape n’a lieu qu’une fois, et elle est déjà notée.")
    TOO_SOON = "too_soon", _("L’entreprise n’a pas encore cet âge à cette date.")
    BEFORE_LAST = "before_last", _("La date précède celle de la dernière étape notée, ou le début de l’accompagnement.")
    NO_MINUTES = "no_minutes", _("Donnez la durée : c’est elle qui compte les heures.")
    NO_BONUS_HERE = "no_bonus_here", _("Une prime se verse pour une entreprise en vie à un an ou à trois ans.")
    NOT_YOUR_HOLDER = (
        "not_your_holder",
        _("Ce porteur de projet est suivi par une autre institution : c’est à elle de dire qu’il a créé son entreprise."),
    )
    ENDS_BEFORE = "ends_before", _("La fin précède le début ou la dernière étape.")


class OfferKind(TextChoices):
    """What a company says that it can bring to others near it."""

    SKILL = "skill", _("savoir-faire")
    PRODUCT = "product", _("produit")
    SERVICE = "service", _("prestation")
    CAPACITY = "capacity", _("capacité disponible")
    WANTED = "wanted", _("recherche")


class SupportResultKind(TextChoices):
    COMPANY_CREATED = "company_created", _("entreprise créée")
    JOBS_CREATED = "jobs_created", _("emplois créés")
    JOBS_KEPT = "jobs_kept", _("emplois maintenus")
    PROJECT_FUNDED = "project_funded", _("projet financé")
    PARTNERSHIP = "partnership", _("partenariat noué")
    OTHER = "other", _("autre résultat")


class EventState(TextChoices):
    DRAFT = "draft", _("en préparation")
    ANNOUNCED = "announced", _("annoncé")
    HELD = "held", _("tenu")
    CANCELLED = "cancelled", _("annulé")


NEXT_EVENT: dict[EventState, set[EventState]] = {
    EventState.DRAFT: {EventState.ANNOUNCED, EventState.CANCELLED},
    EventState.ANNOUNCED: {EventState.HELD, EventState.CANCELLED},
    EventState.HELD: set(),
    EventState.CANCELLED: {EventState.DRAFT},
}


class Closeness(TextChoices):
    """Why two events are worth a word between those who organise them."""

    CLASH = "clash", _("le même public, les mêmes jours")
    REPEAT = "repeat", _("le même sujet, à peu de semaines")


class CloseReason(TextChoices):
    SAME_DAYS = "same_days", _("mêmes jours")
    NEAR_DAYS = "near_days", _("à moins de trois semaines")
    SAME_AREA = "same_area", _("même domaine")
    SAME_WORDS = "same_words", _("sujet proche")
    SAME_ZONE = "same_zone", _("même territoire")
    ZONE_UNKNOWN = "zone_unknown", _("lieu non précisé")


class FollowUp(TextChoices):
    """What became of a company that was flagged at an event (S3, 3.5: share of flagged companies visited after)."""

    VISITED = "visited", _("visitée dans le délai")
    LATE = "late", _("visitée après le délai")
    NOT_VISITED = "not_visited", _("non visitée, délai passé")
    EARLY = "early", _("visitée, délai en cours")
    NOT_YET = "not_yet", _("délai en cours")
    UNKNOWN = "unknown", _("présence non notée")


class ParticipationState(TextChoices):
    INVITED = "invited", _("invitée")
    REGISTERED = "registered", _("inscrite")
    ATTENDED = "attended", _("présente")
    ABSENT = "absent", _("absente")
    DECLINED = "declined", _("a décliné")


class TargetState(TextChoices):
    TO_SEE = "to_see", _("à contacter")
    CALLED = "called", _("contactée")
    PLANNED = "planned", _("visite prévue")
    SEEN = "seen", _("visitée")
    REFUSED = "refused", _("ne souhaite pas")
    DROPPED = "dropped", _("écartée")


WAITING_TARGETS = (TargetState.TO_SEE, TargetState.CALLED, TargetState.PLANNED)
NEXT_TARGET: dict[TargetState, set[TargetState]] = {
    TargetState.TO_SEE: {TargetState.CALLED, TargetState.PLANNED, TargetState.SEEN, TargetState.REFUSED, TargetState.DROPPED},
    TargetState.CALLED: {TargetState.PLANNED, TargetState.SEEN, TargetState.REFUSED, TargetState.DROPPED},
    TargetState.PLANNED: {TargetState.CALLED, TargetState.SEEN, TargetState.REFUSED, TargetState.DROPPED},
    TargetState.SEEN: set(),
    TargetState.REFUSED: {TargetState.CALLED, TargetState.DROPPED},
    TargetState.DROPPED: {TargetState.TO_SEE},
}


class CrisisCause(TextChoices):
    """Of the ad hoc financial unit of 2009 (SRDE)."""

    ANTICIPATION = "anticipation", _("en anticipation")
    STRUCTURAL = "structural", _("urgence structurelle")
    CYCLICAL = "cyclical", _("urgence conjoncturelle")


class WayOut(TextChoices):
    POSITIVE = "positive", _("sortie positive a priori")
    TAKEN_OVER = "taken_over", _("reprise")
    PROCEDURE = "procedure", _("procédure collective")
    CLOSED = "closed", _("fermeture")
    LEFT = "left", _("sortie de la cellule sans suite connue")


class CrisisBlocker(TextChoices):
    """Why a member of a cell stays, or a case does."""

    LAST_LEAD = "last_lead", _("C’est la seule personne qui anime la cellule : confiez-la d’abord à une autre.")
    NOT_MEMBER = "not_member", _("Cette personne n’est pas membre de la cellule.")
    CLOSED_ACCOUNT = "closed_account", _("Ce compte est fermé, ou n’appartient plus à aucune institution partenaire.")
    ALREADY_MEMBER = "already_member", _("Cette personne est déjà membre de la cellule.")
    CLOSED_CELL = "closed_cell", _("La cellule est close : elle se lit encore, on n’y écrit plus.")
    ALREADY_FOLLOWED = "already_followed", _("La cellule suit déjà cette entreprise.")
    ALREADY_OUT = "already_out", _("Cette entreprise est déjà sortie de la cellule.")
    OUT_BEFORE_IN = "out_before_in", _("Une entreprise ne sort pas de la cellule avant d’y être entrée.")
    STILL_FOLLOWED = "still_followed", _("Des entreprises sont encore suivies : dites d’abord comment chacune sort.")
    HAS_A_LEAD = "has_a_lead", _("La cellule a quelqu’un qui l’anime : c’est à cette personne de nommer les membres.")


class CrisisAct(TextChoices):
    """The acts of a cell in the audit trail, which never names its companies."""

    CELL_OPENED = "crisis_cell_opened", _("cellule de crise ouverte")
    CELL_CLOSED = "crisis_cell_closed", _("cellule de crise close")
    MEMBER_ADDED = "crisis_member_added", _("membre nommé dans une cellule de crise")
    MEMBER_REMOVED = "crisis_member_removed", _("membre retiré d’une cellule de crise")
    CASE_OPENED = "crisis_case_opened", _("entreprise suivie par une cellule de crise")
    CASE_CHANGED = "crisis_case_changed", _("dossier de cellule de crise modifié")
    TREATMENT_NOTED = "crisis_treatment_noted", _("traitement noté en cellule de crise")
    CASE_LEFT = "crisis_case_left", _("sortie d’une cellule de crise")


class ActivityAct(TextChoices):
    """The acts of this app in the audit trail."""

    VISIT_NOTED = "visit_noted", _("visite notée")
    VISIT_CHANGED = "visit_changed", _("visite modifiée")
    NEED_OPENED = "need_opened", _("besoin exprimé")
    REFERRAL_SENT = "referral_sent", _("besoin transmis")
    REFERRAL_ANSWERED = "referral_answered", _("réponse à un besoin")
    REFERRAL_CLOSED = "referral_closed", _("besoin traité")
    REFERRAL_WITHDRAWN = "referral_withdrawn", _("envoi retiré")
    NEED_CLOSED = "need_closed", _("besoin clos")
    SERVICE_SAVED = "service_saved", _("service décrit")
    SERVICE_ENDED = "service_ended", _("fin d’un service")
    SCHOOL_ACTION_SAVED = "school_action_saved", _("action en milieu scolaire notée")
    OFFER_SAVED = "offer_saved", _("offre d’entreprise déclarée")
    OFFER_ENDED = "offer_ended", _("offre d’entreprise retirée")
    SUPPORT_OPENED = "support_opened", _("accompagnement ouvert")
    SUPPORT_CHANGED = "support_changed", _("accompagnement modifié")
    EVENT_ANNOUNCED = "event_announced", _("événement annoncé")
    EVENT_CHANGED = "event_changed", _("événement modifié")
    EVENT_MOVED = "event_moved", _("événement tenu ou annulé")
    GUESTS_INVITED = "guests_invited", _("invitations à un événement")
    ATTENDANCE_NOTED = "attendance_noted", _("présences notées")
    SEGMENTATION_MADE = "segmentation_made", _("classement d’entreprises")
    CAMPAIGN_FROZEN = "campaign_frozen", _("liste de prospection arrêtée")
    PUSHED = "pushed", _("ligne reçue du logiciel d’un opérateur")
    CAMPAIGN_SHARED = "campaign_shared", _("campagne partagée")
    TARGET_MOVED = "target_moved", _("cible suivie")
    SHARES_SET = "shares_set", _("parts d’une activité entre conventions")
    COST_SET = "activity_cost_set", _("coût horaire de l’activité")
    EXCLUSION_SET = "activity_exclusion_set", _("exclusion entre conventions")
    EXCLUSION_LIFTED = "activity_exclusion_lifted", _("exclusion entre conventions levée")


# What the numbers that Beffroi itself gives to rows begin with
OWN_NUMBER = "beffroi-"
OWN_NUMBERS = (OWN_NUMBER, "liste-", "plan-", "web-")
# Levels of the items of the nomenclatures
NEED_SUBJECT, SUPPORT_KIND, EVENT_KIND, GUIDE_THEME = "need_subject", "support_kind", "event_kind", "guide_theme"
# Levels of territories on which coverage is read
ZONE_LEVELS = ("department", "employment_zone", "epci")


class Measure(TextChoices):
    """What the monthly dashboard (BOOSTER) counts, in the order of the work."""

    VISITS = "visits", _("visites")
    NEEDS = "needs", _("besoins")
    TAKEN_UP = "taken_up", _("besoins pris en charge")
    SUPPORTS = "supports", _("accompagnements")
    RESULTS = "results", _("résultats")
    EVENTS = "events", _("événements")
    PARTICIPATIONS = "participations", _("participations")
    COMPANIES = "companies", _("entreprises touchées")


class Letter(TextChoices):
    """What can be received by e-mail."""

    MONTHLY = "monthly", _("le tableau de bord du mois, le premier jour ouvré")
    HALF_YEAR = "half_year", _("l’information du semestre, le premier jour ouvré de janvier et de juillet")


class ShareBlocker(TextChoices):
    """Why a sharing of an activity between agreements is refused."""

    NOT_WHOLE = (
        "not_whole",
        _("Les parts, celle de l’opérateur comprise, font 100 % ensemble : corrigez celle qui manque ou dépasse."),
    )
    TWICE = "twice", _("Une convention est dite deux fois : réunissez ses parts en une seule.")
    NOT_A_SHARE = "not_a_share", _("Une part va de 0 à 100 %.")
    NOT_A_PARTY = (
        "not_a_party",
        _("Une de ces conventions n’est pas de cet opérateur : il n’en est pas le bénéficiaire."),
    )
    NOT_IN_FORCE = "not_in_force", _("Une de ces conventions ne court pas à cette date : changez la date ou la convention.")
    EXCLUDED = (
        "excluded",
        _("Une de ces conventions exclut ce qu’une autre paie : laissez l’une des deux, ou levez l’exclusion."),
    )
