from django.urls import URLPattern, URLResolver, path

from beffroi.governance.views import bodies

app_name = "governance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", bodies.bodies, name="bodies"),
    path("reunions", bodies.meetings, name="meetings"),
]
