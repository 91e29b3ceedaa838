from django.urls import URLPattern, URLResolver, path

from beffroi.provenance.views import anomalies, imports, loads, profiles

app_name = "provenance"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", imports.imports, name="imports"),
    path("sources/<slug:code>", imports.source, name="source"),
    path("fichiers/<int:pk>", imports.snapshot_file, name="snapshot_file"),
    path("rapprochement", imports.reconciled, name="reconciliation"),
    path("chargements/", imports.loads, name="loads"),
    path("chargements/nouveau", loads.new_load, name="new_load"),
    path("chargements/<int:pk>", loads.load, name="load"),
    path("chargements/<int:pk>/avancement", loads.load_progress, name="load_progress"),
    path("chargements/<int:pk>/arreter", loads.cancel_load, name="cancel_load"),
    path("chargements/<int:pk>/appliquer", loads.apply_load, name="apply_load"),
    path("chargements/<int:pk>/rejets.csv", loads.rejections_file, name="rejections_file"),
    path("profils/", profiles.profiles, name="profiles"),
    path("profils/<slug:code>", profiles.profile, name="profile"),
    path("profils/<slug:code>/modele.csv", profiles.profile_model, name="profile_model"),
    path("profils/<slug:code>/copier", profiles.clone_profile, name="clone_profile"),
    path("profils/<slug:code>/modifier", profiles.change_profile, name="change_profile"),
    path("anomalies/", anomalies.anomalies, name="anomalies"),
    path("anomalies/<int:pk>", anomalies.anomaly, name="anomaly"),
    path("anomalies/<int:pk>/regler", anomalies.settle, name="settle_anomaly"),
    path("anomalies/<int:pk>/rouvrir", anomalies.reopen, name="reopen_anomaly"),
]
