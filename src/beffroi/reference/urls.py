from django.urls import URLPattern, URLResolver, path

from beffroi.reference.views import crosswalks, frameworks, systems

app_name = "reference"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", frameworks.frameworks, name="frameworks"),
    path("cadres/<slug:code>", frameworks.framework, name="framework"),
    path("correspondances", crosswalks.crosswalks, name="crosswalks"),
    path("correspondances/<int:pk>", crosswalks.crosswalk, name="crosswalk"),
    path("correspondances/<int:pk>/corriger", crosswalks.correct, name="correct"),
    path("outils", systems.systems, name="systems"),
    path("outils/<int:pk>", systems.system, name="system"),
    path("regles", systems.rules, name="rules"),
]
