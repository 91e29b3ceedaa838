from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from beffroi.accounts import actions, queries
from beffroi.accounts.enums import Permission, Reading, Role
from beffroi.accounts.forms import EndForm, KeyForm, RoleForm, TrailForm, UserForm
from beffroi.accounts.models import Membership, User
from beffroi.accounts.roles import ROLES, SignedInRequest, requires, signed_in
from beffroi.core.refusals import told_to

EVENTS_PER_PAGE = 50


@signed_in
def own(request: SignedInRequest) -> HttpResponse:
    user = request.user
    allowed = sorted({permission.label for role in user.roles for permission in ROLES[role]})
    return render(request, "accounts/own.html", {"memberships": queries.memberships_of(user), "allowed": allowed})


@requires(Permission.MANAGE_USERS)
def people(request: SignedInRequest) -> HttpResponse:
    return render(request, "accounts/people.html", {"people": queries.people()})


@requires(Permission.MANAGE_USERS)
def add(request: SignedInRequest) -> HttpResponse:
    form = UserForm(request.POST or None, initial={"since": timezone.localdate()})
    if request.method != "POST" or not form.is_valid():
        return render(request, "accounts/add.html", {"form": form})
    answers = form.cleaned_data
    user = actions.add_user(answers["email"], name=answers["name"], by=request.user)
    actions.give_role(user, partner=answers["partner"], role=Role(answers["role"]), since=answers["since"], by=request.user)
    messages.success(request, _("Compte ouvert. L’invitation à choisir un mot de passe est partie par courriel."))
    return redirect("accounts:user", user.pk)


@requires(Permission.MANAGE_USERS)
def person(request: SignedInRequest, pk: int) -> HttpResponse:
    return show_person(request, get_object_or_404(User, pk=pk), RoleForm(initial={"since": timezone.localdate()}))


def show_person(request: SignedInRequest, user: User, role_form: RoleForm, status: int = 200) -> HttpResponse:
    context = {
        "person": user,
        "memberships": queries.memberships_of(user),
        "role_form": role_form,
        "end_form": EndForm(initial={"until": timezone.localdate()}),
        "blockers": queries.blockers_to_closing(user, by=request.user) if user.is_active else [],
    }
    return render(request, "accounts/person.html", context, status=status)


@requires(Permission.MANAGE_USERS)
@require_POST
def give_role(request: SignedInRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(User, pk=pk)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return show_person(request, user, form, status=422)
    answers = form.cleaned_data
    actions.give_role(user, partner=answers["partner"], role=Role(answers["role"]), since=answers["since"], by=request.user)
    return redirect("accounts:user", pk)


@requires(Permission.MANAGE_USERS)
@require_POST
def end_role(request: SignedInRequest, pk: int, membership: int) -> HttpResponse:
    found = get_object_or_404(Membership.objects.current().select_related("partner", "user"), pk=membership, user=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Le rôle continue : donnez son dernier jour."))
        return redirect("accounts:user", pk)
    with told_to(request):
        actions.end_role(found, until=form.cleaned_data["until"], by=request.user)
    return redirect("accounts:user", pk)


@requires(Permission.MANAGE_USERS)
@require_POST
def close(request: SignedInRequest, pk: int) -> HttpResponse:
    with told_to(request):
        actions.close_account(get_object_or_404(User, pk=pk), by=request.user)
    return redirect("accounts:user", pk)


@requires(Permission.MANAGE_USERS)
@require_POST
def reopen(request: SignedInRequest, pk: int) -> HttpResponse:
    actions.reopen_account(get_object_or_404(User, pk=pk), by=request.user)
    return redirect("accounts:user", pk)


@requires(Permission.READ_AUDIT)
def trail(request: SignedInRequest) -> HttpResponse:
    form = TrailForm(request.GET, viewer=request.user, acts=queries.acts_of_the_trail(request.user))
    events = queries.audit_trail(viewer=request.user, **_asked(form))
    page = Paginator(events, EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/trail.html", {"form": form, "page": page})


@requires(Permission.READ_AUDIT)
def readings(request: SignedInRequest) -> HttpResponse:
    """Who read contacts or a crisis cell, who took a file away."""
    form = TrailForm(request.GET, viewer=request.user, acts=Reading.values)
    page = Paginator(queries.readings(request.user, **_asked(form)), EVENTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/readings.html", {"form": form, "page": page})


def _asked(form: TrailForm) -> dict[str, Any]:
    """What the address asks; a filter that does not read is left out."""
    wanted = form.cleaned_data if form.is_valid() else {}
    person = wanted.get("person")
    return {
        "act": wanted.get("act", ""),
        "person": person and person.pk,
        "start": wanted.get("start"),
        "end": wanted.get("end"),
    }


@requires(Permission.MANAGE_USERS)
def keys(request: SignedInRequest) -> HttpResponse:
    """Those of the person's own institutions; a new one's secret is in this answer and in no other."""
    partners, secret = queries.administered(request.user), ""
    form = KeyForm(request.POST or None, partners=partners)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        _made, secret = actions.make_key(said["partner"], label=said["label"], by=request.user)
        form = KeyForm(partners=partners)
    context = {"form": form, "keys": queries.keys_of(request.user), "secret": secret, "may_make": bool(partners)}
    answer = render(request, "accounts/keys.html", context, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@requires(Permission.MANAGE_USERS)
@require_POST
def revoke_key(request: SignedInRequest, pk: int) -> HttpResponse:
    key = actions.revoke_key(get_object_or_404(queries.keys_of(request.user), pk=pk), by=request.user)
    messages.success(request, _("La clé « %(key)s » n’ouvre plus rien.") % {"key": key})
    return redirect("accounts:keys")
