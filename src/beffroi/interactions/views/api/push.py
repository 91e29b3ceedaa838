"""One thing at a time or many: written by the same actions as the screens, answered row by row."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import ValidationError as WrongShape
from pydantic_core import ErrorDetails

from beffroi.core.problems import problem, problem_of
from beffroi.core.refusals import Refused
from beffroi.interactions.actions.push import PushConflict, Pushed, push
from beffroi.interactions.forms.push import MOST_ROWS
from beffroi.interactions.queries.push import UnknownReference, own_rows, told
from beffroi.interactions.queries.push import codes as known_codes
from beffroi.interactions.views.api.keyed import KeyedRequest, with_key
from beffroi.interactions.views.api.table import BY_NAME

PAGE, LARGEST_PAGE = 50, 200
LARGEST_ID = 2**63 - 1
SENTENCES = {
    "missing": gettext_lazy("Ce champ manque."),
    "extra_forbidden": gettext_lazy("Ce champ n’existe pas."),
    "string_too_long": gettext_lazy("Ce texte est trop long."),
    "string_too_short": gettext_lazy("Ce texte est vide."),
    "enum": gettext_lazy("Cette valeur n’est pas l’une de celles qui sont permises."),
    "literal_error": gettext_lazy("Cette valeur n’est pas l’une de celles qui sont permises."),
}
Problem = dict[str, Any]


@with_key
def rows(request: KeyedRequest, kind: str) -> HttpResponse:
    """GET: the institution's own rows, from the oldest written. POST: one more."""
    if request.method == "GET":
        return _page(request, kind)
    if request.method != "POST":
        return not_allowed("GET, POST")
    said = _body(request)
    if not isinstance(said, dict):
        return _unreadable()
    status, pushed, refused = _outcome(request, kind, said)
    if pushed is None:
        assert refused is not None
        return problem(**refused)
    answer = JsonResponse(told(kind, pushed.row), status=status)
    answer.headers["Location"] = reverse("api:row", args=[kind, pushed.row.client_id])
    return answer


@with_key
def batch(request: KeyedRequest, kind: str) -> HttpResponse:
    """Each row is written or refused by itself; the answer says which, in the order received."""
    if request.method != "POST":
        return not_allowed("POST")
    said = _body(request)
    given = said.get("rows") if isinstance(said, dict) else None
    if not isinstance(given, list) or not given or len(given) > MOST_ROWS:
        sentence = _("Envoyez un objet {« rows »: [...]} de 1 à %(most)s lignes.") % {"most": MOST_ROWS}
        return problem(422, _("Lot refusé, rien n’est écrit"), sentence)
    found = [_told_outcome(request, kind, index, one) for index, one in enumerate(given)]
    counts = {name: sum(row["status"] in codes for row in found) for name, codes in COUNTED.items()}
    return JsonResponse({"rows": found, **counts})


COUNTED = {"written": {201}, "known": {200}, "refused": {409, 422}}


@with_key
def row(request: KeyedRequest, kind: str, client_id: str) -> HttpResponse:
    if request.method != "GET":
        return not_allowed("GET")
    found = own_rows(kind, request.holder).filter(client_id=client_id).first()
    if found is None:
        return problem(404, _("Introuvable"), _("Votre institution n’a aucune ligne de ce numéro."))
    return JsonResponse(told(kind, found))


@with_key
def codes(request: KeyedRequest) -> HttpResponse:
    return JsonResponse(known_codes()) if request.method == "GET" else not_allowed("GET")


def _told_outcome(request: KeyedRequest, kind: str, index: int, said: Any) -> dict[str, Any]:
    status, pushed, refused = _outcome(request, kind, said)
    client_id = said.get("client_id", "") if isinstance(said, dict) else ""
    row = {"index": index, "client_id": client_id if isinstance(client_id, str) else "", "status": status}
    return row | ({"id": pushed.row.pk} if pushed else {"problem": problem_of(**(refused or {}))})


def _outcome(request: KeyedRequest, kind: str, said: Any) -> tuple[int, Pushed | None, Problem | None]:
    """The status, and either the row or why it was refused."""
    title = _("Ligne refusée, rien n’est écrit")
    try:
        read = BY_NAME[kind].shape.model_validate(said).model_dump()
        pushed = push(kind, read, key=request.holder.key, at=timezone.now())
        return (201 if pushed.is_new else 200), pushed, None
    except WrongShape as error:
        return 422, None, {"status": 422, "title": title, "errors": [_field_error(one) for one in error.errors()]}
    except PushConflict as error:
        return 409, None, {"status": 409, "title": _("Numéro déjà pris"), "detail": str(error)}
    except UnknownReference as error:
        errors = [{"field": error.field, "sentence": str(error)}]
        return 422, None, {"status": 422, "title": title, "errors": errors}
    except (Refused, ValidationError) as error:
        return 422, None, {"status": 422, "title": title, "detail": " ".join(error.messages)}


def _field_error(one: ErrorDetails) -> dict[str, str]:
    """Our own sentences go as they are, those of the library in words of ours."""
    said = one["msg"].removeprefix("Value error, ") if one["type"] == "value_error" else ""
    given = _("La valeur donnée n’a pas la forme attendue.")
    return {"field": ".".join(map(str, one["loc"])), "sentence": said or str(SENTENCES.get(one["type"], given))}


def _page(request: KeyedRequest, kind: str) -> HttpResponse:
    after, limit = request.GET.get("after", "0"), request.GET.get("limit", str(PAGE))
    if not (_is_number(after) and _is_number(limit) and 0 < int(limit) <= LARGEST_PAGE):
        sentence = _("« after » est celui que donne la page d’avant, « limit » va de 1 à %(most)s.") % {"most": LARGEST_PAGE}
        return problem(422, _("Page refusée"), sentence)
    found = list(own_rows(kind, request.holder).filter(pk__gt=int(after))[: int(limit) + 1])
    shown = found[: int(limit)]
    following = f"{reverse('api:rows', args=[kind])}?after={shown[-1].pk}&limit={limit}" if len(found) > len(shown) else None
    return JsonResponse({"rows": [told(kind, one) for one in shown], "next": following})


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID


def _body(request: KeyedRequest) -> Any:
    """None when it is not JSON."""
    try:
        return json.loads(request.body)
    except (ValueError, RecursionError):
        return None


def _unreadable() -> HttpResponse:
    return problem(400, _("Envoi illisible, rien n’est écrit"), _("Envoyez un objet JSON en UTF-8."))


def not_allowed(methods: str) -> HttpResponse:
    return problem(
        405, _("Méthode refusée"), _("Cette adresse répond à : %(methods)s.") % {"methods": methods}, headers={"Allow": methods}
    )
