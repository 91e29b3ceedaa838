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
