from django.db import transaction

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import User
from beffroi.actors.enums import ActorAct
from beffroi.actors.models import Establishment, Organisation
from beffroi.actors.queries import organisation_search_rows
from beffroi.actors.rules import blockers_to_siren, blockers_to_siret
from beffroi.core import search
from beffroi.core.refusals import Refused


@transaction.atomic
def set_siren(organisation: Organisation, *, siren: str, reason: str, by: User) -> Organisation:
    """The number as typed, or nothing at all: a SIREN is never repaired."""
    seen = Organisation.objects.visible_to(by)
    other = Organisation.objects.filter(siren=siren).exclude(pk=organisation.pk).first()
    holder = None if other is None else _shown_name(other, seen.filter(pk=other.pk).exists())
    if blockers := blockers_to_siren(siren, reason=reason, holder=holder):
        raise Refused(*blockers)
    before, organisation.siren, organisation.no_siren = organisation.siren, siren, ""
    organisation.save(update_fields=["siren", "no_siren"])
    search.index(organisation_search_rows([organisation.pk]))
    record_act(
        ActorAct.SIREN_SET, by=by, subject=("organisation", organisation.pk), before=before, after=siren, reason=reason.strip()
    )
    return organisation


@transaction.atomic
def add_establishment(organisation: Organisation, *, siret: str, name: str, reason: str, by: User) -> Establishment:
    other = Establishment.objects.filter(siret=siret).select_related("organisation").first()
    seen = other is not None and Organisation.objects.visible_to(by).filter(pk=other.organisation_id).exists()
    holder = None if other is None else _shown_name(other.organisation, seen)
    if blockers := blockers_to_siret(siret, siren=organisation.siren, reason=reason, holder=holder):
        raise Refused(*blockers)
    made = Establishment.objects.create(organisation=organisation, siret=siret, name=name.strip())
    record_act(
        ActorAct.ESTABLISHMENT_ADDED, by=by, subject=("organisation", organisation.pk), siret=siret, reason=reason.strip()
    )
    return made


def _shown_name(organisation: Organisation, is_visible: bool) -> str:
    return organisation.name if is_visible else "une organisation que vous ne voyez pas"
