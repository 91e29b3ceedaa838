"""Pages one may go to and things one may do from the command palette. A row of the table without a page here is not offered."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.models import AnyUser
from beffroi.accounts.roles import may
from beffroi.core.search import words_of
from beffroi.web.context import address_of

ANYBODY, SIGNED_IN, SIGNED_OUT = "anybody", "signed_in", "signed_out"


@dataclass(frozen=True)
class Action:
    """`words` find it besides its label; `who` is a permission or one of the three above."""

    label: Promise
    page: str
    who: str = ANYBODY
    words: str = ""

    @property
    def address(self) -> str:
        return address_of(self.page)

    def is_for(self, user: AnyUser) -> bool:
        if self.who in Permission:
            return may(user, Permission(self.who))
        return self.who == ANYBODY or (self.who == SIGNED_IN) == user.is_authenticated


ACTIONS = (
    Action(_("Accueil"), "home"),
    Action(_("Stratégies et programmes"), "reference:frameworks", words="cadres nomenclatures S3 SRDE CPER"),
    Action(_("Correspondances entre nomenclatures"), "reference:crosswalks", words="matrice passage"),
    Action(_("Règles des programmes"), "reference:rules"),
    Action(_("Outils et méthodes"), "reference:systems", words="registres systèmes"),
    Action(_("Annuaire des acteurs"), "actors:directory", words="organisations entreprises pôles"),
    Action(_("Recouvrements entre pôles"), "publishing:overlaps", words="membres communs clusters"),
    Action(_("Territoires"), "publishing:territories"),
    Action(_("Indicateurs"), "indicators:list"),
    Action(_("Objectifs en retard"), "indicators:behind", words="cibles retard"),
    Action(_("Opérations"), "funding:operations", words="financements projets"),
    Action(_("Montants"), "funding:amounts", words="financements argent lignes"),
    Action(_("Ma semaine"), "interactions:week", SIGNED_IN, words="activité visites à voir prévues"),
    Action(_("Visites"), "interactions:visits", SIGNED_IN, words="comptes rendus entreprises vues"),
    Action(_("Noter une visite"), "interactions:add_visit", Permission.NOTE_ACTIVITY, words="compte rendu saisir entreprise"),
    Action(_("Mon secteur"), "interactions:work_area", SIGNED_IN, words="domaines territoires"),
    Action(_("Porteurs de projet"), "actors:holders", SIGNED_IN, words="créateurs starter"),
    Action(_("Instances"), "governance:bodies", words="comités conférences"),
    Action(_("Réunions"), "governance:meetings", words="calendrier"),
    Action(_("Rapports"), "publishing:reports", words="éditions avancement"),
    Action(_("Jeux de données"), "publishing:datasets", words="télécharger exporter csv excel json parquet"),
    Action(_("Sources"), "provenance:imports", words="documents fraîcheur"),
    Action(_("Ce qui se contredit"), "provenance:anomalies", words="anomalies contrôles"),
    Action(_("Rapprochement des fichiers chargés"), "provenance:reconciliation", words="lignes rejetées"),
    Action(_("Charger un fichier"), "provenance:new_load", Permission.IMPORT_DATA, words="importer import déposer"),
    Action(_("Chargements"), "provenance:loads", words="imports historique"),
    Action(_("Profils d’import"), "provenance:profiles", words="colonnes dispositions"),
    Action(_("Mon compte"), "accounts:own", SIGNED_IN, words="mot de passe second facteur"),
    Action(_("Gérer les comptes"), "accounts:users", Permission.MANAGE_USERS, words="personnes rôles"),
    Action(_("Ouvrir un compte"), "accounts:add", Permission.MANAGE_USERS, words="inviter personne"),
    Action(_("Journal des actes"), "accounts:audit", Permission.READ_AUDIT, words="audit"),
    Action(_("Journal des consultations"), "accounts:readings", Permission.READ_AUDIT, words="qui a lu accès"),
    Action(_("Clés d’interface"), "accounts:keys", Permission.MANAGE_USERS, words="api logiciel crm"),
    Action(_("Interface pour logiciels"), "api:documentation", words="api openapi crm envoyer"),
    Action(_("Données personnelles"), "interactions:personal_data", words="rgpd vie privée durée"),
    Action(_("Répondre à une personne"), "interactions:person", Permission.KEEP_PRIVACY, words="rgpd effacer droit accès"),
    Action(_("Cellules de crise"), "interactions:crisis_cells", SIGNED_IN, words="difficulté entreprises"),
    Action(_("Se connecter"), "account_login", SIGNED_OUT, words="connexion"),
    Action(_("Se déconnecter"), "account_logout", SIGNED_IN, words="déconnexion quitter sortir"),
)
OFFERED = 5


def offered_actions(text: str, *, user: AnyUser) -> list[Action]:
    """What this person may do of which every typed word starts a word."""
    typed = words_of(text)
    found = (action for action in ACTIONS if typed and action.is_for(user) and _answers(action, typed))
    return [action for action in found if action.address][:OFFERED]


def _answers(action: Action, typed: list[str]) -> bool:
    words = words_of(f"{action.label} {action.words}")
    return all(any(word.startswith(one) for word in words) for one in typed)
