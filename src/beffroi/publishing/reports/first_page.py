"""The first page: messages, each with its footnotes."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from beffroi.core import formats
from beffroi.core.figures import Sense
from beffroi.funding.enums import Stage
from beffroi.publishing.reports.figures import figure
from beffroi.publishing.reports.parts import Group, Message, Note

Entry = dict[str, Any]
SENSES = {"behind": Sense.BAD, "reached": Sense.GOOD, "no_result": Sense.UNKNOWN, "cannot_say": Sense.NEUTRAL}


class Notes:
    """Footnotes in the order in which figures are met; the same place has one number."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.titles, self.numbers = titles, dict[str, Note]()

    def number(self, note: Entry) -> int:
        if note["ref"] not in self.numbers:
            self.numbers[note["ref"]] = Note(len(self.numbers) + 1, self._text(note))
        return self.numbers[note["ref"]].number

    def _text(self, note: Entry) -> str:
        title = self.titles.get(note.get("source", ""), "")
        file = note["ref"].split("/")[1]
        return _("%(source)s, %(place)s (%(file)s, ligne %(row)s)") % {
            "source": title, "place": f"« {note.get('place', '')} »", "file": file, "row": note.get("row", ""),
        }  # fmt: skip


def groups(messages: Entry, notes: Notes) -> list[Group]:
    asked: tuple[tuple[str, str, Sense, Callable[[Entry, Notes], Message]], ...] = (
        ("behind", _("Ce qui est en retard sur son objectif"), Sense.BAD, _measure),
        ("ahead", _("Ce qui atteint ou dépasse son objectif"), Sense.GOOD, _measure),
        ("contradicts", _("Ce que le document contredit lui-même"), Sense.WATCH, _contradiction),
    )
    return [Group(key, title, sense, [read(row, notes) for row in messages[key]]) for key, title, sense, read in asked]


def _measure(row: Entry, notes: Notes) -> Message:
    sense = SENSES[row["progress"]]
    return Message(
        label=row["label"],
        detail=row["breakdown"],
        sense=sense,
        actual=figure(row["actual"], label=row["label"], sense=sense),
        target=figure(row["target"], label=row["label"]),
        aim="" if row.get("is_later") else _aim(row),
        remark=" ; ".join(filter(None, [stages_said(row), later(row), row.get("pairing", "")])),
        notes=[notes.number(note) for note in row["notes"]],
        section=row["section"],
    )


def stages_said(row: Entry) -> str:
    if "stages" not in row:
        return ""
    planned, done = (Stage(stage).label for stage in row["stages"])
    return _("stade %(done)s pour un montant %(planned)s") % {"done": done, "planned": planned}


def _aim(row: Entry) -> str:
    return (
        _("objectif %(period)s") % {"period": formats.period_text(row["target"]["period"])}
        if row["target"].get("period")
        else ""
    )


def later(row: Entry) -> str:
    """The documents pair the objective of a year with a result of the year after: it is said."""
    if not row.get("is_later"):
        return ""
    ends = {"actual": _at(row["actual"]["period"]), "target": formats.period_text(row["target"]["period"])}
    return _("résultat %(actual)s pour un objectif %(target)s") % ends


def _at(period: str) -> str:
    text = formats.period_text(period)
    return _("au %(day)s") % {"day": text} if len(period) == len("2010-03-31") else text


def _contradiction(row: Entry, notes: Notes) -> Message:
    if "sum" in row:
        remark = _("la somme des parties donne %(sum)s") % {"sum": formats.figure_text(figure(row["sum"]))}
    else:
        remark = _("écrit %(values)s") % {"values": _(" et ").join(dict.fromkeys(row["said"]))}
    shown = figure(row["figure"], label=row["label"])
    numbers = [notes.number(note) for note in row["notes"]]
    return Message(row["label"], row["breakdown"], Sense.WATCH, shown, None, "", remark, numbers, row["section"])


def challenges_said(challenges: Entry | None, notes: Notes) -> str:
    if challenges is None or challenges["announced"] is None:
        return ""
    described = len(challenges["described"])
    codes = ", ".join(row["code"].rpartition("-")[2] for row in challenges["described"])
    mark = (
        f" [{notes.number(challenges | {'source': challenges['ref'].split('/')[0], 'row': challenges['ref'].split('/')[2]})}]"
    )
    said = {"announced": challenges["announced"], "described": described, "codes": codes}
    return _("%(announced)s enjeux annoncés, %(described)s décrits (%(codes)s).") % said + (mark if "ref" in challenges else "")
