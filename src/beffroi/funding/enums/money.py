from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Stage(TextChoices):
    """A line speaks of one stage; stages are never added to each other."""

    UNSTATED = "unstated", _("stade non précisé")
    REQUESTED = "requested", _("demandé")
    PLANNED = "planned", _("prévu")
    CONTRACTUALISED = "contractualised", _("contractualisé")
    VOTED = "voted", _("voté")
    PROGRAMMED = "programmed", _("programmé")
    AGREED = "agreed", _("conventionné")
    CERTIFIED = "certified", _("certifié")
    PAID = "paid", _("payé")
    RECOVERED = "recovered", _("recouvré")


class Instrument(TextChoices):
    GRANT = "grant", _("subvention")
    REPAYABLE_ADVANCE = "repayable_advance", _("avance remboursable")
    LOAN = "loan", _("prêt")
    GUARANTEE = "guarantee", _("garantie")
    EQUITY = "equity", _("fonds propres")
    QUASI_EQUITY = "quasi_equity", _("quasi-fonds propres")
    HONOUR_LOAN = "honour_loan", _("prêt d’honneur")
    TAX_CREDIT = "tax_credit", _("crédit d’impôt")
    IN_KIND = "in_kind", _("en nature")
    UNSTATED = "unstated", _("non précisé")


class Origin(TextChoices):
    EU = "eu", _("Union européenne")
    STATE = "state", _("État")
    REGION = "region", _("région")
    DEPARTMENT = "department", _("département")
    MUNICIPAL = "municipal", _("bloc communal")
    AGENCY = "agency", _("agence publique")
    PRIVATE = "private", _("privé")
    BENEFICIARY = "beneficiary", _("bénéficiaire")
    UNSTATED = "unstated", _("non précisé")


class ContractStatus(TextChoices):
    CONTRACTUALISED = "contractualised", _("contractualisé")
    VALORISED = "valorised", _("valorisé")
    ORDINARY = "ordinary", _("droit commun")
    RECOVERY = "recovery", _("relance")
    UNSTATED = "unstated", _("non précisé")


class BudgetSection(TextChoices):
    INVESTMENT = "investment", _("investissement")
    OPERATING = "operating", _("fonctionnement")
    UNSTATED = "unstated", _("non précisé")


class PlaceBasis(TextChoices):
    REALISED = "realised", _("lieu de réalisation")
    SEAT = "seat", _("siège")
    BENEFICIARIES = "beneficiaries", _("lieu des bénéficiaires")
    REGIONAL = "regional", _("régional")
    UNSTATED = "unstated", _("non précisé")


class ExpenditureState(TextChoices):
    DECLARED = "declared", _("déclarée")
    ACCEPTED = "accepted", _("retenue")
    REJECTED = "rejected", _("écartée")
    CERTIFIED = "certified", _("certifiée")


class ExpenditureBase(TextChoices):
    TOTAL = "total", _("coût total")
    ELIGIBLE = "eligible", _("coût éligible")
    UNION_SHARE = "union_share", _("part de l’Union")
    UNSTATED = "unstated", _("base non précisée")


class LinkState(TextChoices):
    """Of two lines that could be the same money."""

    PROPOSED = "proposed", _("proposé")
    ACCEPTED = "accepted", _("accepté")
    REFUSED = "refused", _("refusé")


NEXT_LINK: dict[LinkState, set[LinkState]] = {
    LinkState.PROPOSED: {LinkState.ACCEPTED, LinkState.REFUSED},
    LinkState.ACCEPTED: {LinkState.PROPOSED},
    LinkState.REFUSED: {LinkState.PROPOSED},
}


class SumKind(TextChoices):
    """What a sum is: a total that a source prints, or what an operation costs."""

    PRINTED = "printed", _("total imprimé")
    TOTAL_COST = "total_cost", _("coût total")
    ELIGIBLE_COST = "eligible_cost", _("coût éligible")


# What the claim of a total of a list keeps of its lines: their sum in cents, how many they are.
LISTED, COUNTED = "somme", "lignes"
