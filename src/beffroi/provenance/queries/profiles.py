"""What a profile says, in rows to read, and which fields a destination takes."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from beffroi.connectors.check import check
from beffroi.connectors.files import ReadOptions, UnreadableFile, open_table
from beffroi.connectors.profile import Column, Profile, Type, load_profile
from beffroi.connectors.rejections import rejections_table
from beffroi.connectors.staging import Checked, read_staged
from beffroi.core.figures import Figure
from beffroi.provenance import models

SHOWN, SHOWN_ROWS = 20, 5
TYPES = {
    Type.TEXT: gettext_lazy("texte"),
    Type.INTEGER: gettext_lazy("nombre entier"),
    Type.DECIMAL: gettext_lazy("nombre"),
    Type.DATE: gettext_lazy("date"),
    Type.PERIOD: gettext_lazy("période"),
    Type.EUROS: gettext_lazy("montant en euros"),
    Type.MONEY: gettext_lazy("montant avec sa monnaie"),
    Type.BOOLEAN: gettext_lazy("oui ou non"),
    Type.SIREN: gettext_lazy("SIREN"),
    Type.SIRET: gettext_lazy("SIRET"),
    Type.CHOICE: gettext_lazy("choix"),
    Type.BREAKDOWN: gettext_lazy("ventilation"),
}
EXAMPLES = {
    Type.TEXT: "…", Type.INTEGER: "12", Type.DECIMAL: "1234,5", Type.DATE: "31/03/2010", Type.PERIOD: "2009-Q1",
    Type.EUROS: "12000,50", Type.BOOLEAN: "oui", Type.MONEY: "12 000,50 €",
    Type.SIREN: "237000026", Type.SIRET: "23700002600011",
    Type.BREAKDOWN: "clé=valeur;clé=valeur",
}  # fmt: skip


@dataclass(frozen=True)
class ColumnRow:
    column: Column

    @property
    def type_label(self) -> Any:
        return TYPES[self.column.type]

    @property
    def example(self) -> str:
        choices = self.column.choices
        return next(iter(choices)) if choices else EXAMPLES.get(self.column.type, "…")

    @property
    def choices(self) -> list[tuple[str, list[str]]]:
        """Each value kept, with the ways of writing it."""
        kept: dict[str, list[str]] = {}
        for written, value in self.column.choices.items():
            kept.setdefault(value, []).append(written)
        return list(kept.items())


def column_rows(profile: Profile) -> list[ColumnRow]:
    return [ColumnRow(column) for column in profile.columns]


def sentences_of_checks(profile: Profile) -> list[str]:
    said = {
        "ordered": lambda check: _("« %(a)s » ne dépasse pas « %(b)s »") % {"a": check.a, "b": check.b},
        "sum": lambda check: (
            _("la somme de %(parts)s fait « %(total)s »") % {"parts": ", ".join(check.parts), "total": check.total}
        ),
        "one_of_filled": lambda check: _("l’un au moins est rempli : %(fields)s") % {"fields": ", ".join(check.fields)},
        "between": lambda check: (
            _("« %(field)s » entre %(low)s et %(high)s")
            % {
                "field": check.field,
                "low": check.low if check.low is not None else "…",
                "high": check.high if check.high is not None else "…",
            }
        ),
        "unique": lambda check: (
            _("pas deux lignes avec les mêmes valeurs de : %(fields)s") % {"fields": ", ".join(check.fields)}
        ),
    }
    return [str(said[check.kind](check)) for check in profile.checks]


def target_columns(target: str) -> dict[str, Column]:
    """The fields that the profiles of a destination fill: name -> how the first of them reads it."""
    fields: dict[str, Column] = {}
    for row in models.Profile.objects.filter(target=target, cloned_from__isnull=True).order_by("code"):
        profile = load_profile(row.definition)
        for column in profile.columns:
            fields.setdefault(column.to, column)
        for name in profile.constants:
            fields.setdefault(name, Column(name=name, to=name))
    return fields


def versions_of(profile: models.Profile) -> list[dict[str, Any]]:
    """What each change of a profile changed, the latest first."""
    records = list(profile.history.select_related("history_user").order_by("-history_date", "-history_id"))
    before = [*records[1:], None]
    return [{"record": record, "changed": _changed(record, old)} for record, old in zip(records, before, strict=True)]


def _changed(record: Any, old: Any) -> list[str]:
    if old is None:
        return []
    new_columns, old_columns = ({column["to"]: column for column in one.definition.get("columns", [])} for one in (record, old))
    names = [name for name in {**old_columns, **new_columns} if new_columns.get(name) != old_columns.get(name)]
    rest = {key for key in record.definition if key != "columns" and record.definition[key] != old.definition.get(key)}
    return [*names, *sorted(rest)]


@dataclass(frozen=True)
class Trial:
    """What a profile would make of a sample; `refusal` when it makes nothing of it."""

    refusal: str = ""
    checked: Checked | None = None
    rejections: Sequence[dict[str, Any]] = ()
    columns: Sequence[str] = ()
    rows: Sequence[tuple[Any, ...]] = ()

    @property
    def figures(self) -> list[Figure]:
        if self.checked is None:
            return []
        names = {"read": _("lues"), "accepted": _("acceptées"), "rejected": _("rejetées")}
        return [Figure(value=getattr(self.checked, name), label=label) for name, label in names.items()]


def tried(definition: dict[str, Any], sample: Path) -> Trial:
    """A dry run: nothing is stored. Raises WrongProfile when the definition contradicts itself."""
    profile = load_profile(definition)
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "trial"
        try:
            checked = check(profile, sample, folder=folder)
        except UnreadableFile as error:
            return Trial(refusal=str(error))
        rejections = rejections_table(folder).head(SHOWN).to_dicts()
        frame = next(iter(read_staged(folder)), None)
    if frame is None:
        return Trial(checked=checked, rejections=rejections)
    shown = frame.head(SHOWN_ROWS).select([name for name in frame.columns if not name.startswith("_")])
    rows = [tuple("" if value is None else str(value) for value in row) for row in shown.iter_rows()]
    return Trial("", checked, rejections, shown.columns, rows)


def headers_of(definition: dict[str, Any], sample: Path) -> list[str]:
    """The headers of a sample. Raises UnreadableFile."""
    options = ReadOptions(header_row=int(definition.get("header_row") or 1))
    return open_table(sample, options=options).columns
