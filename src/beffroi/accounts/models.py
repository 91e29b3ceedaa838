from typing import Any, ClassVar, Self, TypeAlias

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Act, Reading, Role, Visibility


class Partner(models.Model):
    """An institution that uses Beffroi."""

    code = models.SlugField(_("code"), max_length=80, unique=True)
    name = models.CharField(_("nom"), max_length=200)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    email = models.EmailField(_("courriel"), unique=True)
    name = models.CharField(_("nom"), max_length=150)
    is_active = models.BooleanField(_("actif"), default=True)
    is_demo = models.BooleanField(_("compte de démonstration"), default=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    def __str__(self) -> str:
        return self.name

    @cached_property
    def current_memberships(self) -> list["Membership"]:
        return list(self.memberships.current().select_related("partner"))

    @property
    def roles(self) -> set[Role]:
        return {Role(membership.role) for membership in self.current_memberships}

    @property
    def partner_ids(self) -> set[int]:
        return {membership.partner_id for membership in self.current_memberships}


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(until__isnull=True)


class Membership(models.Model):
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    partner = models.ForeignKey(Partner, models.PROTECT, related_name="memberships", verbose_name=_("partenaire"))
    role = models.CharField(_("rôle"), max_length=32, choices=Role)
    since = models.DateField(_("depuis"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "partner", "role"], condition=Q(until__isnull=True), name="membership_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="membership_ends_after_it_starts",
                violation_error_message="La fin d’une appartenance ne précède pas son début.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.partner} · {self.role}"


def seen(link: str, user: "User | AnonymousUser") -> Q:
    """The rows that this reader may see, by their own level or, with a link, by that of the row it leads to."""
    name = f"{link}__" if link else ""
    if not user.is_authenticated or not user.partner_ids:
        return Q(**{f"{name}visibility": Visibility.PUBLIC})
    return Q(**{f"{name}visibility__lte": Visibility.PARTNERS}) | Q(**{f"{name}owner__in": user.partner_ids})


class RestrictedQuerySet(models.QuerySet[Any]):
    """Rows that have an owner and a visibility: nothing is shown that was not asked through here."""

    def visible_to(self, user: "User | AnonymousUser") -> Self:
        return self.filter(seen("", user))


class Restricted(models.Model):
    owner = models.ForeignKey(Partner, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("propriétaire"))
    visibility = models.SmallIntegerField(_("visibilité"), choices=Visibility, default=Visibility.PUBLIC)

    class Meta:
        abstract = True

    def is_seen_by(self, user: "User | AnonymousUser") -> bool:
        """What `visible_to` says of rows, of one that is already at hand."""
        if not user.is_authenticated or not user.partner_ids:
            return bool(self.visibility == Visibility.PUBLIC)
        return self.visibility <= Visibility.PARTNERS or self.owner_id in user.partner_ids


class AuditEvent(models.Model):
    """Who did what, and when. Written by actions, never changed."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=80)
    subject_kind = models.CharField(max_length=32, blank=True)
    subject_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"])]

    def __str__(self) -> str:
        return f"{self.act} {self.subject_kind} {self.subject_id}"

    @property
    def act_label(self) -> str:
        """The acts of the other apps are shown as their code says them."""
        for acts in (Act, Reading):
            if self.act in acts:
                return str(acts(self.act).label)
        return self.act.replace("_", " ")


class Everybody(AnonymousUser):
    """The reader for whom public totals are made."""

    name = "public"


class AllPartners(AnonymousUser):
    """The reader for whom the partners' totals are made: what any partner may see, and no partner's own rows."""

    name = "partners"
    is_authenticated = True  # type: ignore[assignment]
    partner_ids = frozenset({0})
    roles: frozenset[Role] = frozenset()


AnyUser: TypeAlias = User | AnonymousUser


def audience(viewer: AnyUser) -> Everybody | AllPartners:
    """Totals exist in two versions only, so that two readers of a meeting never hold two figures."""
    return AllPartners() if viewer.is_authenticated and viewer.partner_ids else Everybody()


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def live(self) -> Self:
        return self.filter(revoked_at__isnull=True)


class ApiKey(models.Model):
    """What a program of an institution signs its requests with. Its secret is shown once; only its digest is kept."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="api_keys", verbose_name=_("institution"))
    label = models.CharField(_("usage"), max_length=100)
    prefix = models.CharField(_("début"), max_length=12, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("créée par"))
    made_at = models.DateTimeField(_("créée le"))
    last_used_at = models.DateTimeField(_("dernier usage"), null=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("révoquée par"))
    revoked_at = models.DateTimeField(_("révoquée le"), null=True)
    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["partner", "-made_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_key_revoked_by_somebody",
                violation_error_message="Une clé révoquée l’est à une date, par quelqu’un.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.prefix}…)"


class KeyHolder(AnonymousUser):
    """A program that signs with a key: what its institution may see and note, and nobody's name."""

    is_authenticated = True  # type: ignore[assignment]
    roles: frozenset[Role] = frozenset({Role.DEVELOPER})

    def __init__(self, key: ApiKey) -> None:
        super().__init__()
        self.key = key
        self.name = str(key)
        self.partner_ids = frozenset({key.partner_id})
