from django.urls import URLPattern, URLResolver, path

from beffroi.publishing.views import items, why

app_name = "publishing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("elements/<int:pk>", items.sheet, name="item"),
    path("why/<path:key>", why.why, name="why"),
]
