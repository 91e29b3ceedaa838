from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all


@open_to_all
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "home.html")
