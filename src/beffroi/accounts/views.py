from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from beffroi.accounts.roles import signed_in


@signed_in
def own(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/own.html")
