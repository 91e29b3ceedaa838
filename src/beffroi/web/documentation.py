"""The pages of docs/reference that follow from the code: `python -m beffroi.web.documentation [--check]`."""

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Set
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import django
from django.db.models import TextChoices

from beffroi.accounts.enums import Permission, Role
from beffroi.connectors.profile import Profile, seeded_profiles
from beffroi.funding.enums import Cycle
from beffroi.funding.rules.cycles import NEXT as FILE_STEPS
from beffroi.interactions.enums import NEXT_EVENT, NEXT_TARGET
from beffroi.interactions.enums import NEXT_VISIT as VISIT_STATES
from beffroi.provenance.enums import NEXT as LOAD_STATES
from beffroi.web.commands import command_line
from beffroi.web.method_pages import method_pages
from beffroi.web.variables import settings_table

if TYPE_CHECKING:
    from beffroi.core.datasets import Dataset  # it reads models, which exist once Django is ready

REFERENCE = Path(__file__).resolve().parents[3] / "docs" / "reference"
State = TypeVar("State", bound=TextChoices)
MARK = "<!-- Page écrite par « make docs » à partir du code : ne pas la modifier ici. -->\n"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = [titles, ["---"] * len(titles), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def settings_page() -> str:
    return settings_table()


def roles_page() -> str:
    from beffroi.accounts.roles import ROLES  # it reads models, which exist once Django is ready

    rows = ([f"{role.label}", *("oui" if permission in ROLES[role] else "" for permission in Permission)] for role in Role)
    return (
        "# Rôles\n\nCe que chacun peut faire. Lire ne dépend pas du rôle mais de la visibilité de chaque ligne.\n\n"
        + _table(["rôle", *(str(permission.label) for permission in Permission)], rows)
    )


def diagram(following: Mapping[State, Set[State]]) -> str:
    """A life cycle as Mermaid draws it: the first state opens it, those that lead nowhere close it."""
    names = [f'    state "{state.label}" as {state.value}' for state in following]
    first = next(iter(following))
    steps = [f"    {one.value} --> {after.value}" for one in following for after in type(one) if after in following[one]]
    ends = [f"    {state.value} --> [*]" for state in following if not following[state]]
    return "\n".join(["```mermaid", "stateDiagram-v2", *names, f"    [*] --> {first.value}", *steps, *ends, "```", ""])


def life_cycles_page() -> str:
    files = {f"Dossier : {cycle.label}": FILE_STEPS[cycle] for cycle in Cycle}
    cycles: dict[str, Mapping[Any, Set[Any]]] = {
        "Chargement": LOAD_STATES,
        **files,
        "Visite": VISIT_STATES,
        "Événement": NEXT_EVENT,
        "Cible d’une campagne": NEXT_TARGET,
    }
    return "# Cycles de vie\n\n" + "\n".join(f"## {title}\n\n{diagram(following)}" for title, following in cycles.items())


def _profile(profile: Profile) -> str:
    rows = (
        [
            ", ".join(f"« {name} »" for name in (column.name, *column.aliases)),
            f"`{column.to}`",
            column.type.value,
            "oui" if column.required else "",
            ", ".join(column.choices) or column.default or "",
        ]
        for column in profile.columns
    )
    identity = ", ".join(f"`{name}`" for name in profile.key) or "toutes les colonnes"
    known = f"Code `{profile.code}`, destination `{profile.target}`. Une ligne se reconnaît à : {identity}."
    head = f"## {profile.label}\n\n{known}\n\n"
    about = f"{profile.description}\n\n" if profile.description else ""
    return head + about + _table(["colonne du fichier", "champ", "type", "obligatoire", "choix ou défaut"], rows)


def profiles_page() -> str:
    about = (
        "Les fichiers que Beffroi sait lire dès le départ. À l’écran, on clone un profil pour lire une autre disposition.\n\n"
    )
    return "# Profils d’import\n\n" + about + "\n".join(_profile(profile) for profile in seeded_profiles())


def _arguments(parser: argparse.ArgumentParser) -> list[list[str]]:
    shown = [action for action in parser._actions if action.dest != "help" and not _is_choice_of_commands(action)]
    return [[_written(action), str(action.help or "")] for action in shown]


def _is_choice_of_commands(action: argparse.Action) -> bool:
    return isinstance(action, argparse._SubParsersAction)


def _written(action: argparse.Action) -> str:
    name = ", ".join(action.option_strings)
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    return f"`{f'{name} {value}'.strip()}`"


def _command(parser: argparse.ArgumentParser, level: int = 2) -> str:
    """A command, its arguments, and below it the commands that it has."""
    parts = [f"{'#' * level} `{parser.prog}`\n"]
    if parser.description:
        parts.append(f"{parser.description}\n")
    if rows := _arguments(parser):
        parts.append(_table(["argument", "sens"], rows))
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            helps = {choice.dest: choice.help for choice in action._choices_actions}
            named = {name: child for name, child in action.choices.items() if child.prog.endswith(f" {name}")}  # no alias
            for name, child in named.items():
                child.description = child.description or helps.get(name)
                parts.append(_command(child, level + 1))
    return "\n".join(parts)


def commands_page() -> str:
    return _command(command_line(), level=1)


def datasets_page() -> str:
    from beffroi.publishing.datasets import DATASETS  # it reads models, which exist once Django is ready

    about = (
        "Chaque table se lit à l’écran (Données, puis Jeux de données) et se télécharge en CSV, Excel, JSON et Parquet,\n"
        "aux dates `as_of` et `known_on` de l’adresse. Chacun reçoit les lignes qu’il peut voir. Un code garde ses zéros et a\n"
        "son millésime à côté de lui ; une valeur inconnue est vide, jamais zéro.\n\n"
    )
    return "# Jeux de données\n\n" + about + "\n".join(_dataset(dataset) for dataset in DATASETS)


def _dataset(dataset: "Dataset") -> str:
    head = f"## {dataset.title}\n\n`/jeux-de-donnees/{dataset.name}` : {dataset.description}\n\n"
    rows = ([f"`{one.name}`", str(one.label), str(one.type_label), str(one.meaning)] for one in dataset.columns)
    return head + _table(["colonne", "intitulé", "type", "sens"], rows)


PAGES: dict[str, Callable[[], str]] = {
    "reglages.md": settings_page,
    "roles.md": roles_page,
    "cycles-de-vie.md": life_cycles_page,
    "jeux-de-donnees.md": datasets_page,
    "profils-import.md": profiles_page,
    "commandes.md": commands_page,
    **method_pages(),
}


def stale_pages() -> list[str]:
    """The pages that no longer say what the code does."""
    return [name for name, page in PAGES.items() if _as_committed(name) != MARK + page()]


def _as_committed(name: str) -> str:
    return (REFERENCE / name).read_text() if (REFERENCE / name).exists() else ""


def write_pages() -> None:
    REFERENCE.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        place = REFERENCE / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(MARK + page())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m beffroi.web.documentation")
    parser.add_argument("--check", action="store_true")
    django.setup(set_prefix=False)
    if not parser.parse_args().check:
        write_pages()
        return 0
    stale = stale_pages()
    print(f"Not up to date, run « make docs »: {', '.join(stale)}" if stale else "Generated pages are up to date.")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
