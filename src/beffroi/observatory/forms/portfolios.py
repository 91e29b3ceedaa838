"""What a person brings to be classed, and what they ask of a list that is."""

import tempfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.enums import Visibility
from beffroi.connectors.files import FAULT, ROW, UnreadableFile, open_table
from beffroi.observatory.queries.portfolios import framework_choices
from beffroi.observatory.rules.portfolios import (
    MOST_TEXTS,
    ReadTexts,
    UnknownColumn,
    columns_of,
    has_header,
    pasted_rows,
    read_texts,
)
from beffroi.reference.models import Item, Vocabulary

Rows = list[tuple[int, Mapping[str, str | None]]]
STATES = [("", gettext_lazy("tous")), ("to_decide", gettext_lazy("à décider")), ("decided", gettext_lazy("décidés"))]
LEAST = [("", gettext_lazy("toute")), ("0.5", gettext_lazy("50 % ou plus")), ("0.7", gettext_lazy("70 % ou plus"))]
WIDE = {"rows": 8}


class PortfolioForm(forms.Form):
    """A file, or a text that is pasted: `read` then holds what they say."""

    title = forms.CharField(label=gettext_lazy("Titre de la liste"), max_length=200)
    framework = forms.ChoiceField(label=gettext_lazy("Classer dans les domaines de"))
    pasted = forms.CharField(
        label=gettext_lazy("Coller les intitulés"),
        required=False,
        widget=forms.Textarea(attrs=WIDE),
        help_text=gettext_lazy(
            "Un projet par ligne, sa description après une tabulation ; ou des cellules copiées d’un tableur, en-têtes compris."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Ou un fichier"),
        required=False,
        help_text=gettext_lazy("CSV, Excel, LibreOffice, JSON ou Parquet, avec une ligne d’en-tête."),
    )
    title_column = forms.CharField(
        label=gettext_lazy("Colonne des intitulés"),
        required=False,
        help_text=gettext_lazy("Si son nom ne le dit pas : comme il est écrit dans l’en-tête."),
    )
    description_column = forms.CharField(label=gettext_lazy("Colonne des descriptions"), required=False)
    key_column = forms.CharField(label=gettext_lazy("Colonne des identifiants"), required=False)
    visibility = forms.TypedChoiceField(
        label=gettext_lazy("Qui voit cette liste"),
        coerce=lambda value: Visibility(int(value)),
        choices=[(Visibility.PARTNERS.value, Visibility.PARTNERS.label), (Visibility.OWNER.value, Visibility.OWNER.label)],
        initial=Visibility.OWNER.value,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["framework"]
        field.choices = framework_choices()
        self.read = ReadTexts()

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        upload, pasted = said.get("file"), said.get("pasted", "")
        if not upload and not pasted.strip():
            raise forms.ValidationError(_("Collez des intitulés ou choisissez un fichier."))
        try:
            self.read = self._read(upload, pasted, said)
        except (UnreadableFile, UnknownColumn) as refusal:
            raise forms.ValidationError(_("%(why)s Rien n’a été gardé.") % {"why": refusal}) from refusal
        if not self.read.texts:
            raise forms.ValidationError(_("Aucune ligne n’a d’intitulé ni de description : rien n’a été gardé."))
        return said

    def _read(self, upload: UploadedFile[Any] | None, pasted: str, said: dict[str, Any]) -> ReadTexts:
        named = {name: said.get(f"{name}_column", "").strip() for name in ("title", "description", "key")}
        if upload is None and not has_header(pasted) and not named["title"]:
            return read_texts(pasted_rows(pasted), {"title": "title", "description": "description", "key": ""})
        content = upload.read() if upload else pasted.strip("\r\n").encode()
        columns, rows = table_of(content, (upload.name if upload else None) or "texte.csv")
        return read_texts(rows, columns_of(columns, **named))


def table_of(content: bytes, name: str) -> tuple[list[str], Rows]:
    """Column names and rows of a file that somebody sends. Raises UnreadableFile."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"liste{''.join(Path(name).suffixes[-2:])[:12]}"
        path.write_bytes(content)
        table = open_table(path)
        rows = [row for frame in table.batches(5_000) for row in frame.iter_rows(named=True)]
    if len(rows) > MOST_TEXTS:
        raise UnreadableFile(f"La liste a {len(rows)} lignes ; au plus {MOST_TEXTS} se classent à la fois.")
    if wrong := next((row for row in rows if row[FAULT]), None):
        raise UnreadableFile(f"Ligne {wrong[ROW]} : {wrong[FAULT]}")
    return table.columns, [(row[ROW], row) for row in rows]


class TextFilter(forms.Form):
    q = forms.CharField(label=gettext_lazy("Mots de l’intitulé"), required=False, widget=forms.SearchInput)
    state = forms.ChoiceField(label=gettext_lazy("État"), required=False, choices=STATES)
    label = forms.ChoiceField(label=gettext_lazy("Domaine"), required=False)
    least = forms.ChoiceField(label=gettext_lazy("Confiance"), required=False, choices=LEAST)

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["label"]
        field.choices = [("", _("tous")), ("-", _("aucun domaine")), *names.items()]

    def asked(self) -> dict[str, Any]:
        self.full_clean()
        said = getattr(self, "cleaned_data", {})
        return {name: said.get(name) or "" for name in ("q", "state", "label")} | {"least": float(said.get("least") or 0)}


class CorrectionForm(forms.Form):
    """The areas of one text in one vocabulary; none ticked says that it speaks of none."""

    labels = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, given: Any, *, vocabulary: Vocabulary, items: list[Item], kept: Collection[str]) -> None:
        super().__init__(given, prefix=vocabulary.code, initial={"labels": sorted(kept)})
        self.vocabulary = vocabulary
        field: Any = self.fields["labels"]
        field.label = vocabulary.label
        field.choices = [(item.code, item.label) for item in items]


class TermForm(forms.Form):
    """A term that somebody adds to a vocabulary."""

    label = forms.ChoiceField(label=gettext_lazy("Domaine"), required=False)
    text = forms.CharField(
        label=gettext_lazy("Terme"),
        max_length=200,
        help_text=gettext_lazy("Accents, capitales et pluriels ne comptent pas ; * finit un début de mot : « recycl* »."),
    )
    weight = forms.TypedChoiceField(
        label=gettext_lazy("Poids"),
        choices=[
            ("3", gettext_lazy("décisif")),
            ("2", gettext_lazy("ordinaire")),
            ("1", gettext_lazy("faible : ne suffit pas seul")),
        ],
        initial="2",
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Langue"),
        choices=[("fr", gettext_lazy("français")), ("en", gettext_lazy("anglais"))],
        required=False,
    )
    note = forms.CharField(label=gettext_lazy("Pourquoi"), max_length=500)

    def __init__(self, *args: Any, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["label"]
        field.choices = [*names.items(), ("", _("aucun : le terme parle contre tous"))]

    @property
    def complaint(self) -> str:
        return " ".join(str(error) for errors in self.errors.values() for error in errors)
