"""Who asks: a program that signs with its institution's key, so many times a minute at most."""

from collections.abc import Callable
from functools import wraps

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from beffroi.accounts import actions as accounts
from beffroi.accounts.enums import Permission
from beffroi.accounts.models import ApiKey, KeyHolder
from beffroi.accounts.queries import key_called
from beffroi.core.problems import problem

A_MINUTE = 300  # requests of one key; a batch is one
SECONDS = 60
SCHEME = "Bearer "


class KeyedRequest(HttpRequest):
    """What a view of the interface receives."""

    holder: KeyHolder


def with_key(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The key stands in a header that browsers never send by themselves: no form of another site can use it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        given = request.headers.get("Authorization", "")
        key = key_called(given.removeprefix(SCHEME).strip()) if given.startswith(SCHEME) else None
        if key is None:
            sentence = _("Donnez une clé en vigueur dans l’en-tête « Authorization: Bearer … ».")
            return problem(401, _("Clé absente ou inconnue"), sentence, headers={"WWW-Authenticate": "Bearer"})
        if _is_too_much(key):
            sentence = _("Au plus %(most)s requêtes par minute et par clé : attendez une minute, ou envoyez par lots.")
            return problem(429, _("Trop de requêtes"), sentence % {"most": A_MINUTE}, headers={"Retry-After": str(SECONDS)})
        accounts.note_use(key)
        request.holder = KeyHolder(key)  # type: ignore[attr-defined]
        answer = view(request, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    guarded.access = Permission.NOTE_ACTIVITY  # type: ignore[attr-defined]
    return csrf_exempt(guarded)


def _is_too_much(key: ApiKey) -> bool:
    name = f"api:{key.pk}:{int(timezone.now().timestamp()) // SECONDS}"
    cache.add(name, 0, SECONDS * 2)
    return cache.incr(name) > A_MINUTE
