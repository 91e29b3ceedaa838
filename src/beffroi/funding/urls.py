from django.urls import URLPattern, URLResolver, path

from beffroi.funding.views import amounts, operations, printed

app_name = "funding"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", operations.operations, name="operations"),
    path("montants", amounts.amounts, name="amounts"),
    path("totaux", printed.printed, name="printed"),
]
