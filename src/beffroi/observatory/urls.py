from django.urls import path

from beffroi.observatory.views import (
    documents,
    home,
    maps,
    methods,
    portfolios,
    runs,
    specialisations,
    territories,
    vocabularies,
)

app_name = "observatory"
urlpatterns = [
    path("", home.home, name="home"),
    path("carte", maps.indicator_map, name="map"),
    path("methodes/", methods.listed, name="methods"),
    path("methodes/<slug:name>", methods.page, name="method"),
    path("territoires/<int:pk>", territories.profile, name="territory"),
    path("documents", documents.printed, name="documents"),
    path("specialisations", specialisations.compared, name="specialisations"),
    path("specialisations/ouvrir", specialisations.open_crosswalk, name="open_crosswalk"),
    path("analyses/", runs.listed, name="runs"),
    path("analyses/garder/<slug:name>", runs.keep, name="keep_run"),
    path("analyses/<int:pk>", runs.run, name="run"),
    path("portefeuilles/", portfolios.listed, name="portfolios"),
    path("portefeuilles/nouveau", portfolios.add, name="add_portfolio"),
    path("portefeuilles/<int:pk>", portfolios.portfolio, name="portfolio"),
    path("portefeuilles/<int:pk>/decider", portfolios.decide, name="decide_labels"),
    path("portefeuilles/<int:pk>/reclasser", portfolios.classify, name="classify_portfolio"),
    path("portefeuilles/<int:pk>/retirer", portfolios.remove, name="remove_portfolio"),
    path("portefeuilles/textes/<int:pk>", portfolios.text, name="portfolio_text"),
    path("vocabulaires/<slug:code>", vocabularies.vocabulary, name="vocabulary"),
    path("vocabulaires/<slug:code>/changer", vocabularies.change, name="change_vocabulary"),
]
