from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import Partner, User
from beffroi.publishing.enums import Act
from beffroi.publishing.models import TextBlock
from beffroi.reference.models import Framework


class NotThisPartner(Exception):
    def __init__(self, partner: Partner) -> None:
        super().__init__(_("Vous n’écrivez pas au nom de %(partner)s.") % {"partner": partner})


@transaction.atomic
def write_text(framework: Framework, *, section: str, as_of: date, partner: Partner, text: str, by: User) -> TextBlock | None:
    """One text a partner and a section; an empty one takes it back. What it said before stays in its history."""
    if partner.pk not in by.partner_ids:
        raise NotThisPartner(partner)
    about = {"framework": framework, "section": section, "as_of": as_of, "owner": partner}
    block = TextBlock.objects.filter(**about).first()
    if not text.strip():
        if block is not None:
            record_act(Act.TEXT_WRITTEN, by=by, subject=("text", block.pk), section=section, partner=partner.code, removed=True)
            block.delete()
        return None
    block = block or TextBlock(**about)
    block.text, block.by, block.at = text.strip(), by, timezone.now()
    block.save()
    record_act(Act.TEXT_WRITTEN, by=by, subject=("text", block.pk), section=section, partner=partner.code)
    return block
