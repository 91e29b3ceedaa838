from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementKind(TextChoices):
    """What a signed text commits: the first two give a ceiling and aims, the last two carry votes."""

    FRAMEWORK = "framework", _("convention-cadre")
    OBJECTIVES = "objectives", _("convention pluriannuelle d’objectifs")
    YEARLY = "yearly", _("convention annuelle")
    GRANT = "grant", _("convention de subvention")


class PartyRole(TextChoices):
    FUNDER = "funder", _("financeur")
    BENEFICIARY = "beneficiary", _("bénéficiaire")
    OPERATOR = "operator", _("opérateur")
    SIGNATORY = "signatory", _("signataire")


class DocumentState(TextChoices):
    RECEIVED = "received", _("reçu à temps")
    RECEIVED_LATE = "received_late", _("reçu en retard")
    DUE = "due", _("attendu")
    LATE = "late", _("en retard")
    UNDATED = "undated", _("attendu, sans date")


class InstalmentState(TextChoices):
    PAID = "paid", _("payé")
    PARTLY_PAID = "partly_paid", _("payé en partie")
    COMING = "coming", _("à venir")
    LATE = "late", _("en retard")
    UNDATED = "undated", _("sans date")


class VoteBlocker(TextChoices):
    CEILING_ONLY = (
        "ceiling_only",
        _(
            "Une convention-cadre ou d’objectifs fixe un plafond : ce qui est voté l’est par une convention annuelle ou de "
            "subvention, et c’est elle qui compte."
        ),
    )
    NO_FUNDER = "no_funder", _("Aucun financeur n’est nommé : ajoutez une partie « financeur ».")
    NO_BENEFICIARY = "no_beneficiary", _("Aucun bénéficiaire n’est nommé : ajoutez une partie « bénéficiaire ».")
    ABOVE_CEILING = "above_ceiling", _("Le total voté passerait le plafond de la convention.")
    BELOW_PAID = (
        "below_paid",
        _(
            "Le total voté serait plus petit que ce qui est déjà payé : retirez d’abord l’échéance payée, ou gardez un vote "
            "qui la couvre."
        ),
    )


class PaymentBlocker(TextChoices):
    NOTHING_VOTED = "nothing_voted", _("Rien n’est voté : un paiement suit un vote.")
    DOCUMENT_LATE = "document_late", _("Un document attendu n’est pas reçu et sa date est passée.")
    ABOVE_VOTED = "above_voted", _("Le total payé passerait ce qui est voté.")
    ABOVE_RATE = "above_rate", _("Le total payé passerait le taux prévu de la base éligible.")
    ALREADY_PAID = "already_paid", _("Cette échéance est déjà payée.")


class AgreementAct(TextChoices):
    """The acts on agreements in the audit trail."""

    ADDED = "agreement_added", _("convention saisie")
    CHANGED = "agreement_changed", _("convention modifiée")
    PART_SAVED = "agreement_part_saved", _("élément de convention saisi ou modifié")
    PART_REMOVED = "agreement_part_removed", _("élément de convention retiré")
    VOTE_RECORDED = "agreement_vote_recorded", _("vote enregistré")
    PAYMENT_RECORDED = "agreement_payment_recorded", _("paiement enregistré")
    DOCUMENT_RECEIVED = "agreement_document_received", _("document reçu")
