"""What forbids serving the public: one sentence each, none when all is well."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.db import DatabaseError

from beffroi.accounts.models import User

SHORTEST_KEY = 50


def blockers_to_settings(*, production: bool, debug: bool, key: str, local_key: str) -> list[str]:
    if not production:
        return []
    blockers = []
    if debug:
        blockers.append("BEFFROI_DEBUG=1 montre le code et les données à tous : retirez-le en production.")
    if key == local_key:
        blockers.append("BEFFROI_SECRET_KEY manque ou vaut la clé d’essai : donnez une clé à vous, d’au moins 50 caractères.")
    elif len(key) < SHORTEST_KEY:
        blockers.append(f"BEFFROI_SECRET_KEY n’a que {len(key)} caractères : il en faut au moins {SHORTEST_KEY}.")
    return blockers


def blockers_to_accounts(*, production: bool, demo_accounts: int) -> list[str]:
    if not production or not demo_accounts:
        return []
    return [f"La base contient {demo_accounts} comptes de démonstration : la production n’ouvre pas cette base."]


def present_blockers_to_settings() -> list[str]:
    return blockers_to_settings(
        production=settings.PRODUCTION, debug=settings.DEBUG, key=settings.SECRET_KEY, local_key=settings.LOCAL_KEY
    )


def present_blockers_to_accounts() -> list[str]:
    if not settings.PRODUCTION:
        return []
    try:
        demo_accounts = User.objects.filter(is_demo=True).count()
    except DatabaseError:  # before the first migration there is no account
        return []
    return blockers_to_accounts(production=True, demo_accounts=demo_accounts)


def present_blockers() -> list[str]:
    return present_blockers_to_settings() + present_blockers_to_accounts()


def check_settings(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    return [checks.Error(sentence, id="beffroi.E001") for sentence in present_blockers_to_settings()]


def check_accounts(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[checks.CheckMessage]:
    return [checks.Error(sentence, id="beffroi.E002") for sentence in present_blockers_to_accounts()]
