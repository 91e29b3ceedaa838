from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.enums import Visibility
from beffroi.actors.models import Organisation, ProjectHolder
from beffroi.funding.enums import Cycle, Instrument, Origin, Stage, StepKind
from beffroi.funding.forms.fields import (
    ApplicantField,
    AreaField,
    CentsField,
    InProgramme,
    OrganisationField,
    PeriodField,
    day_input,
)
from beffroi.funding.models import CENTS, Application, Call, Line, Operation, Programme

LEVELS = [(level.value, level.label) for level in (Visibility.PARTNERS, Visibility.OWNER, Visibility.PUBLIC)]
ASKED = [origin for origin in Origin if origin != Origin.UNSTATED]
STAGES = [("", _("à choisir")), *((one.value, one.label) for one in Stage if one != Stage.UNSTATED)]
GROUPS = [("programme", _("programme")), ("call", _("appel")), ("year", _("année de dépôt"))]


class FileFilter(forms.Form):
    q = forms.CharField(label=_("Mots, demandeur ou numéro"), required=False, widget=forms.SearchInput)
    cycle = forms.ChoiceField(label=_("Cycle de vie"), required=False, choices=Cycle.choices)
    programme = forms.ModelChoiceField(
        label=_("Programme"), required=False, queryset=Programme.objects.none(), empty_label=_("tous")
    )
    call = forms.ModelChoiceField(label=_("Appel"), required=False, queryset=Call.objects.none(), empty_label=_("tous"))
    step = forms.ChoiceField(label=_("Étape présente"), required=False, choices=[("", _("toutes")), *StepKind.choices])
    waiting = forms.IntegerField(label=_("Sans étape depuis (jours)"), required=False, min_value=0, max_value=36500)

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files = Application.objects.visible_to(viewer).order_by()
        programmes = Programme.objects.visible_to(viewer).filter(pk__in=files.values("programme"))
        self.fields["programme"].queryset = programmes.select_related("framework")  # type: ignore[attr-defined]
        calls = Call.objects.visible_to(viewer).filter(pk__in=files.exclude(call=None).values("call"))
        self.fields["call"].queryset = calls  # type: ignore[attr-defined]


class DelayFilter(FileFilter):
    q = step = waiting = None  # type: ignore[assignment]
    by = forms.ChoiceField(label=_("Par"), required=False, choices=GROUPS)
    since = forms.DateField(label=_("Déposés depuis le"), required=False, widget=day_input())
    until = forms.DateField(label=_("Déposés jusqu’au"), required=False, widget=day_input())
    limit = forms.IntegerField(label=_("En retard au-delà de (jours)"), required=False, min_value=1, max_value=36500)


class ApplicationForm(InProgramme, forms.ModelForm[Application]):
    applicant = ApplicantField(
        label=_("Demandeur"),
        required=False,
        help_text=_("SIREN, SIRET ou nom. Ce que Beffroi en sait n’est pas redemandé ; un nom inconnu est gardé comme écrit."),
    )
    item_name = forms.CharField(
        label=_("Élément du programme"),
        required=False,
        help_text=_("Objectif, axe ou action : son code, ou des mots de son intitulé."),
    )
    place = AreaField(
        label=_("Lieu du projet"), required=False, help_text=_("Nom ou code d’une commune, d’une intercommunalité…")
    )
    total = CentsField(label=_("Coût total"), required=False)
    eligible = CentsField(label=_("Coût éligible"), required=False)
    visibility = forms.TypedChoiceField(label=_("Qui voit le dossier"), coerce=int, choices=LEVELS)

    field_order = ("title", "applicant", "holder", "on", "call", "programme", "item_name", "cycle", "description", "place",
                   "start", "end", "total", "eligible")  # fmt: skip

    class Meta:
        model = Application
        fields = ("title", "holder", "call", "programme", "cycle", "code", "description", "place", "start", "end",
                  "visibility")  # fmt: skip
        widgets = {"start": day_input(), "end": day_input(), "description": forms.Textarea(attrs={"rows": 4})}  # noqa: RUF012
        help_texts = {  # noqa: RUF012
            "code": _("Celui de votre logiciel s’il en a un ; vide : le suivant de l’année."),
            "holder": _("À défaut de numéro : le porteur de projet que vous suivez."),
        }

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = self.fields["applicant"].viewer = viewer  # type: ignore[attr-defined]
        self.fields["code"].required = False
        rows = {
            "programme": Programme.objects.visible_to(viewer).select_related("framework"),
            "call": Call.objects.visible_to(viewer),
            "holder": ProjectHolder.objects.visible_to(viewer),
        }
        for name, found in rows.items():
            self.fields[name].queryset = found  # type: ignore[attr-defined]
        if self.instance.pk:
            self.initial.update(written_as(self.instance))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("applicant") and not data.get("holder") and "applicant" not in self.errors:
            self.add_error("applicant", _("Donnez le demandeur, ou choisissez un porteur de projet."))
        return data

    @property
    def said(self) -> dict[str, Any]:
        """What the action receives. A new code is left to it when the person gives none."""
        data = {name: self.cleaned_data[name] for name in (*self.Meta.fields, "item")}
        applicant = self.cleaned_data["applicant"]
        is_known = isinstance(applicant, Organisation)
        data |= {"applicant": applicant if is_known else None, "written_applicant": "" if is_known else applicant or ""}
        for name in ("total", "eligible"):
            data[f"{name}_cents"] = self.cleaned_data[name]
        if self.instance.pk and not data["code"]:
            data["code"] = self.initial["code"]
        return data


