from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FrameworkKind(TextChoices):
    STRATEGY = "strategy", _("stratégie")
    PROGRAMME = "programme", _("programme")
    CONTRACT = "contract", _("contrat")
    SCHEME = "scheme", _("schéma")
    FORESIGHT = "foresight", _("prospective")
    CLASSIFICATION = "classification", _("nomenclature")
    GEOGRAPHY = "geography", _("géographie")
    SEGMENTATION = "segmentation", _("segmentation")
    PLAN = "plan", _("plan local")


# Frameworks that name codes and steer nothing: last in lists
CODE_LISTS = (FrameworkKind.CLASSIFICATION, FrameworkKind.GEOGRAPHY, FrameworkKind.SEGMENTATION)


class Strength(TextChoices):
    FULL = "full", _("totale")
    PARTIAL = "partial", _("partielle")
    RELATED = "related", _("liée, sans montant")
    NONE = "none", _("aucune")


class SuccessionKind(TextChoices):
    RENAMED = "renamed", _("renommé")
    MERGED = "merged", _("fusionné")
    SPLIT = "split", _("scindé")
    REPLACED = "replaced", _("remplacé")


class MovementKind(TextChoices):
    """MOD of the file of movements of communes (INSEE)."""

    RENAMED = "10", _("changement de nom")
    CREATED = "20", _("création")
    RESTORED = "21", _("rétablissement")
    REMOVED = "30", _("suppression")
    MERGED = "31", _("fusion simple")
    NEW_COMMUNE = "32", _("création de commune nouvelle")
    ASSOCIATED = "33", _("fusion-association")
    TO_SIMPLE = "34", _("transformation de fusion-association en fusion simple")
    DELEGATED_REMOVED = "35", _("suppression de commune déléguée")
    OTHER_DEPARTMENT = "41", _("changement de code : autre département")
    OTHER_SEAT = "50", _("changement de code : transfert de chef-lieu")
    TO_DELEGATED = "70", _("transformation de commune associée en commune déléguée")
    DELEGATED_RESTORED = "71", _("rétablissement de commune déléguée")


# Movements that change which territory a code names; the others change a name or what is under a commune
CHANGING_CODES = (
    MovementKind.CREATED,
    MovementKind.RESTORED,
    MovementKind.REMOVED,
    MovementKind.MERGED,
    MovementKind.NEW_COMMUNE,
    MovementKind.ASSOCIATED,
    MovementKind.OTHER_DEPARTMENT,
    MovementKind.OTHER_SEAT,
)


class RuleKind(TextChoices):
    ELIGIBILITY = "eligibility", _("éligibilité")
    COFINANCING = "cofinancing", _("cofinancement")
    SELECTION = "selection", _("sélection")
    GOVERNANCE = "governance", _("gouvernance")
    REPORTING = "reporting", _("compte rendu")
    DEADLINE = "deadline", _("délai")
    DATA = "data", _("données")


class SystemKind(TextChoices):
    PROCEDURE = "procedure", _("procédure")
    PROGRAMME = "programme", _("programme")
    METHOD = "method", _("méthode")
    SOFTWARE = "software", _("logiciel")
    NETWORK = "network", _("réseau")
    FUND = "fund", _("fonds")
    OBSERVATORY = "observatory", _("observatoire")
    REGISTER = "register", _("registre")
    DASHBOARD = "dashboard", _("tableau de bord")


