from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static

from beffroi.accounts.roles import open_to_all
from beffroi.core.requests import Request


@open_to_all
def accessibility(request: Request) -> HttpResponse:
    return render(request, "about/accessibility.html")


@open_to_all
def legal(request: Request) -> HttpResponse:
    return render(request, "about/legal.html")


@open_to_all
def icon(request: Request) -> HttpResponse:
    """What a browser asks of its own accord beside a file or a page that is not ours to write."""
    return redirect(static("img/belfry.svg"))
