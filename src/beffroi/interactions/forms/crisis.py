"""What is typed in a crisis cell. A company of the directory is found by its number or name; another keeps its name here."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.models import Partner, User
from beffroi.accounts.queries import people
from beffroi.connectors.numbers import exact_number, without_currency
from beffroi.interactions.enums import WayOut
from beffroi.interactions.forms.fields import DayField, day, day_input
from beffroi.interactions.models import CrisisCase, CrisisCell, CrisisTreatment
from beffroi.interactions.queries.crisis import BOARDS, READINGS, companies_called

LARGEST = Decimal(10) ** 12
# Those of the ad hoc financial unit of 2009; others are written freely
SUGGESTED = (
    gettext_lazy("Renforcement de trésorerie garanti"),
    gettext_lazy("Aide régionale accordée ou réaménagée"),
    gettext_lazy("Médiation du crédit"),
    gettext_lazy("Outil financier régional"),
    gettext_lazy("Étalement de dettes fiscales et sociales"),
    gettext_lazy("Activité partielle"),
)


class CentsField(forms.CharField):
    """Euros as people write them, to the cent; nothing is unknown, not zero."""

    def __init__(self, **kwargs: Any) -> None:
        text = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__(max_length=40, required=False, widget=text, **kwargs)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        plain, currency = without_currency(text)
        number = exact_number(plain)
        amount = None if number is None or currency not in (None, "EUR") else Decimal(number)
        if amount is None or amount != round(amount, 2) or not 0 <= amount < LARGEST:
            raise ValidationError(
                _("« %(text)s » n’est pas un montant en euros : écrivez par exemple 117 900,50.") % {"text": text}
            )
        return int(amount * 100)

    def prepare_value(self, value: Any) -> Any:
        return f"{Decimal(value) / 100:.2f}".replace(".", ",") if isinstance(value, int) else value


class CellForm(forms.ModelForm[CrisisCell]):
    class Meta:
        model = CrisisCell
        fields = ["name", "owner", "since"]
        widgets = {"since": day_input()}
        field_classes = {"since": DayField}
        help_texts = {"name": gettext_lazy("Sans nom d’entreprise : ce nom se lit dans la liste de vos cellules.")}

    def __init__(self, *args: Any, partners: set[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = forms.ModelChoiceField(
            Partner.objects.filter(pk__in=partners).order_by("name"), label=_("Institution responsable")
        )


class MemberForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("Courriel du compte"))
    leads = forms.BooleanField(label=gettext_lazy("anime la cellule : nomme et retire les membres"), required=False)

    def clean_email(self) -> User:
        found = people().filter(email=str(self.cleaned_data["email"]).lower()).first()
        if found is None:
            raise ValidationError(_("Aucun compte n’a cette adresse : un administrateur l’ouvre d’abord."))
        return found


class CaseForm(forms.ModelForm[CrisisCase]):
    company = forms.CharField(
        label=gettext_lazy("Entreprise"),
        max_length=200,
        help_text=gettext_lazy(
            "Son SIREN, ou son nom. Un nom que l’annuaire ne connaît pas reste écrit ici, et nulle part ailleurs."
        ),
    )
    need_cents = CentsField(label=gettext_lazy("Besoin de financement, en euros"))

    class Meta:
        model = CrisisCase
        fields = ["company", "since", "cause", "need_cents", "jobs", "headcount", "sector", "note"]
        field_classes = {"since": DayField}
        widgets = {"since": day_input(), "note": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args: Any, viewer: Any, sectors: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.order_fields(self.Meta.fields)
        self.fields["sector"].widget.attrs["list"] = "sectors"
        self.suggested = {"sectors": sectors}
        if self.instance.pk:
            self.fields.pop("company")

    def clean_company(self) -> str:
        """The company that this number or this very name has; several of a name are told apart by number."""
        text = " ".join(str(self.cleaned_data["company"]).split())
        known = companies_called(text, viewer=self.viewer)
        if len(known) > 1:
            listed = ", ".join(f"{one} ({one.siren or _('sans SIREN')})" for one in known)
            raise ValidationError(_("Plusieurs entreprises portent ce nom : %(listed)s. Donnez le SIREN.") % {"listed": listed})
        if not known and not any(letter.isalpha() for letter in text):
            raise ValidationError(_("Aucune entreprise de l’annuaire n’a ce numéro : vérifiez-le, ou écrivez son nom."))
        self.cleaned_data["organisation"] = known[0] if known else None
        self.cleaned_data["name"] = "" if known else text
        return text

    @property
    def answers(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "company"}


class MoveForm(forms.Form):
    """A card moved on the board: the column where it goes."""

    by = forms.ChoiceField(choices=[(by, READINGS[by].label) for by in BOARDS])
    to = forms.CharField(max_length=200, required=False)


class TreatmentForm(forms.ModelForm[CrisisTreatment]):
    cents = CentsField(label=gettext_lazy("Montant, en euros"))

    class Meta:
        model = CrisisTreatment
        fields = ["label", "on", "partner", "cents", "text"]
        field_classes = {"on": DayField}
        widgets = {"on": day_input(), "text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, labels: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label"].widget.attrs["list"] = "labels"
        self.suggested = {"labels": [*labels, *(str(text) for text in SUGGESTED if str(text) not in labels)]}


class LeaveForm(forms.Form):
    way_out = forms.ChoiceField(label=gettext_lazy("Sortie"), choices=WayOut)
    on = day(label=gettext_lazy("Date"))


class EndForm(forms.Form):
    until = day(label=gettext_lazy("Dernier jour"))
