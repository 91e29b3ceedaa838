from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from beffroi.accounts.actions import record_act
from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import User
from beffroi.indicators.models import Observation
from beffroi.observatory.models import AnalysisRun
from beffroi.observatory.queries.inputs import snapshots_of
from beffroi.observatory.queries.runs import Analysis, contents, hash_of


class NothingToKeep(ValueError):
    """The method gave no result; the message says why."""


@transaction.atomic
def keep_run(analysis: Analysis, *, parameters: Mapping[str, str], title: str, as_of: date, by: User) -> AnalysisRun:
    """A run keeps its own result: later files change what one reads today, never what was kept. It is for partners when
    an indicator that it reads is."""
    if analysis.table is None:
        raise NothingToKeep(analysis.refusal)
    result = contents(analysis.table)
    read = [analysis.asked.indicator, *analysis.asked.others]
    claims = Observation.objects.visible_to(by).filter(cell__indicator__in=read)
    levels = [indicator.visibility for indicator in read] + [claims.aggregate(most=Max("visibility"))["most"] or 0]
    narrowest = max(levels)
    run = AnalysisRun.objects.create(
        method=analysis.method.name,
        title=title.strip()[:200] or str(analysis.method.label),
        parameters=dict(parameters),
        as_of=as_of,
        result=result,
        result_hash=hash_of(result),
        rows=len(result["rows"]),
        visibility=narrowest,
        owner_id=next(iter(by.partner_ids), None) if narrowest > Visibility.PARTNERS else None,
        by=by,
        at=timezone.now(),
    )
    run.snapshots.set(snapshots_of(analysis.asked))
    record_act("analysis_kept", by=by, subject=("analysisrun", run.pk), method=run.method)
    return run
