from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.models import Partner, User
from beffroi.core.refusals import Refused
from beffroi.provenance.queries import Moment
from beffroi.publishing.actions.texts import NotThisPartner
from beffroi.publishing.enums import Act, SignatureKind
from beffroi.publishing.models import Edition, Signature, content_hash
from beffroi.publishing.reports import progress
from beffroi.publishing.reports.files import FORMATS, rendered
from beffroi.reference.models import Framework


@transaction.atomic
def freeze_edition(framework: Framework, *, moment: Moment, title: str, by: User) -> Edition:
    """What everybody may read, as it stands: an edition is public, so it is made with a visitor's eyes."""
    content = progress.content(framework, moment=moment, viewer=AnonymousUser())
    edition = Edition.objects.create(
        framework=framework,
        title=title,
        as_of=moment.as_of,
        known_on=moment.known_on,
        content=content,
        hash=content_hash(content),
        frozen_at=timezone.now(),
        frozen_by=by,
    )
    record_act(Act.EDITION_FROZEN, by=by, subject=("edition", edition.pk), hash=edition.hash, as_of=moment.as_of.isoformat())
    _keep_files(edition)
    return edition


def edition_file(edition: Edition, extension: str) -> Path:
    return Path(settings.DATA) / "editions" / edition.hash[:2] / f"{edition.hash}.{extension}"


def _keep_files(edition: Edition) -> None:
    """Written whole or not at all; the same content gives the same names."""
    for extension in FORMATS:
        path = edition_file(edition, extension)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f"{path.name}.partial")
        partial.write_bytes(rendered(edition.content, extension=extension, stamp=edition.hash))
        partial.replace(path)


@transaction.atomic
def sign_edition(
    edition: Edition, *, partner: Partner, kind: SignatureKind, section: str = "", reservation: str = "", by: User
) -> Signature:
    """By a person for an institution in which that person has a role; a partner signs a same thing once."""
    membership = next((row for row in by.current_memberships if row.partner_id == partner.pk), None)
    if membership is None:
        raise NotThisPartner(partner)
    if kind != SignatureKind.SIGNED and not reservation.strip():
        raise Refused(_("Une réserve s’écrit : dites sur quoi elle porte."))
    signature, is_new = Signature.objects.get_or_create(
        edition=edition,
        partner=partner,
        section=section,
        defaults={
            "user": by,
            "role": membership.role,
            "kind": kind,
            "reservation": reservation.strip() if kind != SignatureKind.SIGNED else "",
            "at": timezone.now(),
        },
    )
    if is_new:
        record_act(Act.EDITION_SIGNED, by=by, subject=("edition", edition.pk), partner=partner.code, kind=kind, section=section)
    return signature
