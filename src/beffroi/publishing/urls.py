from django.urls import URLPattern, URLResolver, path

from beffroi.publishing.views import sheets, why

app_name = "publishing"
urlpatterns: list[URLPattern | URLResolver] = [
    path("elements/<int:pk>", sheets.item_sheet, name="item"),
    path("operations/<int:pk>", sheets.operation_sheet, name="operation"),
    path("instances/<int:pk>", sheets.body_sheet, name="body"),
    path("why/<path:key>", why.why, name="why"),
]
