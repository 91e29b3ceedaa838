from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SignatureKind(TextChoices):
    SIGNED = "signed", _("signe")
    WITH_RESERVE = "with_reserve", _("signe avec réserve")
    RESERVE_ONLY = "reserve_only", _("publie une réserve sans signer")


class Act(TextChoices):
    """The acts of this app in the audit trail."""

    EDITION_FROZEN = "edition_frozen", _("édition figée")
    EDITION_SIGNED = "edition_signed", _("édition signée")
    TEXT_WRITTEN = "text_written", _("texte de rapport écrit")
    TEMPLATE_REPLACED = "template_replaced", _("modèle Word remplacé")
    TEMPLATE_RESTORED = "template_restored", _("modèle Word d’origine remis")
    LIST_PUBLISHED = "list_published", _("liste notée comme publiée")
    NAMES_WITHDRAWN = "names_withdrawn", _("noms de personnes retirés d’une liste")
