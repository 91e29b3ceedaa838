"""A database of invented facts: marked once while it is empty, it never takes real ones and says what it is everywhere.

The row of the database is the mark. A file of the data folder repeats it, so that each page says it without asking."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.core.models import Simulation
from beffroi.core.refusals import Refused

FILE = "simulated"
SAID = gettext_lazy("Activité simulée : les entreprises, les personnes et les chiffres de cette base sont inventés.")
PREFIX = "simule-"  # of the name of every file that leaves


def _file() -> Path:
    return Path(settings.DATA) / FILE


def is_simulated() -> bool:
    return _file().exists()


def mark_simulated(*, seed: int, operators: int, years: int, real: Model | None) -> Simulation:
    """`real`: what the database already holds that is not invented, if anything."""
    if isinstance(real, Simulation):
        raise Refused(_("Cette base est déjà simulée. Rien n’est écrit ; prenez une base vide pour une autre simulation."))
    if real is not None:
        raise Refused(
            _(
                "Cette base contient déjà des faits réels (« %(first)s ») : une activité inventée ne s’y mêle pas. "
                "Rien n’est écrit. Choisissez une base vide, par BEFFROI_DATA ou BEFFROI_DATABASE."
            )
            % {"first": real}
        )
    made = Simulation.objects.create(seed=seed, operators=operators, years=years, made_at=timezone.now())
    repeat_mark()
    return made


def repeat_mark() -> None:
    """The file of this data folder says what the database says; called before pages are served."""
    if Simulation.objects.exists():
        _file().parent.mkdir(parents=True, exist_ok=True)
        _file().touch()
    else:
        _file().unlink(missing_ok=True)


def said_of_loads() -> str:
    """Why a load is refused, or nothing."""
    if not Simulation.objects.exists():
        return ""
    return _(
        "Cette base est simulée : elle ne reçoit aucun fichier réel. "
        "Rien n’est chargé ; ouvrez une autre base pour vos données."
    )


def filename(name: str) -> str:
    return f"{PREFIX}{name}" if is_simulated() else name


def about(said: dict[str, Any]) -> dict[str, Any]:
    return {"simulated": str(SAID), **said} if is_simulated() else said
