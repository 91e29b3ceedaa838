"""The shape of what is typed about needs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from beffroi.accounts.models import AnyUser, Partner
from beffroi.actors.models import ProjectHolder
from beffroi.interactions.enums import ZONE_LEVELS, NeedResult, NeedSide, ReferralState, RefusalReason
from beffroi.interactions.forms.fields import DETAIL_LEVELS, NumberedForm, PlaceField, SubjectField, day, past_day
from beffroi.interactions.models import Service
from beffroi.interactions.queries.needs import SHOWN, need_subjects
from beffroi.reference.enums import level_label
from beffroi.reference.models import Item

STATES = [("", _("tous")), ("unsent", _("à transmettre")), *((state.value, state.label) for state in SHOWN)]


class AboutForm(NumberedForm):
    """About a company, or a project holder without a number yet."""

    about = SubjectField(label=_("Entreprise ou porteur de projet"))

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["about"].viewer = viewer  # type: ignore[attr-defined]

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        said = dict(self.cleaned_data)
        subject = said.pop("about")
        return {**said, "holder" if isinstance(subject, ProjectHolder) else "organisation": subject}


class NeedFilter(forms.Form):
    side = forms.ChoiceField(required=False, choices=NeedSide, widget=forms.HiddenInput)
    q = forms.CharField(label=_("Entreprise"), required=False, widget=forms.SearchInput)
    subject = forms.ModelChoiceField(label=_("Sujet"), required=False, queryset=Item.objects.none(), empty_label=_("tous"))
    state = forms.ChoiceField(label=_("État"), required=False, choices=STATES)
    late = forms.BooleanField(label=_("Réponse en retard"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject"].queryset = need_subjects()  # type: ignore[attr-defined]


class NeedForm(AboutForm):
    subject_item = forms.ModelChoiceField(label=_("Sujet"), queryset=Item.objects.none())
    text = forms.CharField(
        label=_("Le besoin"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Ce que l’entreprise demande, avec ses mots. Ni santé, ni opinions, ni vie privée."),
    )  # fmt: skip
    opened_on = past_day(label=_("Exprimé le"))
    place = PlaceField(label=_("Lieu"), required=False, help_text=_("Nom ou code. Vide : le lieu de l’entreprise."))
    detail_visibility = forms.TypedChoiceField(
        label=_("Qui lit le détail"), choices=DETAIL_LEVELS, coerce=int,
        help_text=_("Les opérateurs à qui vous le transmettez le lisent toujours."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["subject_item"].queryset = need_subjects()  # type: ignore[attr-defined]


class SendForm(forms.Form):
    """`services`: those proposed; `others`: the operators who may be chosen without a service."""

    services = forms.ModelMultipleChoiceField(queryset=Service.objects.none(), required=False)
    partner = forms.ModelChoiceField(
        label=_("Un autre opérateur"), required=False, queryset=Partner.objects.none(), empty_label=_("aucun")
    )
    on = past_day(label=_("Transmis le"))
    consent = forms.BooleanField(
        label=_("L’entreprise est d’accord pour que son nom et ce besoin soient transmis à ces opérateurs"), required=False
    )
    consented_on = past_day(label=_("Accord donné le"), required=False)

    def __init__(self, *args: Any, services: Any, others: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["services"].queryset = services  # type: ignore[attr-defined]
        self.fields["partner"].queryset = others  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.chosen(data):
            self.add_error(None, _("Cochez au moins un service, ou choisissez un opérateur."))
        if data.get("consent"):
            data["consented_on"] = data.get("consented_on") or data.get("on")
        else:
            data["consented_on"] = None
        return data

    @staticmethod
    def chosen(data: dict[str, Any]) -> dict[Partner, Service | None]:
        """Each operator once, for the first service that was ticked."""
        found: dict[Partner, Service | None] = {}
        for service in data.get("services") or ():
            found.setdefault(service.owner, service)
        if data.get("partner"):
            found.setdefault(data["partner"], None)
        return found


class AnswerForm(forms.Form):
    """One form for each way of answering; `to` says which."""

    on = past_day(label=_("Date"))
    reason = forms.ChoiceField(label=_("Motif"), choices=[("", _("choisissez")), *RefusalReason.choices])
    result = forms.ChoiceField(label=_("Résultat"), choices=[("", _("choisissez")), *NeedResult.choices])
    comment = forms.CharField(
        label=_("Précision"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lue par l’émetteur du besoin et par vous."),
    )  # fmt: skip

    def __init__(self, *args: Any, to: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        left_out = {
            ReferralState.TAKEN_UP: ("reason", "result"),
            ReferralState.REFUSED: ("result",),
            ReferralState.CLOSED: ("reason",),
            ReferralState.WITHDRAWN: ("reason", "result", "comment"),
        }
        for name in left_out[ReferralState(to)]:
            del self.fields[name]


class CloseNeedForm(forms.Form):
    on = past_day(label=_("Clos le"))
    result = forms.ChoiceField(label=_("Résultat"), choices=[("", _("choisissez")), *NeedResult.choices])


class CoverageFilter(forms.Form):
    level = forms.ChoiceField(label=_("Par"), required=False, choices=[])
    subject = forms.ModelChoiceField(
        label=_("Sujet"), required=False, queryset=Item.objects.none(), empty_label=_("choisissez")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = [(level, level_label(level)) for level in ZONE_LEVELS]  # type: ignore[attr-defined]
        self.fields["subject"].queryset = need_subjects()  # type: ignore[attr-defined]


class PeriodFilter(forms.Form):
    start = day(label=_("Transmis à partir du"), required=False)
    end = day(label=_("jusqu’au"), required=False)
