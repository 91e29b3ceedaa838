from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import AnyUser, Partner, User
from beffroi.actors.enums import Headcount
from beffroi.funding.queries.named import named_organisations
from beffroi.interactions.enums import Potential, TargetState
from beffroi.interactions.forms.fields import PartnersField, PlacesField, day
from beffroi.interactions.queries.campaigns import NOBODY
from beffroi.interactions.queries.segments import methods
from beffroi.interactions.rules.criteria import Criteria, activity_starts, wrong_activities

LEVELS = [
    (Visibility.OWNER.value, gettext_lazy("nous et les opérateurs avec qui elle est partagée")),
    (Visibility.PARTNERS.value, gettext_lazy("tous les partenaires, en lecture")),
]


def _segment_choices() -> list[tuple[Any, Any]]:
    return [
        (method.label, [(f"{method.code}:{code}", label) for code, label in method.types.items()])
        for method in methods().values()
    ]


class CriteriaForm(forms.Form):
    activities = forms.CharField(
        label=gettext_lazy("Activités (NAF)"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Débuts de codes, séparés par des virgules : 13, 14.1, 25.62B"),
    )
    places = PlacesField(
        label=gettext_lazy("Territoires"), required=False, help_text=gettext_lazy("Un par ligne : nom ou code.")
    )
    headcounts = forms.MultipleChoiceField(
        label=gettext_lazy("Effectifs"), required=False, choices=Headcount.choices, widget=forms.CheckboxSelectMultiple
    )
    older_than = forms.IntegerField(
        label=gettext_lazy("Dirigeant de plus de (ans)"),
        required=False,
        min_value=18,
        max_value=110,
        help_text=gettext_lazy(
            "Quand un opérateur a donné l’année de naissance ; les autres entreprises sont comptées à part."
        ),
    )
    cluster = forms.CharField(label=gettext_lazy("Membre de (pôle, réseau)"), required=False, max_length=300)
    segments = forms.MultipleChoiceField(label=gettext_lazy("Classes"), required=False)
    potential = forms.ChoiceField(
        label=gettext_lazy("Potentiel noté en visite"),
        required=False,
        choices=[("", gettext_lazy("quel qu’il soit")), *Potential.choices],
    )
    not_seen_since = day(label=gettext_lazy("Pas vue depuis le"), required=False)

    def __init__(self, *args: Any, viewer: AnyUser, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.fields["segments"].choices = _segment_choices()  # type: ignore[attr-defined]

    def clean_activities(self) -> list[str]:
        starts = activity_starts(self.cleaned_data["activities"])
        if wrong := wrong_activities(starts):
            raise ValidationError(_("Ce ne sont pas des débuts de codes NAF : %(codes)s") % {"codes": ", ".join(wrong)})
        return starts

    def clean_cluster(self) -> Any:
        text = self.cleaned_data["cluster"].strip()
        found = named_organisations(text, viewer=self.viewer) if text else [None]
        if len(found) != 1:
            names = " ; ".join(map(str, found))
            said = (
                _("Plusieurs s’appellent ainsi, écrivez le SIREN : %(names)s")
                if found
                else _("Aucun pôle connu ne s’appelle ainsi.")
            )
            raise ValidationError(said % {"names": names} if found else said)
        return found[0]

    def clean_segments(self) -> list[str]:
        if len({one.partition(":")[0] for one in self.cleaned_data["segments"]}) > 1:
            raise ValidationError(_("Choisissez les classes d’une seule méthode."))
        return list(self.cleaned_data["segments"])

    @property
    def criteria(self) -> Criteria:
        told = self.cleaned_data
        chosen = [one.partition(":")[::2] for one in told["segments"]]
        return Criteria(
            activities=tuple(told["activities"]),
            places=tuple(place.pk for place in told["places"]),
            headcounts=tuple(told["headcounts"]),
            older_than=told["older_than"],
            method=chosen[0][0] if chosen else "",
            segments=tuple(code for _method, code in chosen),
            potential=told["potential"],
            not_seen_since=told["not_seen_since"],
            cluster=told["cluster"].pk if told["cluster"] else None,
            words=self.words,
        )

    @property
    def words(self) -> dict[str, str]:
        """Each criterion as one reads it, for the day when a code or a class has another name."""
        told = self.cleaned_data
        said = {
            "activities": ", ".join(told["activities"]),
            "places": ", ".join(place.label for place in told["places"]),
            "headcounts": ", ".join(str(Headcount(code).label) for code in told["headcounts"]),
            "older_than": str(told["older_than"] or ""),
            "cluster": str(told["cluster"] or ""),
            "segments": ", ".join(self._segment_label(code) for code in told["segments"]),
            "potential": str(Potential(told["potential"]).label) if told["potential"] else "",
            "not_seen_since": f"{told['not_seen_since']:%d/%m/%Y}" if told["not_seen_since"] else "",
        }
        return {str(self.fields[name].label): text for name, text in said.items() if text}

    def _segment_label(self, chosen: str) -> str:
        method, _colon, code = chosen.partition(":")
        return f"{methods()[method].label_of(code)} ({methods()[method].label})"


class CampaignForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Nom de la campagne"), max_length=200)
    purpose = forms.CharField(label=gettext_lazy("But"), required=False, widget=forms.Textarea(attrs={"rows": 2}))
    since = day(label=gettext_lazy("Du"), required=False)
    until = day(label=gettext_lazy("Au"), required=False)
    partners = PartnersField(label=gettext_lazy("Partagée avec"), required=False)
    visibility = forms.TypedChoiceField(label=gettext_lazy("Qui la voit"), choices=LEVELS, coerce=int)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("since") and told.get("until") and told["until"] < told["since"]:
            self.add_error("until", _("La fin ne précède pas le début."))
        return told


class ListForm(CampaignForm):
    text = forms.CharField(
        label=gettext_lazy("Entreprises"),
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=gettext_lazy("Une par ligne : SIREN, SIRET ou nom exact."),
    )
    field_order = ("title", "text", "purpose", "since", "until", "partners", "visibility")


class TargetFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Nom ou SIREN"), required=False, widget=forms.SearchInput)
    state = forms.ChoiceField(
        label=gettext_lazy("État"), required=False, choices=[("", gettext_lazy("tous")), *TargetState.choices]
    )
    partner = forms.ChoiceField(label=gettext_lazy("Opérateur"), required=False)
    caller = forms.ChoiceField(label=gettext_lazy("Suivie par"), required=False)

    def __init__(self, *args: Any, operators: list[Partner], callers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every, nobody = ("", gettext_lazy("tous")), (NOBODY, gettext_lazy("personne encore"))
        for name, rows in (("partner", operators), ("caller", callers)):
            self.fields[name].choices = [every, nobody, *((str(row.pk), str(row)) for row in rows)]  # type: ignore[attr-defined]

    def asked(self) -> dict[str, Any]:
        self.full_clean()
        return self.cleaned_data


class ChangeForm(forms.Form):
    """What to write on the chosen targets; what is left empty stays as it is."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Opérateur"), required=False, queryset=Partner.objects.none(), empty_label=gettext_lazy("inchangé")
    )
    caller = forms.ModelChoiceField(
        label=gettext_lazy("Suivie par"), required=False, queryset=User.objects.none(), empty_label=gettext_lazy("inchangé")
    )
    due_on = day(label=gettext_lazy("À faire avant le"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("État"), required=False, choices=[("", gettext_lazy("inchangé")), *TargetState.choices]
    )

    def __init__(self, *args: Any, operators: list[Partner], callers: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = Partner.objects.filter(pk__in=[one.pk for one in operators]).order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["caller"].queryset = callers  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        partner, caller = told.get("partner"), told.get("caller")
        if partner and caller and partner.pk not in caller.partner_ids:
            self.add_error("caller", _("Cette personne n’est pas de cet opérateur."))
        if not any(told.get(name) for name in ("partner", "caller", "due_on", "state")):
            self.add_error(None, _("Rien n’est demandé : choisissez un opérateur, une personne, une date ou un état."))
        return told