def written_as(file: Application) -> dict[str, Any]:
    """What a file says, as a person would write it."""
    return {
        "total": file.total_cents,
        "eligible": file.eligible_cents,
        "place": file.place,
        "applicant": file.applicant or file.written_applicant,
        "item_name": file.item.code if file.item else "",
    }


class SubmissionForm(ApplicationForm):
    """A file as it is received, with what it asks of each origin of funds."""

    on = forms.DateField(label=_("Déposé le"), widget=day_input())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for origin in ASKED:
            self.fields[f"asked_{origin}"] = CentsField(
                label=_("Demandé : %(origin)s") % {"origin": origin.label}, required=False, help_text=""
            )
        self.order_fields([*self.field_order, *(f"asked_{origin}" for origin in ASKED), "code", "visibility"])

    @property
    def requested(self) -> dict[str, Any]:
        asked = {origin.value: self.cleaned_data[f"asked_{origin}"] for origin in ASKED}
        return {origin: cents / CENTS for origin, cents in asked.items() if cents is not None}


class StepForm(forms.Form):
    kind = forms.ChoiceField(label=_("Étape"), choices=[])
    on = forms.DateField(label=_("Date"), widget=day_input())
    who = forms.CharField(label=_("Par qui"), required=False, max_length=200, help_text=_("Commission, comité, service, pôle."))
    number = forms.CharField(
        label=_("Numéro de la délibération"), required=False, max_length=80, help_text=_("Dû pour un vote.")
    )
    reason = forms.CharField(
        label=_("Raison"),
        required=False,
        max_length=500,
        help_text=_("Due pour un refus, un report, un retrait, une caducité."),
    )
    comment = forms.CharField(label=_("Commentaire"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, kinds: Iterable[StepKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]  # type: ignore[attr-defined]


class CorrectionForm(StepForm):
    kind = None  # type: ignore[assignment]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        forms.Form.__init__(self, *args, **kwargs)


class LineForm(forms.Form):
    line = forms.ModelChoiceField(
        label=_("À propos d’un montant déjà connu"),
        required=False,
        queryset=Line.objects.none(),
        empty_label=_("non, ou je ne sais pas"),
        help_text=_("Le vôtre lui fera face ; aucun n’efface l’autre. Son stade et son financeur sont alors les siens."),
    )
    stage = forms.ChoiceField(label=_("Stade"), required=False, choices=STAGES)
    amount = CentsField(label=_("Montant en euros"), is_signed=True)
    stated_on = forms.DateField(label=_("À la date du"), widget=day_input(), help_text=_("Celle de l’acte ou de la pièce."))
    origin = forms.ChoiceField(label=_("Origine"), choices=Origin, initial=Origin.UNSTATED)
    fund = OrganisationField(label=_("Financeur (à qui est l’argent)"), required=False)
    manager = OrganisationField(label=_("Gestionnaire (qui choisit et certifie)"), required=False)
    payer = OrganisationField(label=_("Payeur (qui verse)"), required=False)
    receiver = OrganisationField(label=_("Bénéficiaire"), required=False, help_text=_("Vide : celui du dossier."))
    instrument = forms.ChoiceField(label=_("Instrument"), choices=Instrument, initial=Instrument.UNSTATED)
    period = PeriodField(
        label=_("Période"), required=False, help_text=_("2026, 2026-03, 2026-S1 ou 2021/2027 ; due pour un paiement.")
    )

    def __init__(self, *args: Any, lines: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = lines  # type: ignore[attr-defined]
        self.fields["line"].label_from_instance = line_name  # type: ignore[attr-defined]
        for name in ("fund", "manager", "payer", "receiver"):
            self.fields[name].viewer = viewer  # type: ignore[attr-defined]
            self.fields[name].widget.attrs["list"] = "financeurs"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("stage") and not data.get("line"):
            self.add_error("stage", _("Choisissez le stade, ou le montant déjà connu dont vous parlez."))
        moves = data.get("stage") in (Stage.PAID, Stage.CERTIFIED, Stage.RECOVERED)
        if moves and not data.get("line") and "period" in data and data["period"].end is None:
            self.add_error("period", _("Un versement, une certification ou un recouvrement a sa date ou sa période."))
        return data

    @property
    def said(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        period, line = data.pop("period"), data["line"]
        data["stage"] = line.stage if line else data["stage"]
        return {
            **data,
            "amount": data["amount"] / CENTS,
            "start": period.start,
            "end": period.end,
            "written_period": period.text,
            "as_written": self.data["amount"],
        }


def line_name(line: Line) -> str:
    parts = [line.get_stage_display(), str(line.fund or line.get_origin_display())]
    return " · ".join([*parts, str(line.get_instrument_display()), *filter(None, [line.written_period])])


class BecomeForm(forms.Form):
    operation = forms.ModelChoiceField(
        label=_("L’opération"),
        required=False,
        queryset=Operation.objects.none(),
        widget=forms.RadioSelect,
        empty_label=_("une nouvelle opération"),
        help_text=_("Celles qui portent le même numéro, ou qui ont le même bénéficiaire dans le même programme."),
    )

    def __init__(self, *args: Any, operations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operation"].queryset = operations  # type: ignore[attr-defined]
