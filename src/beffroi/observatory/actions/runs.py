from collections.abc import Mapping, Set
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import User
from beffroi.core.refusals import Refused
from beffroi.observatory.models import AnalysisRun
from beffroi.observatory.queries.inputs import rights_of, snapshots_of
from beffroi.observatory.queries.runs import Analysis, contents, hash_of


@transaction.atomic
def keep_run(analysis: Analysis, *, parameters: Mapping[str, str], title: str, as_of: date, by: User) -> AnalysisRun:
    """A run keeps its own result: later files change what one reads today, never what was kept. It is for partners when
    an indicator that it reads is, and belongs to the partner whose own values it reads."""
    if analysis.table is None:
        raise Refused(analysis.refusal)
    result = contents(analysis.table)
    narrowest, owners = rights_of(analysis.asked)
    run = AnalysisRun.objects.create(
        method=analysis.method.name,
        title=title.strip()[:200] or str(analysis.method.label),
        parameters=dict(parameters),
        as_of=as_of,
        result=result,
        result_hash=hash_of(result),
        rows=len(result["rows"]),
        visibility=narrowest,
        owner_id=_owner(owners, by) if narrowest > Visibility.PARTNERS else None,
        by=by,
        at=timezone.now(),
    )
    run.snapshots.set(snapshots_of(analysis.asked))
    record_act("analysis_kept", by=by, subject=("analysisrun", run.pk), method=run.method)
    return run


def _owner(owners: Set[int], by: User) -> int:
    """The one partner of the person whose own values were read."""
    own = owners & by.partner_ids
    if len(own) != 1 or owners - own:
        raise Refused(
            _(
                "Cette analyse lit des valeurs réservées à plusieurs partenaires : elle ne peut être gardée pour un seul. Rien "
                "n’est gardé ; choisissez des indicateurs d’un seul partenaire."
            )
        )
    return next(iter(own))
