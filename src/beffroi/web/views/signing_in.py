"""Log-in: by password, by the institution's provider, or in one press in the demonstration."""

from typing import Any, cast

from allauth.account.utils import get_next_redirect_url, perform_login
from allauth.account.views import LoginView
from allauth.socialaccount.internal import jwtkit
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect import views as openid
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.crypto import constant_time_compare, get_random_string
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from beffroi.accounts import queries
from beffroi.accounts.models import User
from beffroi.accounts.roles import open_to_all
from beffroi.core.text import row_number

PROVIDER = "openid"
NONCE = "oidc_nonce"
KEPT = ("sub", "email", "email_verified")  # of all that a provider says about a person


class LogIn(LoginView):  # type: ignore[misc]
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = reverse("openid_connect_login", args=[PROVIDER]) if settings.SOCIALACCOUNT_PROVIDERS else ""
        return {
            **super().get_context_data(**kwargs),
            "demo_accounts": queries.demo_accounts() if settings.DEMO else [],
            "provider": {"name": settings.OIDC_NAME, "address": address} if address else None,
        }


log_in = open_to_all(LogIn.as_view())


@open_to_all
@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    if not settings.DEMO:
        raise Http404
    chosen = request.POST.get("account", "")
    user = get_object_or_404(User, pk=row_number(chosen) or 0, is_demo=True, is_active=True)
    return cast(HttpResponse, perform_login(request, user, redirect_url=get_next_redirect_url(request)))


class ProviderAdapter(openid.OpenIDConnectOAuth2Adapter):  # type: ignore[misc]
    """Checks the signature and the nonce of what the provider answers, and keeps three fields of it."""

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        identity = self.signed(app, kwargs["response"].get("id_token", ""))
        if not constant_time_compare(identity.get("nonce", ""), request.session.pop(NONCE, get_random_string(32))):
            raise OAuth2Error("The identity does not answer this request")
        person = self.user_info(app, token.token)
        if person.get("sub") != identity["sub"] or person.get("email_verified") is False:
            raise OAuth2Error("The identity and the person differ, or the address is not verified")
        return self.get_provider().sociallogin_from_response(request, {"userinfo": {name: person.get(name) for name in KEPT}})

    def signed(self, app: Any, credential: str) -> dict[str, Any]:
        return jwtkit.verify_and_decode(  # type: ignore[no-any-return]
            credential=credential,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )

    def user_info(self, app: Any, access_token: str) -> dict[str, Any]:
        """ProConnect answers with a signed token where others answer with plain JSON."""
        with openid.get_adapter().get_requests_session() as session:
            answer = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
            answer.raise_for_status()
        if answer.headers.get("Content-Type", "").startswith("application/jwt"):
            return self.signed(app, answer.text)
        return cast(dict[str, Any], answer.json())


@open_to_all
@require_POST
def go_to_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    nonce = request.session[NONCE] = get_random_string(32)
    query = request.GET.copy()
    query["auth_params"] = urlencode({"nonce": nonce})
    request.GET = query  # type: ignore[assignment]
    return cast(HttpResponse, openid.login(request, provider_id))


@open_to_all
def come_back_from_provider(request: HttpRequest, provider_id: str) -> HttpResponse:
    view = OAuth2CallbackView.adapter_view(ProviderAdapter(request, provider_id))
    return cast(HttpResponse, view(request))
