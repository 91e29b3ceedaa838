"""The OpenAPI document and the page that explains it, both drawn from the table of the interface."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from beffroi.accounts.roles import open_to_all
from beffroi.core.problems import MEDIA_TYPE, problem
from beffroi.core.requests import Request
from beffroi.interactions.forms import push as shapes
from beffroi.interactions.forms.push import MOST_ROWS
from beffroi.interactions.views.api.keyed import A_MINUTE
from beffroi.interactions.views.api.push import LARGEST_PAGE, PAGE
from beffroi.interactions.views.api.table import RESOURCES, Resource

REF = "#/components/schemas/{model}"
ALWAYS = (shapes.Problem, shapes.BatchAnswer, shapes.Codes)
JSON = "application/json"
Schema = dict[str, Any]


def document(address: str) -> Schema:
    paths = {path: item for resource in RESOURCES for path, item in _paths(resource).items()}
    paths["/codes"] = {"get": _operation("codes", _("Les codes que les envois nomment"), {"200": _answer(_ref(shapes.Codes))})}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Beffroi", "version": "1", "description": _about()},
        "servers": [{"url": address}],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": _schemas(),
        },
    }


def _about() -> str:
    return _(
        "Envoi des visites, des besoins et des événements d’un opérateur depuis son logiciel. Une clé a les droits de son "
        "institution ; au plus %(most)s requêtes par minute."
    ) % {"most": A_MINUTE}


def _schemas() -> Schema:
    sent = [(resource.shape, "validation") for resource in RESOURCES]
    read = [(model, "serialization") for model in (*(resource.row for resource in RESOURCES), *ALWAYS)]
    _names, schemas = models_json_schema([*sent, *read], ref_template=REF)  # type: ignore[list-item]
    found: Schema = schemas["$defs"]
    return found


def _ref(model: type[BaseModel]) -> Schema:
    return {"$ref": REF.format(model=model.__name__)}


def _answer(schema: Schema, media: str = JSON) -> Schema:
    return {"description": _("réponse"), "content": {media: {"schema": schema}}}


def _refusals(*statuses: int) -> Schema:
    refused = {"description": _("refus, en une phrase"), "content": {MEDIA_TYPE: {"schema": _ref(shapes.Problem)}}}
    return {str(status): refused for status in (401, 429, *statuses)}


def _operation(name: str, summary: object, answers: Schema, **more: Any) -> Schema:
    refused = more.pop("refused", ())
    return {"operationId": name, "summary": str(summary), "responses": answers | _refusals(*refused), **more}


def _body(schema: Schema, example: Any) -> Schema:
    return {"required": True, "content": {JSON: {"schema": schema, "example": example}}}


def _asked(name: str, place: str, schema: Schema, *, required: bool) -> Schema:
    return {"name": name, "in": place, "required": required, "schema": schema}


def _paths(resource: Resource) -> Schema:
    row, kind = _ref(resource.row), resource.name
    page = {
        "type": "object",
        "required": ["rows", "next"],
        "properties": {"rows": {"type": "array", "items": row}, "next": {"type": ["string", "null"]}},
    }
    many = {"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": _ref(resource.shape)}
    rows = {"type": "object", "required": ["rows"], "properties": {"rows": many}}
    sizes = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE}
    following = [
        _asked("after", "query", {"type": "integer"}, required=False),
        _asked("limit", "query", sizes, required=False),
    ]
    number = [_asked("client_id", "path", {"type": "string"}, required=True)]
    words = {"what": resource.label}
    return {
        f"/{kind}": {
            "get": _operation(
                f"list_{kind}", _("Relire ses %(what)s") % words, {"200": _answer(page)}, parameters=following, refused=(422,)
            ),
            "post": _operation(
                f"push_{kind}",
                _("Envoyer : %(what)s") % words,
                {"201": _answer(row), "200": _answer(row)},
                requestBody=_body(_ref(resource.shape), resource.example),
                refused=(400, 409, 422),
            ),
        },
        f"/{kind}/batch": {
            "post": _operation(
                f"push_many_{kind}",
                _("Envoyer par lot : %(what)s") % words,
                {"200": _answer(_ref(shapes.BatchAnswer))},
                requestBody=_body(rows, {"rows": [resource.example]}),
                refused=(422,),
            ),
        },
        f"/{kind}/{{client_id}}": {
            "get": _operation(
                f"read_{kind}",
                _("Relire une ligne : %(what)s") % words,
                {"200": _answer(row)},
                parameters=number,
                refused=(404,),
            ),
        },
    }


@open_to_all
def openapi(request: Request) -> HttpResponse:
    return JsonResponse(document(request.build_absolute_uri("/api/v1")))


@open_to_all
def documentation(request: Request) -> HttpResponse:
    told = document(request.build_absolute_uri("/api/v1"))
    operations = [
        {"method": method.upper(), "path": f"/api/v1{path}", "summary": operation["summary"]}
        for path, item in told["paths"].items()
        for method, operation in item.items()
    ]
    fields = [(resource, _fields(resource, told["components"]["schemas"])) for resource in RESOURCES]
    context = {"operations": operations, "fields": fields, "most": A_MINUTE, "rows": MOST_ROWS}
    return render(request, "interactions/api.html", context | {"address": request.build_absolute_uri("/api/v1")})


def _fields(resource: Resource, schemas: Schema) -> list[dict[str, Any]]:
    shape = schemas[resource.shape.__name__]
    required = shape.get("required", [])
    return [
        {"name": name, "required": name in required, "about": _meaning(said), "kind": _kind(said)}
        for name, said in shape["properties"].items()
    ]


def _meaning(said: Schema) -> str:
    return str(next((one["description"] for one in (said, *said.get("anyOf", ())) if "description" in one), ""))


def _kind(said: Schema) -> str:
    options = said.get("anyOf", [said])
    words = [str(one.get("format") or one.get("$ref", "").rpartition("/")[2] or one.get("type", "")) for one in options]
    listed = said.get("enum") or next((one["enum"] for one in options if "enum" in one), None)
    return " | ".join(map(str, listed)) if listed else ", ".join(word for word in words if word not in ("", "null"))


@open_to_all
def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    return problem(404, _("Introuvable"), _("L’interface n’a pas cette adresse : voir /api/ pour celles qu’elle a."))
