from django.urls import URLPattern, URLResolver, path

from beffroi.publishing.views import (
    datasets,
    editions,
    indicators,
    organisation,
    overlaps,
    reports,
    settlements,
    sheets,
    subjects,
    territories,
    why,
    word_templates,
)

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
    path("rapports/", reports.reports, name="reports"),
    path("rapports/editions/", editions.editions, name="editions"),
    path("rapports/editions/<int:pk>", editions.edition, name="edition"),
    path("rapports/editions/<int:pk>/signer", editions.sign, name="edition_sign"),
    path("rapports/editions/<int:pk>/<slug:extension>", editions.edition_download, name="edition_download"),
    path("rapports/modele-word", word_templates.template, name="word_template"),
    path("rapports/<slug:code>/", reports.report, name="report"),
    path("rapports/<slug:code>/figer", reports.freeze, name="report_freeze"),
    path("rapports/<slug:code>/<slug:section>", reports.section, name="report_section"),
    path("rapports/<slug:code>/<slug:section>/texte", reports.text, name="report_text"),
    path("indicateurs/<int:pk>", indicators.indicator_sheet, name="indicator"),
    path("territoires/", territories.territories, name="territories"),
    path("organisations/<int:pk>", organisation.sheet, name="organisation"),
    path("acteurs/recouvrements/", overlaps.page, name="overlaps"),
    path("why/<path:key>", why.why, name="why"),
]
