"""The sheet of somebody with a project and no number yet: the same history as a company's."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.actors.models import ProjectHolder
from beffroi.interactions.queries import Whom
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Section, activity
from beffroi.publishing.sheets.support import SECTION as SUPPORT


@dataclass(frozen=True)
class Holder:
    thing: ProjectHolder

    @property
    def whom(self) -> Whom:
        return Whom(holders=(self.thing.pk,))


def about(body: Holder, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    mine = viewer.is_authenticated and body.thing.owner_id in viewer.partner_ids
    return {"holder": body.thing, "is_mine": mine}


SECTIONS = (
    Section("description", _("Ce que c’est"), "actors/_holder_section.html", about),
    *(part for part in activity.SECTIONS if part.id != "profil"),
    SUPPORT,
)
