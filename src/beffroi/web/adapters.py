"""Where django-allauth asks Beffroi: who may enter, how mails leave, what the audit trail keeps."""

from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from beffroi.accounts import actions
from beffroi.accounts.enums import Act
from beffroi.accounts.models import User
from beffroi.core import mail
from beffroi.web import errors

NOTICED = {
    "account/email/password_changed": Act.PASSWORD_CHANGED,
    "account/email/password_reset": Act.PASSWORD_CHANGED,
    "account/email/password_set": Act.PASSWORD_CHANGED,
    "mfa/email/totp_activated": Act.SECOND_FACTOR_ADDED,
    "mfa/email/totp_deactivated": Act.SECOND_FACTOR_REMOVED,
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            raise ImmediateHttpResponse(errors.too_many(request)) from error

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        actions.record_failed_sign_in(credentials.get("email", ""))

    def post_login(
        self, request: HttpRequest, user: User, *, signal_kwargs: dict[str, Any] | None, **kwargs: Any
    ) -> HttpResponse:
        answer = super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)
        records = request.session.get("account_authentication_methods", [])
        actions.record_sign_in(user, method="+".join(record["method"] for record in records) or "demo")
        return cast(HttpResponse, answer)

    def reauthenticate(self, user: User, password: str) -> bool:
        """The address stands on the account itself, there is no second table of addresses."""
        return bool(self.authenticate(self.request, email=user.email, password=password) == user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        template = template_prefix.replace("/email/", "/mails/") + ".txt"
        mail.queue_template(template, to=email, **{key: value for key, value in context.items() if key != "email"})

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        if template_prefix in NOTICED:
            actions.record_act(NOTICED[template_prefix], by=user, subject=("user", user.pk))
        self.send_mail(template_prefix, email or user.email, context or {})


class SocialAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The first time, the address says which account it is; afterwards the provider's own identifier does."""
        if sociallogin.is_existing:
            return
        addresses = [address.email.lower() for address in sociallogin.email_addresses]
        user = User.objects.filter(email__in=addresses, is_active=True, is_demo=False).first()
        if user is None:
            raise ImmediateHttpResponse(render(request, "socialaccount/unknown_person.html", status=403))
        sociallogin.connect(request, user)
