"""The programmes, items and organisations that the rows of a file name; what is unknown or names several is refused."""

from collections import defaultdict
from collections.abc import Iterable

from beffroi.actors.models import ExternalId, Name, Organisation
from beffroi.core.text import search_key
from beffroi.funding.models import Programme
from beffroi.provenance.actions import Refusal, StatedRow
from beffroi.provenance.models import Load
from beffroi.reference.models import Framework
from beffroi.reference.queries import Codes

BATCH = 500


class Unfound(ValueError):
    """A cell names nothing that Beffroi knows, or several things: `column` and a sentence."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


class Finder:
    """Everything that the rows name, found in a few queries."""

    def __init__(self, load: Load, rows: list[StatedRow], organisations: Iterable[str]) -> None:
        self.source = load.snapshot.source.code
        self.codes = Codes(self.source)
        self.programmes: dict[str, Programme] = {}
        wanted = {text for row in rows for name in organisations if (text := row.text(name))}
        self.names: dict[str, dict[int, str]] = {}
        for start in range(0, len(wanted), BATCH):
            self._find(sorted(wanted)[start : start + BATCH])

    def _find(self, wanted: list[str]) -> None:
        """The source's own code speaks before a number, a number before a name, a name before another body's code."""
        own = ExternalId.objects.filter(scheme=self.source, value__in=wanted)
        numbers = {text.replace(" ", "").replace("\u00a0", ""): text for text in wanted}
        keys: dict[str, list[str]] = defaultdict(list)
        for text in wanted:
            keys[search_key(text)[:300]].append(text)
        self._keep((value, pk, name) for value, pk, name in own.values_list("value", "organisation", "organisation__name"))
        sirens = Organisation.objects.filter(siren__in=list(numbers)).values_list("siren", "pk", "name")
        self._keep((numbers[siren], pk, name) for siren, pk, name in sirens)
        named = Organisation.objects.filter(sort_key__in=list(keys)).values_list("sort_key", "pk", "name")
        self._keep((text, pk, name) for key, pk, name in named for text in keys[key])
        also = Name.objects.filter(key__in=list(keys)).values_list("key", "organisation", "organisation__name")
        self._keep((text, pk, name) for key, pk, name in also for text in keys[key])
        coded = ExternalId.objects.filter(value__in=wanted).values_list("value", "organisation", "organisation__name")
        self._keep(coded)

    def _keep(self, found: Iterable[tuple[str, int, str]]) -> None:
        """Only for the texts that nothing surer has named yet."""
        fresh: dict[str, dict[int, str]] = defaultdict(dict)
        for text, pk, name in found:
            if text not in self.names:
                fresh[text][pk] = name
        self.names |= fresh

    def programme(self, row: StatedRow) -> Programme:
        code = row.text("programme")
        if code not in self.programmes:
            framework = self._framework(code)
            self.programmes[code] = Programme.objects.get_or_create(framework=framework)[0]
        return self.programmes[code]

    def _framework(self, text: str) -> Framework:
        found: list[Framework] = list(Framework.objects.filter(code=text)) or list(
            Framework.objects.filter(sort_key=search_key(text))[:2]
        )
        if len(found) != 1:
            sentence = (
                f"« {text} » n’est pas un programme connu : écrivez le code de son cadre, tel que la page Stratégies le donne."
            )
            raise Unfound("programme", sentence)
        return found[0]

    def item(self, row: StatedRow, programme: Programme) -> int | None:
        """Empty: the whole programme."""
        text = row.text("item")
        if not text:
            return None
        found = self.codes.item(programme.framework.code, text)
        if found is None:
            raise Unfound("item", f"« {text} » n’est pas un élément du programme « {programme} ».")
        return found

    def organisation(self, row: StatedRow, column: str) -> int | None:
        text = row.text(column)
        if not text:
            return None
        found = self.names.get(text, {})
        if len(found) == 1:
            return next(iter(found))
        if not found:
            raise Unfound(
                column, f"« {text} » n’est pas une organisation connue : écrivez son SIREN, son nom ou son sigle exact."
            )
        said = ", ".join(sorted(set(found.values()))[:3])
        raise Unfound(column, f"« {text} » désigne plusieurs organisations ({said}) : écrivez le SIREN ou le nom exact.")


def cents_of(row: StatedRow, field: str) -> int | None:
    amount = row[field]
    return None if amount is None else int((amount * 100).to_integral_value())


def fraction_of_cent(row: StatedRow, *fields: str) -> str:
    """The first field whose amount is finer than a cent: nothing is rounded."""
    return next((name for name in fields if row[name] is not None and (row[name] * 100) % 1), "")


def refused(row: StatedRow, column: str, sentence: str) -> Refusal:
    """With the cell as text, whatever was read in it."""
    value = row.values.get(column)
    return Refusal(row.number, column, "" if value is None else str(value), sentence)
