from django.urls import URLPattern, URLResolver, path

from beffroi.publishing.views import why

app_name = "publishing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("why/<path:key>", why.why, name="why"),
]
