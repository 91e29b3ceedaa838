from django.urls import include, path

from beffroi.web import errors
from beffroi.web.views import about, demo, health, home, search, signing_in

urlpatterns = [
    path("", home.home, name="home"),
    path("search", search.search, name="search"),
    path("accessibilite", about.accessibility, name="accessibility"),
    path("mentions-legales", about.legal, name="legal"),
    path("favicon.ico", about.icon, name="icon"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("langue/", include("django.conf.urls.i18n")),
    path("comptes/", include("beffroi.web.urls.entrance")),
    path("comptes/", include("beffroi.accounts.urls")),
    path("demo/connexion", signing_in.demo_sign_in, name="demo_sign_in"),
    path("demo/mails", demo.mails, name="demo_mails"),
    path("demo/mails/<str:name>", demo.mail, name="demo_mail"),
    path("donnees/", include("beffroi.provenance.urls")),
    path("strategies/", include("beffroi.reference.urls")),
    path("acteurs/", include("beffroi.actors.urls")),
    path("indicateurs/", include("beffroi.indicators.urls")),
    path("financements/", include("beffroi.funding.urls")),
    path("instances/", include("beffroi.governance.urls")),
    path("activite/", include("beffroi.interactions.urls")),
    path("api/", include("beffroi.web.urls.api")),
    path("observatoire/", include("beffroi.observatory.urls")),
    path("", include("beffroi.publishing.urls")),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler413 = errors.too_large
handler429 = errors.too_many
handler500 = errors.broken
