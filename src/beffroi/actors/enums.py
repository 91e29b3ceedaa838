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
    USUAL = "usual", _("nom usuel")
    SIGN = "sign", _("enseigne")


class Diffusion(TextChoices):
    """What INSEE lets be published of a unit (SIRENE, statutDiffusion); P replaced N on 21 March 2023."""

    OPEN = "O", _("diffusible")
    PARTIAL = "P", _("diffusion partielle : ni nom ni adresse au public")
    NONE = "N", _("non diffusible")


CLOSED_TO_PUBLIC = (Diffusion.PARTIAL, Diffusion.NONE)
SOLE_TRADER = "1000"  # legal category of a person who trades in their own name


# The nomenclature that a register names beside an activity code -> the framework that has its words once it is loaded
ACTIVITY_FRAMEWORKS = {"NAP": "nap-1973", "NAF1993": "naf-1993", "NAFRev1": "naf-rev1", "NAFRev2": "naf-rev2",
                       "NAF2025": "naf-2025"}  # fmt: skip
LEGAL_CATEGORIES = "categories-juridiques"


class UnitState(TextChoices):
    ACTIVE = "A", _("en activité")
    CEASED = "C", _("cessée")


class EstablishmentState(TextChoices):
    OPEN = "A", _("ouvert")
    CLOSED = "F", _("fermé")


class SizeCategory(TextChoices):
    """Of the company in the statistical sense (law of 2008), which may be a whole group: not a headcount."""

    SME = "PME", _("petite ou moyenne entreprise")
    MID = "ETI", _("entreprise de taille intermédiaire")
    LARGE = "GE", _("grande entreprise")


class Headcount(TextChoices):
    """Classes of SIRENE, two years late: NN, 00 and unknown are three things."""

    NO_STAFF = "NN", _("sans salarié")
    NONE_LEFT = "00", _("0 salarié (en a employé dans l’année)")
    FROM_1 = "01", _("1 ou 2 salariés")
    FROM_3 = "02", _("3 à 5 salariés")
    FROM_6 = "03", _("6 à 9 salariés")
    FROM_10 = "11", _("10 à 19 salariés")
    FROM_20 = "12", _("20 à 49 salariés")
    FROM_50 = "21", _("50 à 99 salariés")
    FROM_100 = "22", _("100 à 199 salariés")
    FROM_200 = "31", _("200 à 249 salariés")
    FROM_250 = "32", _("250 à 499 salariés")
    FROM_500 = "41", _("500 à 999 salariés")
    FROM_1000 = "42", _("1 000 à 1 999 salariés")
    FROM_2000 = "51", _("2 000 à 4 999 salariés")
    FROM_5000 = "52", _("5 000 à 9 999 salariés")
    FROM_10000 = "53", _("10 000 salariés et plus")


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
    NAMED = "organisation_named", _("nommée par un opérateur")
    HOLDER_ADDED = "project_holder_added", _("porteur de projet ajouté")
    HOLDER_CHANGED = "project_holder_changed", _("porteur de projet modifié")
    HOLDER_BECAME = "project_holder_became", _("créée par un porteur de projet")
