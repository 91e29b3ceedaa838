from django.urls import URLPattern, URLResolver, path

from beffroi.indicators.views import following, freshness, indicators, targets, values

app_name = "indicators"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", indicators.indicators, name="list"),
    path("valeurs", values.values, name="values"),
    path("retards", targets.behind, name="behind"),
    path("<int:pk>/suivre", following.follow, name="follow"),
    path("<int:pk>/ne-plus-suivre", following.unfollow, name="unfollow"),
    path("fraicheur", freshness.freshness, name="freshness"),
]
