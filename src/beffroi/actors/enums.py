from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OrganisationKind(TextChoices):
    COMPANY = "company", _("entreprise")
    LABORATORY = "laboratory", _("laboratoire")
    UNIVERSITY = "university", _("université")
    SCHOOL = "school", _("école")
    COMPETITIVENESS_CLUSTER = "competitiveness_cluster", _("pôle de compétitivité")
    EXCELLENCE_CLUSTER = "excellence_cluster", _("pôle d’excellence")
    BUSINESS_CLUSTER = "business_cluster", _("grappe d’entreprises")
    CLUSTER = "cluster", _("pôle")
    AGENCY = "agency", _("agence")
    CHAMBER = "chamber", _("chambre consulaire")
    ASSOCIATION = "association", _("association")
    FUND = "fund", _("fonds")
    BANK = "bank", _("banque")
    STATE = "state", _("État")
    REGION = "region", _("région")
    DEPARTMENT = "department", _("département")
    METROPOLIS = "metropolis", _("métropole")
    EPCI = "epci", _("intercommunalité")
    OTHER = "other", _("autre")


CLUSTERS = (
    OrganisationKind.COMPETITIVENESS_CLUSTER,
    OrganisationKind.EXCELLENCE_CLUSTER,
    OrganisationKind.BUSINESS_CLUSTER,
    OrganisationKind.CLUSTER,
)


class NoSiren(TextChoices):
    NOT_STATED = "not_stated", _("non donné par la source")
    FOREIGN = "foreign", _("étranger")
    NOT_A_LEGAL_PERSON = "not_a_legal_person", _("sans personnalité morale")
    NATURAL_PERSON = "natural_person", _("personne physique")


class NameKind(TextChoices):
    ALIAS = "alias", _("autre nom")
    ACRONYM = "acronym", _("sigle")
    FORMER = "former", _("ancien nom")


class SameAsState(TextChoices):
    PROPOSED = "proposed", _("proposé")
    ACCEPTED = "accepted", _("accepté")
    REFUSED = "refused", _("refusé")


NEXT_SAME_AS: dict[SameAsState, set[SameAsState]] = {
    SameAsState.PROPOSED: {SameAsState.ACCEPTED, SameAsState.REFUSED},
    SameAsState.ACCEPTED: {SameAsState.PROPOSED},
    SameAsState.REFUSED: {SameAsState.PROPOSED},
}


class Evaluation(TextChoices):
    RENEWED = "renewed", _("renouvelé")
    CONDITIONAL = "conditional", _("sous condition")
    WITHDRAWN = "withdrawn", _("retiré")


class RelationKind(TextChoices):
    """The words of the sources, from the subject to the object."""

    ADMINISTERS = "administers", _("administre")
    ADOPTS = "adopts", _("adopte")
    ANIMATES = "animates", _("anime")
    APPLICANT_TO = "applicant_to", _("candidat à")
    APPROVES = "approves", _("approuve")
    CARRIES = "carries", _("porte")
    CHAIRS = "chairs", _("préside")
    CLASSIFIED_IN = "classified_in", _("classé dans")
    CO_ANIMATES = "co_animates", _("co-anime")
    CO_PILOTS = "co_pilots", _("copilote")
    CONTRIBUTES_TO = "contributes_to", _("contribue à")
    COORDINATES = "coordinates", _("coordonne")
    COVERS = "covers", _("couvre")
    DEMONSTRATOR_OF = "demonstrator_of", _("démonstrateur de")
    DIRECTS = "directs", _("dirige")
    EVALUATED_BY = "evaluated_by", _("évalué par")
    FUNDED_BY = "funded_by", _("financé par")
    FUNDS = "funds", _("finance")
    HOSTS = "hosts", _("héberge")
    IN_CONTACT_WITH = "in_contact_with", _("en contact avec")
    LABELLED_BY = "labelled_by", _("labellisé par")
    LEAD_TERRITORY_OF = "lead_territory_of", _("territoire tête de réseau de")
    LEADS = "leads", _("pilote")
    LINKED_TO = "linked_to", _("lié à")
    LOCATED_IN = "located_in", _("situé dans")
    MANAGES = "manages", _("gère")
    MANDATES = "mandates", _("mandate")
    MEMBER_OF = "member_of", _("membre de")
    NETWORK_HEAD_OF = "network_head_of", _("tête de réseau de")
    OPERATES = "operates", _("exploite")
    OWNS = "owns", _("possède")
    PARTNER_OF = "partner_of", _("partenaire de")
    PREDECESSOR_OF = "predecessor_of", _("prédécesseur de")
    SHAREHOLDER_OF = "shareholder_of", _("actionnaire de")
    SHARES_DIRECTOR_WITH = "shares_director_with", _("partage un dirigeant avec")
    SHARES_MEMBERS_WITH = "shares_members_with", _("partage des adhérents avec")
    SHARES_STAFF_WITH = "shares_staff_with", _("partage du personnel avec")
    SIGNATORY_OF = "signatory_of", _("signataire de")
    SITE_OF = "site_of", _("site de")
    SIZE_CLASS = "size_class", _("tranche d’effectif")
    SUPERVISES = "supervises", _("supervise")
    SUPPLIER_OF = "supplier_of", _("fournisseur de")
    SUPPORTS = "supports", _("soutient")
    VALIDATES = "validates", _("valide")
    VISITED_UNDER = "visited_under", _("visité au titre de")


class OverlapKind(TextChoices):
    """What two clusters have in common, the strongest first."""

    DIRECTOR = "director", _("dirigeant commun")
    STAFF = "staff", _("personnel partagé")
    CARRIER = "carrier", _("structure porteuse")
    GOVERNANCE = "governance", _("l’un siège chez l’autre")
    ROLES = "roles", _("rôles partagés dans une filière")
    MEMBERS = "members", _("adhérents communs")
    FEES = "fees", _("cotisations")
    FIGURES = "figures", _("chiffres communs")
    SEAT = "seat", _("siègent au même endroit")
    LINK = "link", _("rattachement")
    PARTNER = "partner", _("partenariat")
    THEME = "theme", _("thème commun")


class ActorAct(TextChoices):
    """The acts of this app in the audit trail."""

    SAME_AS_PROPOSED = "same_as_proposed", _("réunion annulée, paire de nouveau à décider")
    SAME_AS_ACCEPTED = "same_as_accepted", _("fiches réunies")
    SAME_AS_REFUSED = "same_as_refused", _("fiches dites distinctes")
    SIREN_SET = "siren_set", _("SIREN donné ou corrigé")
    ESTABLISHMENT_ADDED = "establishment_added", _("établissement ajouté")
    CONTACT_ADDED = "contact_added", _("contact ajouté")
    CONTACT_CHANGED = "contact_changed", _("contact modifié")
    HOLDER_ADDED = "project_holder_added", _("porteur de projet ajouté")
    HOLDER_CHANGED = "project_holder_changed", _("porteur de projet modifié")
    HOLDER_BECAME = "project_holder_became", _("créée par un porteur de projet")
