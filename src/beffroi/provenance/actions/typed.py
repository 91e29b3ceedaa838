"""What a person states by hand: the same claim as a row of a file, with who and when instead of a load."""

from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q

from beffroi.accounts.models import Partner, User
from beffroi.core.text import digest
from beffroi.provenance.models import Claim


@transaction.atomic
def record_typed_claim(
    subject: models.Model,
    *,
    claims: type[Claim],
    link: str,
    values: dict[str, Any],
    as_written: str,
    stated_on: date,
    owner: Partner,
    visibility: int,
    by: User,
    at: datetime,
) -> Claim:
    """The person's own word on the subject. A correction of the same date ends the claim that it corrects, as a file's does,
    and so does a colleague's; a later date leaves it standing at its own. Saying the same again changes nothing."""
    about = {f"{link}_id": subject.pk}
    content = digest(*(None if value is None else str(value) for value in values.values()))
    known: Any = claims.objects.current().filter(load=None, owner=owner, **about)
    if same := known.filter(by=by, stated_on=stated_on, content_hash=content).first():
        kept: Claim = same
        return kept
    known.filter(~Q(by=by) | Q(stated_on=stated_on)).update(recorded_to=at)
    made: Claim = claims.objects.create(
        **about,
        **values,
        by=by,
        key=digest("typed", link, str(subject.pk)),
        content_hash=content,
        as_written=as_written[:200],
        stated_on=stated_on,
        recorded_from=at,
        owner=owner,
        visibility=visibility,
    )
    return made


@transaction.atomic
def withdraw_typed_claim(claim: Claim, *, at: datetime) -> Claim:
    """What was believed before stays readable as known on its day."""
    claim.recorded_to = at
    claim.save(update_fields=["recorded_to"])
    return claim
