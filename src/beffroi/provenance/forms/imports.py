from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner, User
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Profile, Snapshot, Source
from beffroi.provenance.queries.desk import visible_sources
from beffroi.provenance.queries.loads import visible_snapshots

LONGEST_EXTENSION = 12
KEPT_FILES = 200


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class SnapshotChoice(forms.ModelChoiceField[Snapshot]):
    def label_from_instance(self, obj: Any) -> str:
        stated = obj.as_of.strftime("%d/%m/%Y") if obj.as_of else _("sans date")
        return f"{obj.source} · {obj.filename} · {stated}"


class ProfileChoice(forms.ModelChoiceField[Profile]):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.label} ({_('le vôtre')})" if obj.cloned_from_id else str(obj.label)


def sound_name(upload: UploadedFile[Any]) -> str:
    """The name of a file whose ending says what it is, and that a disk accepts."""
    name = upload.name or ""
    if len(name) > 200 or any(len(suffix) > LONGEST_EXTENSION for suffix in Path(name).suffixes[-2:]):
        raise forms.ValidationError(
            _("Le nom du fichier est trop long : raccourcissez-le, par exemple « effectifs-2024.csv ».")
        )
    return name


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Fichier"),
        required=False,
        help_text=gettext_lazy("CSV, Excel, LibreOffice, JSON ou Parquet, même en .gz ou .zip."),
    )
    snapshot = SnapshotChoice(
        Snapshot.objects.none(),
        label=gettext_lazy("Ou un fichier déjà gardé"),
        required=False,
        empty_label=gettext_lazy("aucun"),
        help_text=gettext_lazy("Pour le relire, par exemple avec un autre profil."),
    )
    profile = ProfileChoice(Profile.objects.order_by("label"), label=gettext_lazy("Profil de lecture"), empty_label=None)
    source = forms.ModelChoiceField(
        Source.objects.none(),
        label=gettext_lazy("Source"),
        required=False,
        empty_label=gettext_lazy("à choisir, ou une nouvelle ci-dessous"),
    )
    new_source = forms.CharField(label=gettext_lazy("Titre de la nouvelle source"), required=False, max_length=300)
    publisher = forms.CharField(label=gettext_lazy("Éditeur de la nouvelle source"), required=False, max_length=200)
    licence = forms.CharField(label=gettext_lazy("Licence de la nouvelle source"), required=False, max_length=120)
    as_of = forms.DateField(
        label=gettext_lazy("Date de valeur"),
        required=False,
        widget=DayInput(),
        help_text=gettext_lazy("Le jour pour lequel le fichier parle. Les pages regardées avant ce jour ne le montrent pas."),
    )
    published_on = forms.DateField(label=gettext_lazy("Publié le"), required=False, widget=DayInput())
    extent = forms.ChoiceField(
        label=gettext_lazy("Étendue"), choices=Extent.choices, initial=Extent.FULL, widget=forms.RadioSelect
    )
    visibility = forms.TypedChoiceField(
        label=gettext_lazy("Visibilité"), choices=Visibility.choices, coerce=int, initial=Visibility.PUBLIC
    )
    owner = forms.ModelChoiceField(
        Partner.objects.none(),
        label=gettext_lazy("Au nom de"),
        required=False,
        empty_label=gettext_lazy("personne en particulier"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["snapshot"].queryset = visible_snapshots(user).order_by("source__title", "-taken_at", "-pk")
        fields["source"].queryset = visible_sources(user).order_by("title")
        fields["owner"].queryset = Partner.objects.filter(pk__in=user.partner_ids).order_by("name")

    def clean_file(self) -> UploadedFile[Any] | None:
        upload: UploadedFile[Any] | None = self.cleaned_data.get("file")
        if upload is None:
            return None
        sound_name(upload)
        if (upload.size or 0) > settings.MAX_UPLOAD_BYTES:
            raise forms.ValidationError(_("Le fichier est trop lourd pour ce site."))
        return upload

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        file, snapshot = given.get("file"), given.get("snapshot")
        if bool(file) == bool(snapshot) and "file" not in self.errors:
            self.add_error("file", _("Choisissez un fichier à envoyer, ou un fichier déjà gardé : l’un des deux."))
        if file and not given.get("source") and not (given.get("new_source") and given.get("publisher")):
            self.add_error(
                "new_source", _("Choisissez la source dans la liste, ou donnez le titre et l’éditeur d’une nouvelle.")
            )
        if given.get("visibility") not in {None, Visibility.PUBLIC, Visibility.PARTNERS} and not given.get("owner"):
            self.add_error("owner", _("Ce que tous ne voient pas appartient à un partenaire : dites lequel."))
        return given


class LoadFilterForm(forms.Form):
    source = forms.ModelChoiceField(
        Source.objects.none(), label=gettext_lazy("Source"), required=False, empty_label=gettext_lazy("toutes")
    )
    profile = forms.ModelChoiceField(
        Profile.objects.order_by("label"), label=gettext_lazy("Profil"), required=False, empty_label=gettext_lazy("tous")
    )
    state = forms.ChoiceField(label=gettext_lazy("État"), required=False)

    def __init__(self, *args: Any, user: Any, states: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["source"].queryset = visible_sources(user).order_by("title")
        fields["state"].choices = [("", _("tous")), *states]
