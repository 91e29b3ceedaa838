from django.urls import URLPattern, URLResolver, path

from beffroi.actors.views import directory, identity, people, same_as

app_name = "actors"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", directory.directory, name="directory"),
    path("doublons/", same_as.desk, name="same_as"),
    path("doublons/decider", same_as.settle_many, name="settle_many"),
    path("doublons/<int:pk>", same_as.settle, name="settle_same_as"),
    path("porteurs/", people.holders, name="holders"),
    path("porteurs/nouveau", people.add_holder, name="add_holder"),
    path("porteurs/<int:pk>", people.change_holder, name="change_holder"),
    path("porteurs/<int:pk>/organisation", people.become, name="become_organisation"),
    path("<int:pk>/contacts/nouveau", people.add_contact, name="add_contact"),
    path("contacts/<int:pk>", people.change_contact, name="change_contact"),
    path("<int:pk>/siren", identity.siren, name="set_siren"),
    path("<int:pk>/etablissements/nouveau", identity.establishment, name="add_establishment"),
]
