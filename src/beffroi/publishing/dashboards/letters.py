"""The dashboard by e-mail: the figures in words, and the address where they are explained."""

from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from beffroi.accounts.models import AnyUser
from beffroi.interactions.actions.letters import send_due_letters
from beffroi.interactions.enums import Letter
from beffroi.interactions.queries.counted import Scope
from beffroi.interactions.queries.shelf import forget_old_counts
from beffroi.publishing.dashboards.booster import Booster, month_text
from beffroi.publishing.dashboards.digest import Digest


def written(letter: Letter, period: date, user: AnyUser, on: date) -> tuple[str, str]:
    return _digest(period, user, on) if letter == Letter.HALF_YEAR else _month(period, user, on)


def _month(month: date, user: AnyUser, on: date) -> tuple[str, str]:
    found = Booster(month, Scope(), user, on)
    lines = [
        _("%(label)s : %(now)s ; un mois avant : %(before)s ; un an avant : %(year)s")
        % {"label": row.label, "now": row.now.text, "before": row.before.text, "year": row.year_before.text}
        for row in found.measures
    ]
    heard = _("Opérateurs qui ont envoyé quelque chose : %(known)s sur %(parts)s.") % {
        "known": found.complete.known,
        "parts": found.complete.parts,
    }
    address = _address(reverse("publishing:booster"), f"mois={month:%Y-%m}")
    subject = _("BOOSTER, l’activité des opérateurs : %(month)s") % {"month": month_text(month)}
    return subject, _text([*lines, "", heard], address)


def _digest(period: date, user: AnyUser, on: date) -> tuple[str, str]:
    found = Digest(period, user, on)
    lines = [f"{row.label} : {row.now.text}" for row in found.measures]
    address = _address(reverse("publishing:booster_digest", args=[found.code]))
    subject = _("L’activité des opérateurs : %(period)s") % {"period": found.title}
    return subject, _text(lines, address)


def _address(path: str, query: str = "") -> str:
    """Outside a request, the first name of the installation; without one, the path alone."""
    hosts = [name for name in settings.ALLOWED_HOSTS if settings.PRODUCTION and "*" not in name]
    return f"{f'https://{hosts[0]}' if hosts else ''}{path}{'?' if query else ''}{query}"


def _text(lines: list[Any], address: str) -> str:
    end = _("Pour ne plus recevoir cet envoi : %(address)s") % {"address": _address(reverse("publishing:booster_letters"))}
    return "\n".join([*map(str, lines), "", address, "", end, ""])


def send_letters(now: datetime) -> None:
    """Of the schedule: at most once a person and a period."""
    with override("fr"):
        send_due_letters(timezone.localtime(now).date(), write=written)
    forget_old_counts()
