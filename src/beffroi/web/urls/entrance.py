"""The pages of django-allauth that Beffroi opens, under French addresses. Accounts are made by an administrator."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.urls import path, re_path
from django.views.generic import RedirectView

from beffroi.web.views import signing_in

own_account = RedirectView.as_view(pattern_name="accounts:own")

urlpatterns = [
    path("connexion/", signing_in.log_in, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("inactif/", account.account_inactive, name="account_inactive"),
    path("inscription/", account.signup, name="account_signup"),
    path("courriel/", own_account, name="account_email"),
    path("verification/", own_account, name="account_email_verification_sent"),
    path("confirmation/", account.reauthenticate, name="account_reauthenticate"),
    path("mot-de-passe/", account.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", account.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", account.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", account.password_reset_done, name="account_reset_password_done"),
    path("mot-de-passe/nouveau/fait/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("second-facteur/", mfa.index, name="mfa_index"),
    path("second-facteur/code/", mfa.authenticate, name="mfa_authenticate"),
    path("second-facteur/confirmation/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("second-facteur/activer/", totp.activate_totp, name="mfa_activate_totp"),
    path("second-facteur/desactiver/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-facteur/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-facteur/codes/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-facteur/codes/fichier/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("fournisseur/annule/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("fournisseur/erreur/", social.login_error, name="socialaccount_login_error"),
    path("fournisseur/inscription/", social.signup, name="socialaccount_signup"),
    path("fournisseur/", own_account, name="socialaccount_connections"),
    path("fournisseur/<str:provider_id>/", signing_in.go_to_provider, name="openid_connect_login"),
    path("fournisseur/<str:provider_id>/retour/", signing_in.come_back_from_provider, name="openid_connect_callback"),
]
