from django.urls import URLPattern, path

from beffroi.interactions.views import device, visits, week

app_name = "interactions"
urlpatterns: list[URLPattern] = [
    path("", week.week, name="week"),
    path("secteur", week.work_area, name="work_area"),
    path("visites/", visits.visits, name="visits"),
    path("visites/nouvelle", visits.add_visit, name="add_visit"),
    path("visites/prevoir", visits.plan_visit, name="plan_visit"),
    path("visites/envoi", device.send_visit, name="send_visit"),
    path("visites/qui", device.offered_subjects, name="offered_subjects"),
    path("visites/vues", device.seen_lately, name="seen_lately"),
    path("visites/<int:pk>", visits.visit, name="visit"),
    path("visites/<int:pk>/modifier", visits.change_visit, name="change_visit"),
    path("visites/<int:pk>/deplacer", visits.move_visit, name="move_visit"),
]
