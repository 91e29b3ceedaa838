from django.urls import URLPattern, URLResolver, path

from beffroi.publishing.views import datasets, settlements, sheets, subjects, why

app_name = "publishing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("elements/<int:pk>", sheets.item_sheet, name="item"),
    path("operations/<int:pk>", sheets.operation_sheet, name="operation"),
    path("instances/<int:pk>", sheets.body_sheet, name="body"),
    path("objets/<slug:kind>/<int:pk>", subjects.subject, name="subject"),
    path("regler/<slug:kind>/<int:pk>", settlements.settle, name="settle"),
    path("regler/<slug:kind>/<int:pk>/annuler", settlements.unsettle, name="unsettle"),
    path("jeux-de-donnees/", datasets.catalogue, name="datasets"),
    path("jeux-de-donnees/<slug:name>", datasets.dataset, name="dataset"),
    path("jeux-de-donnees/<slug:name>.<slug:form>", datasets.dataset_file, name="dataset_file"),
    path("why/<path:key>", why.why, name="why"),
]
