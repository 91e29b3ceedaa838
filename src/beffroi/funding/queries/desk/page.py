"""The desk of a programme: everything that its page shows, in a number of queries that does not grow with its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from beffroi.accounts.models import AllPartners, AnyUser, audience
from beffroi.core.figures import Figure
from beffroi.funding.enums import ExpenditureBase, VersionState
from beffroi.funding.models import Envelope, Expenditure, FinancingPlan, Line, Operation, PlanVersion, Programme, Sum, Tranche
from beffroi.funding.queries.desk.aid import aid_rates
from beffroi.funding.queries.desk.amounts import amounts_of
from beffroi.funding.queries.desk.delegations import Delegations, delegations_of
from beffroi.funding.queries.desk.ledger import Ledger, Part, bound
from beffroi.funding.queries.desk.measures import measures_of
from beffroi.funding.queries.desk.plans import reading_of, versions_of
from beffroi.funding.queries.desk.progress import ItemRow, Progress, elapsed
from beffroi.funding.queries.desk.reading import Reading
from beffroi.funding.queries.desk.risk import Risk, risk_of
from beffroi.funding.queries.desk.rules import Checks, checks_of
from beffroi.funding.queries.desk.systems import system_sources
from beffroi.funding.queries.desk.tree import WHOLE, tree_of
from beffroi.provenance.models import Source
from beffroi.provenance.queries import Moment
from beffroi.reference.models import Framework


@dataclass(frozen=True)
class Desk:
    programme: Programme
    rows: Sequence[ItemRow]
    delegations: Delegations | None
    risk: Risk
    checks: Checks
    versions: Sequence[PlanVersion]
    in_force: PlanVersion | None
    envelopes: Sequence[Envelope]
    union_rate: Figure
    aid_rates: Sequence[Figure]
    elapsed: Figure
    period: str
    systems: Sequence[Source]
    left_out: int
    ledger: Ledger

    @property
    def whole(self) -> ItemRow:
        return next(row for row in self.rows if row.scope == WHOLE)

    @property
    def reserved(self) -> list[Any]:
        """What this reader's institution alone sees: shown to it, and in no total."""
        rows = (*self.envelopes, *self.risk.tranches)
        return [row for row in rows if not row.is_seen_by(AllPartners())]

    @property
    def key_figures(self) -> list[Figure]:
        whole = self.whole
        figures = [
            whole.target.with_label(_("Prévu")),
            (whole.programmed if not whole.printed else _larger(whole)).with_label(_("Programmé")),
            whole.rate.with_label(_("Taux de programmation")),
            self.elapsed.with_label(_("Temps écoulé")),
            whole.union_share.with_label(_("Certifié, part de l’Union")),
            self.risk.at_risk.with_label(_("Reste à certifier à la prochaine échéance")),
        ]
        return [figure for figure in figures if figure.is_known] or figures[:3]


def _larger(row: ItemRow) -> Figure:
    """The lines, unless a printed total shows that some are missing."""
    known = [figure for figure in (row.programmed, *row.printed) if figure.value is not None]
    return max(known, key=lambda figure: bound(figure, "low"), default=row.programmed)


def desk_of(programme: Programme, *, viewer: AnyUser, moment: Moment) -> Desk:
    framework = programme.framework
    ledger = Ledger(f"desk:{framework.code}/", programme, framework)
    tree = tree_of(programme, viewer=viewer, moment=moment)
    amounts = amounts_of(programme, tree, ledger, viewer=viewer, moment=moment)
    measures = measures_of(programme, tree, ledger, viewer=audience(viewer), moment=moment)
    versions = versions_of(programme, viewer=viewer)
    current = next((row for row in versions if row.state == VersionState.IN_FORCE), None)
    reading = Reading({}, tree, ledger, {}, "plan/")
    if current is not None:
        reading = reading_of(current, viewer=viewer, moment=moment, ledger=ledger, name="plan/", tree=tree)
    plan = {scope: reading.item(scope) for scope in reading.scopes} if reading.contract else {}
    progress = Progress(amounts, measures, plan)
    start, end, period = _period(framework)
    return Desk(
        programme,
        progress.rows(),
        delegations_of(progress),
        risk_of(programme, progress, viewer=viewer, on=moment.as_of),
        checks_of(framework, reading, viewer=viewer),
        versions,
        current,
        [*amounts.envelopes, *amounts.reserved],
        _union_rate(progress),
        aid_rates(amounts, viewer=audience(viewer), moment=moment),
        _elapsed(ledger, start, end, moment.as_of),
        period,
        system_sources(programme, viewer=viewer),
        amounts.left_out,
        ledger,
    )


def _period(framework: Framework) -> tuple[date | None, date | None, str]:
    version = framework.versions.order_by("-code").first()
    return (version.valid_from, version.valid_to, version.written_period) if version else (None, None, "")


def _elapsed(ledger: Ledger, start: date | None, end: date | None, on: date) -> Figure:
    formula = _("Les jours écoulés de la période du programme, au jour que l’on regarde, sur tous ses jours.")
    return ledger.figure("elapsed", elapsed(start, end, on), formula=formula, unit="ratio")


def _union_rate(progress: Progress) -> Figure:
    """The aid rate of what is certified: never without its base."""
    share, base = (progress.certified(WHOLE, name) for name in (ExpenditureBase.UNION_SHARE, ExpenditureBase.TOTAL))
    parts: list[Part] = [(_("Part de l’Union certifiée"), None, share), (_("Base : coût total certifié"), None, base)]
    formula = _("La part de l’Union certifiée, divisée par le coût total certifié : c’est la base de ce taux.")
    if not share.is_known or not base.is_known or not bound(base, "low"):
        return progress.amounts.ledger.figure("union_rate", None, formula=formula, parts=parts, unit="ratio")
    low, high = bound(share, "low") / bound(base, "high"), bound(share, "high") / bound(base, "low")
    bounds: dict[str, Any] = {} if low == high else {"low": low, "high": high}
    value = low if low == high else None
    return progress.amounts.ledger.figure("union_rate", value, formula=formula, parts=parts, unit="ratio", **bounds)


def programmes_at(viewer: AnyUser) -> Any:
    """The programmes of which something is known."""
    same = {"programme": OuterRef("pk")}
    rows = [
        Exists(table.objects.visible_to(viewer).filter(**same))
        for table in (Line, Sum, Expenditure, Envelope, Tranche, Operation)
    ]
    known = Q(Exists(FinancingPlan.objects.filter(**same)))
    for row in rows:
        known |= Q(row)
    frameworks = Framework.objects.visible_to(viewer).order_by().values("pk")
    found = Programme.objects.visible_to(viewer).filter(known, framework__in=frameworks)
    return found.select_related("framework").order_by("framework__sort_key")
