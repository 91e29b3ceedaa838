"""Totals that a list prints or that its profile declares, beside the sum of the lines that they speak of. Pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from beffroi.analytics.checks.findings import number, signed
from beffroi.connectors.profile import ControlTotal
from beffroi.core.text import search_key
from beffroi.funding.loads.grants.rows import COSTS, ORIGINS, Grant, cents_of
from beffroi.provenance.actions import Refusal, StatedRow

LABELS = (
    "funder",
    "beneficiary",
    "title",
    "code",
    "reference",
    "programme",
    "item",
    "region",
    "department",
    "commune",
    "place",
)
GROUPS = ("programme", "item_code", "item", "fund", "funder", "region", "department", "commune", "exercise", "date", "place")
TOTAL_WORDS = ("total general", "grand total", "sous total", "totaux", "total", "ensemble", "somme")
MEASURES = (*ORIGINS, *COSTS)
NO_AMOUNT = "C’est une ligne de total sans aucun montant : elle ne contrôle rien."
NO_NAME = "La ligne n’a que des montants, et ils ne sont pas la somme des autres : on ne sait pas de quoi elle parle."
UNNAMED = "sans intitulé"
NO_CURRENCY = "Ce total ne dit pas sa monnaie, et ses lignes en ont plusieurs : il ne contrôle rien."
SHOWN = 4  # totals said one by one; the others are counted


@dataclass(frozen=True, kw_only=True)
class Printed:
    """`row`: 0 for a total that the profile declares. `listed`: cents of the lines in its perimeter, `of` which ones."""

    row: int
    key: str
    label: str
    measure: str
    column: str
    currency: str
    cents: int
    listed: int
    lines: int
    of: str
    programmes: frozenset[tuple[str, str]]
    as_written: str = ""
    nth: int = 1

    @property
    def gap(self) -> int:
        return self.listed - self.cents

    @property
    def sentence(self) -> str:
        said = f"Total {'imprimé' if self.row else 'déclaré'} « {self.label} » ({self.column}) : {self._shown(self.cents)}"
        gap = f"écart : {signed(self.gap / 100, self.currency)}" if self.gap else "aucun écart"
        return f"{said} ; somme {self.of} : {self._shown(self.listed)} ; {gap}."

    def _shown(self, cents: int) -> str:
        return number(cents / 100, self.currency)


@dataclass(frozen=True)
class Perimeter:
    of: str
    grants: Sequence[Grant]


def printed_totals(
    rows: Iterable[StatedRow], grants: Sequence[Grant], columns: dict[str, str]
) -> tuple[list[Printed], list[Refusal]]:
    """Each total of each column; `columns`: the header of each measure."""
    found: list[Printed] = []
    refusals: list[Refusal] = []
    labels: Counter[str] = Counter()
    before = 0
    for row in sorted(rows, key=lambda row: row.number):
        label = _label(row, columns)
        labels[label] += 1
        measures = [name for name in MEASURES if row.values.get(name) is not None]
        if not measures:
            refusals.append(Refusal(row.number, "", label, NO_AMOUNT))
        choices = _perimeters(row, label, grants, before)
        for measure in measures:
            total = _against(row, label, measure, columns, choices)
            if total is None or (label == UNNAMED and total.gap):
                refusals.append(Refusal(row.number, measure, "", NO_NAME if total else NO_CURRENCY))
            else:
                found.append(Printed(**(vars(total) | {"nth": labels[label]})))
        before = row.number
    return found, refusals


def declared_totals(controls: Iterable[ControlTotal], grants: Sequence[Grant], columns: dict[str, str]) -> Iterator[Printed]:
    for control in controls:
        chosen = [grant for grant in grants if control.currency in (None, grant.currency(control.field))]
        whole = Perimeter(_counted(chosen, "de la liste"), chosen)
        currency = control.currency or (grants[0].currency(control.field) if grants else "EUR")
        cents = cents_of(control.total)
        yield _printed(
            0, control.said_by or "contrôle", control.field, columns, currency, cents, _closest(cents, control.field, [whole])
        )


def _label(row: StatedRow, columns: dict[str, str]) -> str:
    """What the row says of itself, in the columns of the file: what the profile adds to each row is no name."""
    texts = [row.text(name).strip() for name in LABELS if name in columns]
    return next((text for text in texts if _rest(text) is not None), next(filter(None, texts), UNNAMED))


def _rest(text: str) -> str | None:
    """What a label says after « total », empty for a plain one; None when it is no label of a total."""
    words = search_key(text)
    found = next((word for word in TOTAL_WORDS if words == word or words.startswith(f"{word} ")), None)
    return None if found is None else words.removeprefix(found).strip()


def _perimeters(row: StatedRow, label: str, grants: Sequence[Grant], before: int) -> list[Perimeter]:
    """Of what a total may be the sum, the likeliest first: the group that it names, the lines above it since the total
    before, the whole list. Only what it names is its own; of the others the one that agrees with it is."""
    if group := _group(row, label, grants):
        return [group]
    block = [grant for grant in grants if before < grant.row.number < row.number]
    above = [grant for grant in grants if grant.row.number < row.number]
    whole = Perimeter(_counted(grants, "de la liste"), grants)
    choices = [Perimeter(_spanned(block), block), Perimeter(_spanned(above), above)]
    ordered = [*choices, whole] if search_key(label).startswith("sous total") else [whole, *choices]
    return [choice for choice in ordered if choice.grants] or [whole]


def _group(row: StatedRow, label: str, grants: Sequence[Grant]) -> Perimeter | None:
    named = {name: search_key(row.text(name)) for name in GROUPS if row.text(name) and _rest(row.text(name)) is None}
    constant = {name for name in named if all(search_key(grant.row.text(name)) == named[name] for grant in grants)}
    asked = {name: text for name, text in named.items() if name not in constant}
    rest = _rest(label) or ""
    fits: list[Callable[[Grant], bool]] = []
    if asked:
        fits.append(lambda grant: all(search_key(grant.row.text(name)) == text for name, text in asked.items()))
    if rest:
        fits.append(lambda grant: any(search_key(grant.row.text(name)) == rest for name in GROUPS))
    chosen = [grant for grant in grants if fits and all(fit(grant) for fit in fits)]
    said = label if rest else ", ".join(row.text(name) for name in asked)
    return Perimeter(_counted(chosen, f"de « {said} »"), chosen) if chosen else None


def _counted(grants: Sequence[Grant], of: str) -> str:
    return f"de la ligne {of}" if len(grants) == 1 else f"des {len(grants)} lignes {of}"


def _spanned(grants: Sequence[Grant]) -> str:
    numbers = [grant.row.number for grant in grants]
    return _counted(grants, f"de {min(numbers)} à {max(numbers)}") if numbers else ""


def _against(row: StatedRow, label: str, measure: str, columns: dict[str, str], choices: Sequence[Perimeter]) -> Printed | None:
    written = (row.text(f"{measure}_currency") or row.text("currency")).upper()[:3]
    currencies = {grant.currency(measure) for choice in choices for grant in choice.grants if measure in grant.cents}
    if not written and len(currencies) > 1:
        return None
    currency = written or next(iter(currencies), "EUR")
    same = [
        Perimeter(choice.of, [grant for grant in choice.grants if grant.currency(measure) == currency]) for choice in choices
    ]
    cents = cents_of(row[measure])
    chosen = _closest(cents, measure, same)
    as_written = row.text(f"{measure}_written") or str(row[measure])
    found = _printed(row.number, label, measure, columns, currency, cents, chosen)
    return Printed(**(vars(found) | {"key": row.key, "as_written": as_written[:200]}))


def _printed(
    row: int, label: str, measure: str, columns: dict[str, str], currency: str, cents: int, chosen: tuple[int, Perimeter]
) -> Printed:
    listed, perimeter = chosen
    return Printed(
        row=row,
        key=f"control {label} {currency}",
        label=label[:120],
        measure=measure,
        column=columns.get(measure, measure),
        currency=currency,
        cents=cents,
        listed=listed,
        lines=len(perimeter.grants),
        of=perimeter.of,
        programmes=frozenset((grant.row.text("programme_scheme"), grant.programme) for grant in perimeter.grants),
        as_written=f"{Decimal(cents) / 100:f}",
    )


def _closest(cents: int, measure: str, choices: Sequence[Perimeter]) -> tuple[int, Perimeter]:
    """The first perimeter whose sum is the total, as it counts or as its column is written; else the first as it counts."""
    sums = [(listed, choice) for choice in choices for listed in (_sum(choice, measure), _column(choice, measure))]
    return next((pair for pair in sums if pair[0] == cents), sums[0])


def _sum(perimeter: Perimeter, measure: str) -> int:
    return sum(grant.cents.get(measure, 0) for grant in perimeter.grants if grant.leads or measure != "amount")


def _column(perimeter: Perimeter, measure: str) -> int:
    """Where the amount of a decision is repeated for each beneficiary, a spreadsheet adds it each time."""
    values = [grant.row.values.get(measure) for grant in perimeter.grants]
    return sum(cents_of(value) for value in values if value is not None)


def remarks_of(printed: Sequence[Printed], *, rejected: int) -> list[Refusal]:
    """Totals that differ first; what is beyond a few is counted."""
    ordered = sorted(printed, key=lambda total: (total.gap == 0, -abs(total.gap), total.row))
    shown, others = ordered[:SHOWN], ordered[SHOWN:]
    said = [Refusal(total.row, total.measure, total.as_written, total.sentence) for total in shown]
    differ = sum(total.gap != 0 for total in others)
    if others:
        text = f"Autres totaux imprimés, dont {differ} en écart avec leurs lignes : la page des anomalies les montre."
        said += [Refusal(total.row, total.measure, total.as_written, text) for total in others]
    if rejected and any(total.gap for total in printed):
        lost = f"{rejected} ligne{'s' if rejected > 1 else ''} rejetée{'s' if rejected > 1 else ''}"
        said.append(Refusal(shown[0].row, "", "", f"Les sommes ne comptent pas {lost} de ce fichier."))
    return said
