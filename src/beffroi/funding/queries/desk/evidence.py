"""Why a figure of the desk, of a plan, of a sandbox or of a comparison: the page is computed again and asked for it."""

from django.utils.translation import gettext as _

from beffroi.accounts.models import AnyUser
from beffroi.core.figures import Figure
from beffroi.funding.models import Envelope, PlanVersion, Programme, Sandbox
from beffroi.funding.queries.desk.page import desk_of, programmes_at
from beffroi.funding.queries.desk.plans import plan_page
from beffroi.funding.queries.desk.sandboxes import sandbox_page
from beffroi.funding.queries.desk.systems import system_comparison
from beffroi.provenance.models import Source
from beffroi.provenance.queries import Moment
from beffroi.provenance.queries.evidence import Counted, Question


def _programme(code: str, viewer: AnyUser) -> Programme | None:
    rows = Programme.objects.visible_to(viewer).select_related("framework")
    return rows.filter(framework__code=code).first()


def of_desk(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`framework/name of the figure`."""
    programme = _programme(rest.partition("/")[0], viewer)
    if programme is None:
        return None
    return desk_of(programme, viewer=viewer, moment=moment).ledger.found.get(f"desk:{rest}")


def of_plan(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`version/name of the figure`."""
    rows = PlanVersion.objects.visible_to(viewer).select_related("plan__programme__framework")
    version = rows.filter(pk=int(rest.partition("/")[0])).first()
    if version is None:
        return None
    page = plan_page(version, viewer=viewer, moment=moment)
    _shown = (page.rows, page.funders, page.years, page.reading.total, page.reading.apart)
    return page.reading.ledger.found.get(f"plan:{rest}")


def of_sandbox(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`sandbox/name of the figure`."""
    rows = Sandbox.objects.visible_to(viewer).select_related("base__plan__programme__framework")
    box = rows.filter(pk=int(rest.partition("/")[0])).first()
    if box is None:
        return None
    return sandbox_page(box, viewer=viewer, moment=moment).after.ledger.found.get(f"sandbox:{rest}")


def of_system(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`framework/source/name of the figure`."""
    code, _slash, named = rest.partition("/")
    programme, source = _programme(code, viewer), Source.objects.filter(code=named.partition("/")[0]).first()
    if programme is None or source is None:
        return None
    found = system_comparison(programme, source, viewer=viewer, moment=moment)
    return found.ledger.found.get(f"system:{rest}")


def of_envelope(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """`pk`: an envelope as it was typed or loaded."""
    row = (
        Envelope.objects.visible_to(viewer).select_related("programme__framework", "fund", "item").filter(pk=int(rest)).first()
    )
    if row is None:
        return None
    formula = _("Une enveloppe telle qu’une personne l’a saisie ou qu’un fichier la donne : sa page en garde l’historique.")
    return Counted(row, formula, row.figure, (), row)


def of_programmes(rest: str, viewer: AnyUser, moment: Moment) -> Counted | None:
    """How many programmes have a desk."""
    rows = list(programmes_at(viewer))
    formula = _("Les programmes et contrats que vous pouvez voir et dont un montant, une enveloppe ou une opération est connu.")
    return Counted(_("Programmes"), formula, Figure(value=len(rows)), [(row, row, None) for row in rows])


COUNTED: dict[str, Question] = {
    "desk": of_desk,
    "programmes": of_programmes,
    "plan": of_plan,
    "sandbox": of_sandbox,
    "system": of_system,
    "envelope": of_envelope,
}
