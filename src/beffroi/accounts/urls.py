from django.urls import path

from beffroi.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.own, name="own"),
    path("personnes/", views.people, name="users"),
    path("personnes/ajouter", views.add, name="add"),
    path("personnes/<int:pk>", views.person, name="user"),
    path("personnes/<int:pk>/roles", views.give_role, name="give_role"),
    path("personnes/<int:pk>/roles/<int:membership>/fin", views.end_role, name="end_role"),
    path("personnes/<int:pk>/fermer", views.close, name="close"),
    path("personnes/<int:pk>/rouvrir", views.reopen, name="reopen"),
    path("cles/", views.keys, name="keys"),
    path("cles/<int:pk>/revoquer", views.revoke_key, name="revoke_key"),
    path("journal/", views.trail, name="audit"),
    path("journal/consultations", views.readings, name="readings"),
]
