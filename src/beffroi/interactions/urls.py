from django.urls import URLPattern, path

from beffroi.interactions.views import crisis, device, visits, week

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
    path("cellules/", crisis.cells, name="crisis_cells"),
    path("cellules/nouvelle", crisis.add_cell, name="add_crisis_cell"),
    path("cellules/precedent", crisis.record, name="crisis_record"),
    path("cellules/<int:pk>", crisis.cell, name="crisis_cell"),
    path("cellules/<int:pk>/totaux", crisis.totals, name="crisis_totals"),
    path("cellules/<int:pk>/membres", crisis.members, name="crisis_members"),
    path("cellules/<int:pk>/membres/<int:user>/retirer", crisis.remove_member, name="remove_crisis_member"),
    path("cellules/<int:pk>/confier", crisis.name_lead, name="crisis_lead"),
    path("cellules/<int:pk>/clore", crisis.close_cell, name="close_crisis_cell"),
    path("cellules/<int:pk>/entreprises/nouvelle", crisis.add_case, name="add_crisis_case"),
    path("cellules/dossiers/<int:pk>", crisis.case, name="crisis_case"),
    path("cellules/dossiers/<int:pk>/modifier", crisis.change_case, name="change_crisis_case"),
    path("cellules/dossiers/<int:pk>/traitement", crisis.add_treatment, name="crisis_treatment"),
    path("cellules/dossiers/<int:pk>/sortie", crisis.leave, name="crisis_leave"),
    path("cellules/dossiers/<int:pk>/deplacer", crisis.move, name="crisis_move"),
]
