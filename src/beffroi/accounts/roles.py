"""Who may do what: one table. Reading is not here, it follows each row's visibility (`visible_to`)."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from beffroi.accounts.enums import Permission, Role
from beffroi.accounts.models import Partner, User
from beffroi.core.requests import Request

ROLES: dict[Role, frozenset[Permission]] = {
    Role.DEVELOPER: frozenset({Permission.NOTE_ACTIVITY}),
    Role.BUREAU_HEAD: frozenset({Permission.WRITE_REPORT, Permission.NOTE_ACTIVITY}),
    Role.PROGRAMME_OFFICER: frozenset(
        {
            Permission.IMPORT_DATA,
            Permission.SETTLE,
            Permission.EDIT_REFERENCE,
            Permission.EDIT_FILES,
            Permission.WRITE_REPORT,
            Permission.FREEZE_REPORT,
            Permission.KEEP_PROGRAMME,
            Permission.EDIT_AGREEMENTS,
        }
    ),
    Role.ELECTED: frozenset({Permission.FREEZE_REPORT}),
    Role.ANALYST: frozenset({Permission.IMPORT_DATA, Permission.SETTLE, Permission.EDIT_REFERENCE, Permission.WRITE_REPORT}),
    Role.FUNDER_OFFICER: frozenset(
        {
            Permission.EDIT_FILES,
            Permission.EDIT_AGREEMENTS,
            Permission.NOTE_ACTIVITY,
            Permission.WRITE_REPORT,
            Permission.FREEZE_REPORT,
        }
    ),
    Role.ADMINISTRATOR: frozenset(Permission),
}

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class SignedInRequest(Request):
    """What a view behind `signed_in` or `requires` receives: its user is a person."""

    user: User


def may(user: "User | AnonymousUser", permission: Permission) -> bool:
    return user.is_authenticated and any(permission in ROLES[role] for role in user.roles)


def own_partner(request: SignedInRequest) -> Partner:
    """What a person types belongs to the institution for which they type it."""
    memberships = request.user.current_memberships
    if not memberships:
        raise PermissionDenied(_("Seul un membre d’une institution partenaire écrit ici."))
    partner: Partner = memberships[0].partner
    return partner


def requires(permission: Permission) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """A view for signed-in people whose role has this permission."""

    def decorate(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            if not may(request.user, permission):
                raise PermissionDenied(Permission(permission).label)
            return view(request, *args, **kwargs)

        guarded.access = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view for any signed-in person."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    guarded.access = "signed_in"  # type: ignore[attr-defined]
    return guarded


def open_to_all(view: View) -> View:
    """A view that anybody may call: its rows are filtered by `visible_to`."""
    view.access = "open"  # type: ignore[attr-defined]
    return view
