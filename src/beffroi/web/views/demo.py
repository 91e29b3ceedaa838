"""The mails that the demonstration wrote instead of sending them."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core import mail as post


def stop_outside_demo() -> None:
    if not settings.DEMO:
        raise Http404


@open_to_all
def mails(request: HttpRequest) -> HttpResponse:
    stop_outside_demo()
    return render(request, "demo/mails.html", {"mails": post.kept_mails(settings.DATA / "mails")})


@open_to_all
def mail(request: HttpRequest, name: str) -> HttpResponse:
    stop_outside_demo()
    found = next((one for one in post.kept_mails(settings.DATA / "mails") if one.name == name), None)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})
