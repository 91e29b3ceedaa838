"""What every page needs around its content: who serves it, where one may go, at which date one looks."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Permission
from beffroi.accounts.roles import may
from beffroi.core import simulation

CLOCKS = ("as_of", "known_on")
NAVIGATION: tuple[tuple[str, Promise], ...] = (
    ("home", _("Accueil")),
    ("reference:frameworks", _("Stratégies")),
    ("actors:directory", _("Acteurs")),
    ("publishing:territories", _("Territoires")),
    ("indicators:list", _("Indicateurs")),
    ("funding:operations", _("Financements")),
    ("observatory:home", _("Observatoire")),
    ("interactions:week", _("Activité")),
    ("governance:bodies", _("Instances")),
    ("publishing:reports", _("Rapports")),
    ("provenance:imports", _("Données")),
)

# The pages of one matter, side by side on each of them
AREAS: tuple[tuple[tuple[str, Promise], ...], ...] = (
    (
        ("publishing:money", _("Où va l’argent")),
        ("publishing:programmes", _("Programmes")),
        ("funding:operations", _("Opérations")),
        ("funding:files", _("Dossiers")),
        ("funding:calls", _("Appels")),
        ("funding:agreements", _("Conventions")),
        ("publishing:local_plans", _("Plans locaux")),
        ("publishing:instruments", _("Instruments financiers")),
        ("funding:amounts", _("Montants")),
        ("funding:printed", _("Totaux imprimés")),
        ("funding:links", _("Rapprochements")),
    ),
    (
        ("observatory:home", _("Observatoire")),
        ("observatory:map", _("Carte")),
        ("observatory:methods", _("Méthodes")),
        ("observatory:specialisations", _("Spécialisations")),
        ("observatory:documents", _("Tableaux des documents")),
        ("observatory:portfolios", _("Portefeuilles")),
        ("observatory:runs", _("Analyses gardées")),
    ),
    (
        ("interactions:week", _("Ma semaine")),
        ("interactions:visits", _("Visites")),
        ("interactions:needs", _("Besoins")),
        ("interactions:supports", _("Accompagnements")),
        ("interactions:services", _("Services")),
        ("interactions:offers", _("Savoir-faire")),
        ("publishing:booster", _("BOOSTER")),
        ("publishing:activity_reports", _("Rapports aux financeurs")),
        ("interactions:shares", _("Parts des conventions")),
        ("publishing:visit_note", _("Note avant visite")),
        ("interactions:crisis_cells", _("Cellules de crise")),
        ("interactions:events", _("Événements")),
        ("interactions:follow_up", _("Suites des événements")),
        ("interactions:campaigns", _("Campagnes")),
        ("interactions:segmentation", _("Segmentation")),
    ),
)


def address_of(name: str, *args: object, **kwargs: object) -> str:
    """The address of a page, or nothing when this installation does not have it."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def release() -> str:
    try:
        return version("beffroi")
    except PackageNotFoundError:
        return "0"


def looked_at(request: HttpRequest) -> dict[str, Any]:
    """The two clocks of this page, and the addresses of the same page today and as seen now."""
    as_of = getattr(request, "as_of", timezone.localdate())
    known_on = getattr(request, "known_on", timezone.now())
    rest = request.GET.copy()
    for clock in CLOCKS:
        rest.pop(clock, None)
    today = f"{request.path}?{rest.urlencode()}" if rest else request.path
    rest["as_of"] = as_of.isoformat()
    rest["known_on"] = known_on.isoformat(timespec="seconds")
    return {
        "as_of": as_of,
        "known_on": known_on,
        "is_elsewhere": getattr(request, "is_past_view", False) or as_of != timezone.localdate(),
        "today_address": today,
        "cite_address": request.build_absolute_uri(f"{request.path}?{rest.urlencode()}"),
    }


def area(request: HttpRequest) -> list[dict[str, Any]]:
    """The other pages of the matter of this one; those that this installation does not have are not listed."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    pages = next((pages for pages in AREAS if here in dict(pages)), ())
    clocks = {name: request.GET[name] for name in CLOCKS if request.GET.get(name)}
    kept = f"?{urlencode(clocks)}" if clocks else ""
    return [
        {"label": text, "address": f"{address}{kept}", "current": name == here}
        for name, text in pages
        if (address := address_of(name))
    ]


def site(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    return {
        "site_name": "Beffroi",
        "site_version": RELEASE,
        "is_demo": settings.DEMO,
        "simulated": simulation.SAID if simulation.is_simulated() else "",
        "languages": settings.LANGUAGES,
        "navigation": NAVIGATION,
        "area": area(request),
        "looked_at": looked_at(request),
        "is_signed_in": bool(user and user.is_authenticated),
        "may": {permission.value: may(user, permission) for permission in Permission} if user else {},
        "search_words": request.GET.get("q", ""),
    }


RELEASE = release()
