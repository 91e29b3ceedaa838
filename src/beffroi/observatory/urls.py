from django.urls import path

from beffroi.observatory.views import documents, home, maps, methods, runs, specialisations, territories

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
]
