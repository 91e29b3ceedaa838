from datetime import date

from beffroi.accounts.enums import Role
from beffroi.accounts.models import Membership, Partner, User

PASSWORD = "une phrase assez longue"


def partner(code: str = "lille") -> Partner:
    return Partner.objects.get_or_create(code=code, defaults={"name": code.title()})[0]


def person(
    email: str = "jeanne@lille.example", *, at: str = "lille", role: Role | None = Role.DEVELOPER, **fields: object
) -> User:
    user = User.objects.create_user(email, PASSWORD, **{"name": email.partition("@")[0].title(), **fields})
    if role:
        Membership.objects.create(user=user, partner=partner(at), role=role, since=date(2026, 1, 1))
    return user


def administrator(email: str = "anne@lille.example") -> User:
    return person(email, role=Role.ADMINISTRATOR)
