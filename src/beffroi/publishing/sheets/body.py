from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser
from beffroi.governance.models import Body
from beffroi.governance.queries import body_duty, mandates_at, meetings_about
from beffroi.provenance.queries import Moment
from beffroi.publishing.sheets import Section, anomalies_section, sources_section


def about(body: Body, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return {"body": body, "duty": body_duty(body, moment=moment, viewer=viewer)}


def mandates(body: Body, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    rows = list(mandates_at(body, moment))
    return {"mandates": rows, "count": len(rows)} if rows else None


def meetings(body: Body, viewer: AnyUser, moment: Moment) -> dict[str, Any] | None:
    return meetings_about(Q(body=body), moment=moment, viewer=viewer)


SECTIONS = (
    Section("description", _("Ce qu’elle est"), "governance/_body_section.html", about),
    Section("membres", _("Qui y siège"), "governance/_mandates_section.html", mandates),
    Section("reunions", _("Réunions et actes"), "governance/_meetings_section.html", meetings),
    anomalies_section("body"),
    sources_section("body"),
)
