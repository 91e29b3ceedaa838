from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from beffroi.accounts.models import Restricted, RestrictedQuerySet, User
from beffroi.actors.models import Organisation
from beffroi.funding.enums import ContractStatus, Origin, SandboxState, VersionKind, VersionState
from beffroi.funding.models.claims import CENTS
from beffroi.funding.models.envelopes import YEARS, key_of
from beffroi.funding.models.programmes import Programme
from beffroi.reference.models import Item

IN_FORCE = Q(state=VersionState.IN_FORCE)


class FinancingPlan(models.Model):
    """Who is to pay what, for which part of a programme, which year. Its amounts are in its versions."""

    programme = models.OneToOneField(Programme, models.PROTECT, related_name="plan")

    def __str__(self) -> str:
        return str(self.programme)

    def get_absolute_url(self) -> str:
        return reverse("funding:plan", args=[self.programme.framework.code])


class PlanVersion(Restricted):
    """A state of a financing plan: signed, amended, revised at mid-term, or only proposed."""

    plan = models.ForeignKey(FinancingPlan, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("numéro"))
    label = models.CharField(_("intitulé"), max_length=200)
    kind = models.CharField(_("nature"), max_length=8, choices=VersionKind)
    state = models.CharField(_("état"), max_length=9, choices=VersionState, default=VersionState.PROPOSED)
    decided_on = models.DateField(_("date de décision"), null=True, blank=True)
    justification = models.TextField(_("justification"), blank=True)
    based_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="amendments")
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    objects = RestrictedQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="plan_version_number_once"),
            models.UniqueConstraint(
                fields=["plan"],
                condition=IN_FORCE,
                name="plan_version_one_in_force",
                violation_error_message="Une seule version d’une maquette est en vigueur.",
            ),
            models.CheckConstraint(
                condition=~IN_FORCE | Q(decided_on__isnull=False),
                name="plan_version_in_force_since_a_decision",
                violation_error_message="Une version en vigueur a la date de sa décision.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("funding:version", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether its amounts may still be typed; those of a version decided on change by an amendment only."""
        return self.state == VersionState.PROPOSED


class PlanCell(models.Model):
    """One funder's amount for one item and one year. Without item, the whole programme; without year, the whole period."""

    version = models.ForeignKey(PlanVersion, models.CASCADE, related_name="cells")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="plan_cells", verbose_name=_("élément"))
    funder = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="plan_cells", verbose_name=_("financeur")
    )
    origin = models.CharField(_("origine"), max_length=12, choices=Origin, default=Origin.UNSTATED)
    year = models.PositiveSmallIntegerField(_("année"), null=True, blank=True)
    contract_status = models.CharField(
        _("statut au contrat"), max_length=16, choices=ContractStatus, default=ContractStatus.CONTRACTUALISED
    )
    cents = models.BigIntegerField(_("montant"))
    digest = models.CharField(max_length=32, editable=False)
    history = HistoricalRecords()

    class Meta:
        ordering = ["item__position", "item__code", "funder__sort_key", "year", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "digest"],
                name="plan_cell_once",
                violation_error_message="Cette version a déjà un montant pour cet élément, ce financeur et cette année.",
            ),
            models.CheckConstraint(
                condition=Q(cents__gte=0),
                name="plan_cell_is_not_negative",
                violation_error_message="Un montant de maquette n’est pas négatif.",
            ),
            models.CheckConstraint(
                condition=YEARS, name="plan_cell_year", violation_error_message="L’année d’un montant va de 1950 à 2100."
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item or self.version} · {self.funder or self.get_origin_display()}"

    @property
    def identity(self) -> str:
        return key_of("cell", self.item_id, self.funder_id, self.origin, self.year, self.contract_status)

    @property
    def amount(self) -> Decimal:
        return self.cents / CENTS


class Sandbox(Restricted):
    """A copy of a version where moves are tried: nothing of the plan changes until a proposal is decided on. `revision` grows
    at each act, so that nobody undoes unseen what another person just did."""

    base = models.ForeignKey(PlanVersion, models.PROTECT, related_name="sandboxes")
    label = models.CharField(_("intitulé"), max_length=200)
    state = models.CharField(_("état"), max_length=8, choices=SandboxState, default=SandboxState.OPEN)
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    proposal = models.OneToOneField(PlanVersion, models.PROTECT, null=True, related_name="sandbox")
    objects = RestrictedQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=SandboxState.PROPOSED, proposal__isnull=False)
                | (~Q(state=SandboxState.PROPOSED) & Q(proposal__isnull=True)),
                name="sandbox_proposed_with_its_proposal",
                violation_error_message="Un bac à sable proposé a sa version proposée, les autres n’en ont pas.",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def get_absolute_url(self) -> str:
        return reverse("funding:sandbox", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == SandboxState.OPEN


class Move(models.Model):
    """An amount taken from one place of the plan and put in another: the total stays."""

    sandbox = models.ForeignKey(Sandbox, models.CASCADE, related_name="moves")
    from_item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    from_funder = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    from_origin = models.CharField(max_length=12, choices=Origin)
    from_year = models.PositiveSmallIntegerField(null=True)
    from_status = models.CharField(max_length=16, choices=ContractStatus)
    to_item = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+")
    to_funder = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    to_origin = models.CharField(max_length=12, choices=Origin)
    to_year = models.PositiveSmallIntegerField(null=True)
    to_status = models.CharField(max_length=16, choices=ContractStatus)
    cents = models.BigIntegerField()
    reason = models.CharField(_("raison"), max_length=300, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cents__gt=0),
                name="move_of_some_money",
                violation_error_message="Un mouvement porte sur un montant plus grand que zéro.",
            ),
            models.CheckConstraint(
                condition=Q(undone_by__isnull=True, undone_at__isnull=True)
                | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="move_undone_by_somebody_at_a_moment",
                violation_error_message="Un mouvement annulé dit par qui et quand.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} €"

    @property
    def amount(self) -> Decimal:
        return self.cents / CENTS
