from django.http import HttpResponse
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core.requests import Request


@open_to_all
def accessibility(request: Request) -> HttpResponse:
    return render(request, "about/accessibility.html")


@open_to_all
def legal(request: Request) -> HttpResponse:
    return render(request, "about/legal.html")
