"""Lists of projects as people keep them: which column is what, and which rows say something. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from beffroi.core.text import search_key

MOST_TEXTS = 20_000
LONGEST_KEY, LONGEST_TITLE = 120, 500
# Beginnings of the words by which lists name their columns, the surest first
TITLE = ("intitule", "titre", "title", "libelle", "label", "nom du projet", "nom de l operation", "projet", "operation",
         "objet", "project", "nom", "name")  # fmt: skip
DESCRIPTION = ("description", "resume", "summary", "objectif", "contenu", "presentation", "abstract", "details")
KEY = ("identifiant", "id", "code", "numero", "n°", "reference", "ref", "n")
NOT_A_TITLE = ("id", "code", "numero", "date", "montant", "statut", "type")


class UnknownColumn(ValueError):
    """No column is sure to hold the titles, or the one that was named is not there; the message lists those that are."""


@dataclass(frozen=True)
class ListedText:
    key: str
    title: str
    description: str = ""
    operation: int | None = None


@dataclass
class ReadTexts:
    """`left_out`: rows that say nothing, by their number in the file."""

    texts: list[ListedText] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)


def columns_of(names: Sequence[str], *, title: str = "", description: str = "", key: str = "") -> dict[str, str]:
    """The column of the title, of the description and of the identifier ("": none). Raises UnknownColumn."""
    for said in filter(None, (title, description, key)):
        if said not in names:
            raise UnknownColumn(f"Le tableau n’a pas de colonne « {said} ». Ses colonnes : {_listed(names)}.")
    found = title or _named(names, TITLE, but=NOT_A_TITLE) or (names[0] if len(names) == 1 else "")
    if not found:
        raise UnknownColumn(
            f"Aucune colonne ne se nomme comme un intitulé. Ses colonnes : {_listed(names)}. "
            "Dites laquelle contient les intitulés."
        )
    others = [name for name in names if name != found]
    return {"title": found, "description": description or _named(others, DESCRIPTION), "key": key or _named(others, KEY)}


def _listed(names: Sequence[str]) -> str:
    more = f" et {len(names) - 12} autres" if len(names) > 12 else ""
    return ", ".join(f"« {name} »" for name in names[:12]) + more


def _named(names: Sequence[str], words: Sequence[str], but: Sequence[str] = ()) -> str:
    """The first column of the first word: the same name before one that begins with it."""
    keys = {name: " ".join(search_key(name).replace("_", " ").replace("-", " ").split()) for name in names}
    free = {name: key for name, key in keys.items() if not any(key.split()[:1] == [word] for word in but)}
    same = (name for word in words for name, key in free.items() if key == word)
    longer = (name for word in words for name, key in free.items() if key.startswith(f"{word} "))
    return next(same, "") or next(longer, "")


def read_texts(rows: Sequence[tuple[int, Mapping[str, str | None]]], columns: Mapping[str, str]) -> ReadTexts:
    """Rows by their number in the file. A row without title takes the beginning of its description; without either, it says
    nothing. An identifier that several rows have is told apart by their number."""
    read = ReadTexts()
    keys = Counter(_cell(row, columns["key"]) for _number, row in rows)
    for number, row in rows:
        title, description, key = (_cell(row, columns[name]) for name in ("title", "description", "key"))
        if not title and not description:
            read.left_out.append(number)
            continue
        own = key if key and keys[key] == 1 else f"{key} (ligne {number})" if key else f"ligne {number}"
        read.texts.append(_text(own, title, description))
    return read


def _text(key: str, title: str, description: str) -> ListedText:
    short = title if len(title) <= LONGEST_TITLE else f"{title[: LONGEST_TITLE - 1]}…"
    rest = description if short == title else f"{title} {description}".strip()
    return ListedText(key[-LONGEST_KEY:], short or f"{description[:99]}{'…' if len(description) > 99 else ''}", rest)


def _cell(row: Mapping[str, str | None], column: str) -> str:
    return " ".join((row.get(column) or "").split()) if column else ""


def pasted_rows(text: str) -> list[tuple[int, Mapping[str, str | None]]]:
    """One text a line; what comes after a tab is its description."""
    rows: list[tuple[int, Mapping[str, str | None]]] = []
    for number, line in enumerate(text.splitlines(), start=1):
        title, _tab, description = line.partition("\t")
        if line.strip():
            rows.append((number, {"title": title, "description": description}))
    return rows


def has_header(text: str) -> bool:
    """Whether a pasted text begins with names of columns rather than with a project."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    names = [name.strip(' "') for name in first.replace(";", "\t").replace(",", "\t").split("\t")]
    return len(names) > 1 and all(len(name) < 60 for name in names) and bool(_named(names, TITLE, but=NOT_A_TITLE))
