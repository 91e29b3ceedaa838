from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Extent(TextChoices):
    FULL = "full", _("complet : ce qui n’y est plus est clos")
    DELTA = "delta", _("partiel : ajoute et modifie seulement")


class LoadState(TextChoices):
    WAITING = "waiting", _("en attente")
    CHECKING = "checking", _("contrôle en cours")
    CHECKED = "checked", _("contrôlé, prêt à charger")
    APPLYING = "applying", _("chargement en cours")
    APPLIED = "applied", _("chargé")
    REFUSED = "refused", _("refusé")
    CANCELLED = "cancelled", _("annulé")


NEXT = {
    LoadState.WAITING: {LoadState.CHECKING, LoadState.CANCELLED},
    LoadState.CHECKING: {LoadState.CHECKED, LoadState.REFUSED, LoadState.CANCELLED, LoadState.WAITING},
    LoadState.CHECKED: {LoadState.APPLYING, LoadState.CANCELLED},
    LoadState.APPLYING: {LoadState.APPLIED, LoadState.REFUSED, LoadState.CHECKED},
    LoadState.APPLIED: set(),
    LoadState.REFUSED: set(),
    LoadState.CANCELLED: set(),
}
# Somebody, or a worker, still has to do something without being asked again
RUNNING = frozenset({LoadState.WAITING, LoadState.CHECKING, LoadState.APPLYING})


class AnomalyState(TextChoices):
    OPEN = "open", _("à régler")
    SETTLED = "settled", _("réglée")
    GONE = "gone", _("disparue")


NEXT_OF_ANOMALY = {
    AnomalyState.OPEN: {AnomalyState.SETTLED, AnomalyState.GONE},
    AnomalyState.SETTLED: {AnomalyState.OPEN},
    AnomalyState.GONE: {AnomalyState.OPEN},
}


# What each check of `analytics.checks` looks for, in a few words; the guide « contrôles » says the rest.
CHECKS = {
    "total_against_lines": _("total qui n’est pas la somme de ses lignes"),
    "list_total_against_rows": _("total imprimé dans une liste différent de ses lignes"),
    "list_against_count": _("compte qui n’est pas celui de la liste"),
    "part_above_whole": _("partie plus grande que le tout"),
    "shares_over_hundred": _("parts qui dépassent 100 %"),
    "balance_against_terms": _("solde qui n’est pas la différence"),
    "printed_sum_against_lines": _("total imprimé différent de ses lignes"),
    "total_amount_against_details": _("ensemble différent de ses détails"),
    "financing_above_cost": _("financement au-delà du coût"),
    "cost_without_funder": _("coût sans financeur nommé"),
    "children_above_parent": _("lignes au-delà du montant qui les contient"),
    "quarter_amount_like_a_year": _("montant d’un trimestre proche de l’année"),
    "uneven_stages": _("stades différents entre montants comparables"),
    "same_amount_stated_differently": _("même montant dit autrement"),
    "tiny_amount": _("montant très petit parmi les autres"),
    "negative_amount": _("montant négatif"),
    "impossible_value": _("valeur impossible"),
    "mixed_units": _("unités mêlées"),
    "order_of_magnitude": _("ordre de grandeur rompu"),
    "amount_or_percentage": _("montant ou pourcentage"),
    "empty_value": _("ligne sans valeur"),
    "indicator_without_unit": _("indicateur sans unité"),
    "same_cell_stated_differently": _("même fait dit autrement"),
    "same_measure_two_perimeters": _("même mesure sur deux périmètres"),
    "same_indicator_two_documents": _("même indicateur dans deux documents"),
    "same_subject_two_indicators": _("même chose sous deux indicateurs"),
    "baseline_against_actual": _("départ différent du constaté"),
    "measure_repeated": _("même valeur à deux périodes"),
    "organisation_created_twice": _("organisation créée à deux dates"),
    "framework_dated_twice": _("cadre daté de deux façons"),
    "framework_ends_before_start": _("cadre qui finit avant de commencer"),
    "cumulated_figure_falls": _("cumul qui baisse"),
    "part_of_period_above_whole": _("partie de période au-delà du tout"),
    "quarter_like_a_year": _("quelques mois autant que l’année d’avant"),
    "target_below_reached": _("objectif sous ce qui est déjà atteint"),
    "target_on_another_basis": _("objectif et résultat sur deux bases"),
    "target_never_measured": _("objectif jamais mesuré"),
    "baseline_above_target": _("objectif sous son départ"),
    "zero_beside_a_count": _("zéro à côté d’un compte"),
    "uneven_breakdown": _("ventilations différentes entre pairs"),
    "sibling_without_value": _("élément sans valeur parmi ses pairs"),
    "sibling_without_step": _("étape qui manque parmi des suites comparables"),
    "sibling_without_indicator": _("élément sans indicateur parmi ses pairs"),
    "sibling_without_correspondence": _("élément sans correspondance parmi ses pairs"),
    "step_before_its_cause": _("étape datée avant sa cause"),
    "file_step_before_its_cause": _("étape d’un dossier datée avant celle qui la précède"),
    "file_step_dated_twice": _("étape d’un dossier datée deux fois"),
    "rows_out_of_order": _("ordre des dates rompu"),
    "act_dated_twice": _("acte daté deux fois"),
    "decision_dated_twice": _("décision datée deux fois"),
    "meeting_never_met": _("réunion prévue sans trace"),
    "duty_not_met": _("réunions dues non tenues"),
    "rhythm_above_duty": _("rythme au-delà du devoir"),
    "relation_before_creation": _("relation avant la création"),
    "numbers_missing": _("numéros qui manquent"),
    "announced_against_listed": _("annoncé différent de ce qui est listé"),
    "count_against_items": _("compte différent des éléments du cadre"),
    "numbering_gap": _("trou dans une numérotation"),
    "same_name_in_a_list": _("même nom deux fois dans une liste"),
    "several_labels": _("plusieurs noms pour un élément"),
    "several_framework_labels": _("plusieurs noms pour un cadre"),
    "several_organisation_names": _("plusieurs noms pour une organisation"),
    "several_kinds": _("plusieurs natures pour une organisation"),
    "acronym_of_two_names": _("un sigle pour deux noms"),
    "two_acronyms_one_name": _("deux sigles pour un nom"),
    "doubtful_writing": _("écriture douteuse à la source"),
    "misspelt_word": _("mot mal écrit"),
    "code_without_vintage": _("codes sans millésime"),
    "several_full_correspondences": _("plusieurs correspondances totales"),
    "weights_over_one": _("parts connues au-delà de 1"),
    "two_strengths": _("deux forces pour une correspondance"),
    "same_thing_two_labels": _("deux intitulés pour une chose"),
}


def check_label(name: str) -> str:
    return str(CHECKS.get(name, name))
