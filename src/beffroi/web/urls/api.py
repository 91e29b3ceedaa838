"""The interface for the programs of operators. What it takes and gives is `interactions.views.api.table`."""

from django.urls import path, re_path

from beffroi.interactions.views.api import documented, push
from beffroi.interactions.views.api.table import BY_NAME

app_name = "api"
KIND = f"(?P<kind>{'|'.join(BY_NAME)})"
urlpatterns = [
    path("", documented.documentation, name="documentation"),
    path("v1/openapi.json", documented.openapi, name="openapi"),
    path("v1/codes", push.codes, name="codes"),
    re_path(rf"^v1/{KIND}$", push.rows, name="rows"),
    re_path(rf"^v1/{KIND}/batch$", push.batch, name="batch"),
    re_path(rf"^v1/{KIND}/(?P<client_id>.{{1,64}})$", push.row, name="row"),
    path("v1/<path:rest>", documented.nowhere, name="nowhere"),
]
