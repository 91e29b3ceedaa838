from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LinkAct(TextChoices):
    """The acts on lines that several sources tell, in the audit trail."""

    PROPOSED_BY_RULE = "line_links_found", _("rapprochements trouvés par règle")
    PROPOSED = "line_link_proposed", _("rapprochement de lignes annulé, de nouveau à décider")
    ACCEPTED = "line_link_accepted", _("lignes rapprochées")
    REFUSED = "line_link_refused", _("lignes dites distinctes")


class ProgrammeAct(TextChoices):
    """The acts of the programme desk in the audit trail."""

    ENVELOPE_SAVED = "envelope_saved", _("enveloppe écrite")
    ENVELOPE_REMOVED = "envelope_removed", _("enveloppe retirée")
    TRANCHE_SAVED = "tranche_saved", _("tranche écrite")
    TRANCHE_REMOVED = "tranche_removed", _("tranche retirée")
    VERSION_OPENED = "plan_version_opened", _("version de maquette ouverte")
    VERSION_ADOPTED = "plan_version_adopted", _("version de maquette mise en vigueur")
    VERSION_WITHDRAWN = "plan_version_withdrawn", _("version de maquette retirée")
    CELL_SAVED = "plan_cell_saved", _("montant de maquette écrit")
    CELL_REMOVED = "plan_cell_removed", _("montant de maquette retiré")
    SANDBOX_OPENED = "sandbox_opened", _("bac à sable ouvert")
    SANDBOX_CLOSED = "sandbox_closed", _("bac à sable refermé")
    MOVE_MADE = "move_made", _("mouvement essayé")
    MOVE_UNDONE = "move_undone", _("mouvement annulé")
    AMENDMENT_PROPOSED = "amendment_proposed", _("avenant proposé")