# The words that frameworks use for their levels; one that is not here is shown as the source writes it.
LEVELS = {
    "acronym": _("sigle"),
    "action": _("action"),
    "action_plan_part": _("partie du plan d’action"),
    "action_plan_section": _("section du plan d’action"),
    "action_sheet": _("fiche action"),
    "action_type": _("type d’action"),
    "activity": _("activité"),
    "actor_circle": _("cercle d’acteurs"),
    "aggregate": _("agrégat"),
    "annex": _("annexe"),
    "approach": _("approche"),
    "area": _("domaine"),
    "article": _("article"),
    "attraction_area": _("aire d’attraction d’une ville"),
    "attractiveness": _("attractivité"),
    "axis": _("axe"),
    "beneficiary_territory": _("territoire bénéficiaire"),
    "block": _("bloc"),
    "branch": _("branche"),
    "category": _("catégorie"),
    "challenge": _("défi"),
    "canton": _("canton"),
    "class": _("classe"),
    "cluster": _("pôle"),
    "collaboration": _("collaboration"),
    "college": _("collège"),
    "column": _("colonne"),
    "commitment": _("engagement"),
    "commune": _("commune"),
    "component": _("composante"),
    "condition": _("condition"),
    "council_area": _("collectivité à compétences départementales"),
    "country": _("pays"),
    "current_state": _("état des lieux"),
    "das": _("domaine d’activités stratégiques"),
    "delegated_commune": _("commune déléguée ou associée"),
    "department": _("département"),
    "dimension": _("dimension"),
    "district": _("arrondissement"),
    "dynamic": _("dynamique"),
    "employment_zone": _("zone d’emploi"),
    "epci": _("intercommunalité"),
    "ept": _("établissement public territorial"),
    "event": _("événement"),
    "example": _("exemple"),
    "family": _("famille"),
    "field": _("champ"),
    "flagship_project": _("projet phare"),
    "form": _("forme"),
    "former_region": _("ancienne région"),
    "function": _("fonction"),
    "funding_scheme": _("dispositif de financement"),
    "goal": _("but"),
    "good_practice": _("bonne pratique"),
    "group": _("groupe"),
    "group_of_countries": _("groupe de pays"),
    "hypothesis": _("hypothèse"),
    "instrument": _("instrument"),
    "issue": _("enjeu"),
    "item": _("élément"),
    "label": _("label"),
    "legend_item": _("élément de légende"),
    "level": _("niveau"),
    "lever": _("levier"),
    "link": _("lien"),
    "living_area": _("bassin de vie"),
    "local_plan": _("plan local"),
    "market": _("marché"),
    "matrix_column": _("colonne de matrice"),
    "matrix_row": _("ligne de matrice"),
    "measure": _("mesure"),
    "micro_scenario": _("micro-scénario"),
    "mission": _("mission"),
    "mode": _("mode"),
    "municipal_district": _("arrondissement municipal"),
    "newsletter": _("lettre d’information"),
    "nuts0": _("pays (NUTS 0)"),
    "nuts1": _("grande région (NUTS 1)"),
    "nuts2": _("région européenne (NUTS 2)"),
    "nuts3": _("petite région européenne (NUTS 3)"),
    "objective": _("objectif"),
    "orientation": _("orientation"),
    "park": _("parc"),
    "part": _("partie"),
    "phase": _("phase"),
    "pillar": _("pilier"),
    "place": _("lieu nommé par un document"),
    "planning": _("calendrier"),
    "pole": _("pôle"),
    "principle": _("principe"),
    "priority": _("priorité"),
    "priority_area": _("domaine d’activités stratégiques"),
    "profile": _("profil"),
    "programme": _("programme"),
    "project": _("projet"),
    "project_class": _("classe de projets"),
    "provision": _("disposition"),
    "quality": _("qualité"),
    "question": _("question"),
    "region": _("région"),
    "required_action": _("action requise"),
    "research_domain": _("domaine de recherche"),
    "research_project": _("projet de recherche"),
    "research_subdomain": _("sous-domaine de recherche"),
    "result_type": _("type de résultat"),
    "roadmap": _("feuille de route"),
    "role": _("rôle"),
    "root": _("racine"),
    "row": _("ligne"),
    "scenario": _("scénario"),
    "scheme": _("dispositif"),
    "section": _("rubrique"),
    "sector": _("secteur"),
    "sector_closeup": _("zoom sectoriel"),
    "segment": _("segment"),
    "size_class": _("tranche d’effectif"),
    "specialisation": _("spécialisation"),
    "stake": _("enjeu"),
    "status": _("statut"),
    "strategic_axis": _("axe stratégique"),
    "strategic_objective": _("objectif stratégique"),
    "strategy": _("stratégie"),
    "structuring_project": _("projet structurant"),
    "sub_action": _("sous-action"),
    "sub_approach": _("sous-approche"),
    "sub_axis": _("sous-axe"),
    "sub_challenge": _("sous-défi"),
    "sub_college": _("sous-collège"),
    "sub_condition": _("sous-condition"),
    "sub_priority": _("sous-priorité"),
    "sub_sub_axis": _("sous-sous-axe"),
    "target_public": _("public visé"),
    "territory": _("territoire"),
    "theme": _("thème"),
    "topic": _("sujet"),
    "training": _("formation"),
    "transversal": _("action transversale"),
    "transversal_axis": _("axe transversal"),
    "type": _("type"),
    "urban_unit": _("unité urbaine"),
    "variable": _("variable"),
    "workstream": _("chantier"),
}


def level_label(level: str) -> str:
    return str(LEVELS.get(level, level))
