from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.core.datasets import Dataset
from beffroi.core.exports import Column, Type
from beffroi.governance.enums import kind_label
from beffroi.governance.models import Body, Meeting
from beffroi.provenance.datasets import seen
from beffroi.provenance.queries import Moment

ABOUT = ("about_item", "about_framework", "about_organisation")


def _bodies(viewer: AnyUser, moment: Moment) -> QuerySet[Body]:
    return (
        Body.objects.visible_to(viewer).filter(seen(viewer, "framework")).select_related("framework").order_by("sort_key", "pk")
    )


def _meetings(viewer: AnyUser, moment: Moment) -> QuerySet[Meeting]:
    rows = Meeting.objects.visible_to(viewer).filter(seen(viewer, "body", "organiser", *ABOUT))
    return rows.select_related("body", "organiser", *ABOUT).order_by(F("start").asc(nulls_last=True), "pk")


def _about(row: Meeting) -> str:
    return next((str(thing) for name in ABOUT if (thing := getattr(row, name)) is not None), "")


BODIES = Dataset(
    name="bodies",
    title=_("Instances"),
    description=_(
        "Comités, conférences et bureaux : leur rôle, leur composition et le nombre de réunions qu’ils doivent tenir."
    ),
    columns=(
        Column("document", _("Document"), Type.CODE, _("Code de la source."), lambda row: row.namespace),
        Column("code", _("Code"), Type.CODE),
        Column("label", _("Instance")),
        Column("framework", _("Cadre"), Type.CODE, "", lambda row: row.framework.code if row.framework else ""),
        Column("purpose", _("Rôle")),
        Column("composition", _("Composition"), Type.TEXT, _("Comme la source l’écrit.")),
        Column("meetings_a_year", _("Réunions par an"), Type.NUMBER, _("Vide si la source ne le dit pas.")),
        Column("chair", _("Présidence")),
        Column("installed_on", _("Installée le"), Type.DATE),
    ),
    query=_bodies,
)
MEETINGS = Dataset(
    name="meetings",
    title=_("Réunions et actes"),
    description=_("Ce que les sources datent : réunions, installations, signatures, délibérations."),
    columns=(
        Column("date", _("Date"), Type.TEXT, _("Comme la source l’écrit."), lambda row: row.written_date),
        Column("start", _("Début"), Type.DATE),
        Column("end", _("Fin"), Type.DATE),
        Column("kind", _("Nature"), Type.TEXT, "", lambda row: kind_label(row.kind)),
        Column("body", _("Instance"), Type.TEXT, "", lambda row: row.body),
        Column("organiser", _("Organisateur"), Type.TEXT, "", lambda row: row.organiser),
        Column("about", _("Au sujet de"), Type.TEXT, "", _about),
        Column("detail", _("Objet")),
    ),
    query=_meetings,
)
