from django.urls import path

from beffroi.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.own, name="own"),
]
