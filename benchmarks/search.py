"""What people type, with its errors, over a million organisations.

`python -m benchmarks.search [ORGANISATIONS]`: the index, then the questions, in one process."""

import random
import resource
import sys
import time
from collections.abc import Iterator
from itertools import accumulate

from benchmarks import places
from benchmarks.measures import Measure, percentile, tell
from tests import run


def listed(text: str) -> list[str]:
    return text.split()


ORGANISATIONS = 1_000_000
QUESTIONS = 1_000
CEILING = 100  # milliseconds at the 95th percentile
SEED = 20260102
LEGAL = ("SARL", "SAS", "SCI", "SA", "EURL", "Association", "Société", "Établissements", "Groupe", "")
TRADES = listed("""boulangerie menuiserie plomberie électricité transports garage coiffure restaurant pharmacie immobilier
    conseil informatique maçonnerie textile chaudronnerie mécanique imprimerie brasserie agricole logistique énergie bâtiment
    santé formation ingénierie distribution négoce services nettoyage sécurité architecture communication""")
TOWNS = listed("""Lille Roubaix Tourcoing Dunkerque Amiens Calais Valenciennes Boulogne Arras Douai Lens Béthune Cambrai
    Maubeuge Compiègne Beauvais Creil Laon Soissons Abbeville Saint-Quentin Hazebrouck Armentières Denain Liévin""")
START = listed("b br c ch cl d dr del f fl g gr h j l m n p pl r s t v van w")
MIDDLE = listed("a e i o u ai au ei ou oi ie")
END = listed("bert ckx court dier lain lart let lin mans nard nier quet rand ret rier sart son teau tier vert ville voye")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def surnames(chance: random.Random, count: int) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        parts = "".join(chance.choice(START) + chance.choice(MIDDLE) for _ in range(chance.choice((1, 1, 2, 2, 3))))
        found[(parts + chance.choice(END)).capitalize()] = None
    return list(found)


def names(count: int) -> Iterator[str]:
    """A few words in most names, most words in few names, as in a register of companies."""
    chance = random.Random(SEED)
    family = surnames(chance, 150_000)
    weights = list(accumulate(1 / rank for rank in range(1, len(family) + 1)))
    for _ in range(count):
        who = chance.choices(family, cum_weights=weights)[0]
        words = [chance.choice(LEGAL), chance.choice(TRADES) if chance.random() < 0.6 else "", who]
        if chance.random() < 0.3:
            words.append(chance.choices(family, cum_weights=weights)[0])
        if chance.random() < 0.25:
            words += ["de", chance.choice(TOWNS)]
        yield " ".join(filter(None, words))


def with_error(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, len(word))
    return chance.choice(
        (
            word[:place] + word[place + 1 :],
            word[:place] + chance.choice(LETTERS) + word[place:],
            word[:place] + chance.choice(LETTERS) + word[place + 1 :],
            word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :],
        )
    )


def meant_by(name: str) -> set[str]:
    return {word for word in name.split() if len(word) > 3} or set(name.split())


def questions(known: list[str]) -> list[tuple[str, str]]:
    """What is typed and the name that was meant; one in twenty is a word that a tenth of the names have."""
    chance = random.Random(SEED + 1)
    asked = []
    for name in chance.choices(known, k=QUESTIONS):
        words = [word for word in name.split() if word in meant_by(name)]
        if chance.random() < 0.05:
            asked.append((chance.choice(("sarl", "société", "lille", "conseil lille", "transport", "sas")), ""))
            continue
        typed = list(words)
        place = chance.randrange(len(typed))
        if len(typed[place]) > 4:
            typed[place] = with_error(typed[place], chance)
        if place < len(typed) - 1 and chance.random() < 0.5 and len(typed[-1]) > 5:
            typed[-1] = typed[-1][:-2]
        asked.append((" ".join(typed), name))
    return asked


def measure(count: int) -> None:
    places.make_blank("search")
    places.stand_in("search")
    from django.core.management import call_command

    from beffroi.core import search
    from beffroi.core.search import SearchRow

    call_command("migrate", verbosity=0)
    known = list(names(count))
    start = time.perf_counter()
    search.index(SearchRow(kind="organisation", id=n, title=name, address=f"/o/{n}") for n, name in enumerate(known, 1))
    spent = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell(
        Measure(
            f"{count} organisations, indexed", run.ENGINE, count / spent, "rows/s", note=f"{spent:.0f} s, peak {peak:.0f} MB"
        )
    )
    _ask(questions(known), count)


def _ask(asked: list[tuple[str, str]], count: int) -> None:
    from beffroi.core import search

    spent, right, meant = [], 0, 0
    for typed, name in asked:
        start = time.perf_counter()
        found = search.search(typed, limit=20)
        spent.append(1000 * (time.perf_counter() - start))
        meant += bool(name)
        right += bool(name) and any(meant_by(name) <= set(e.title.split()) for group in found.groups for e in group.results[:3])
    for share, target in ((0.5, None), (0.95, CEILING), (0.99, None)):
        tell(Measure(f"search among {count}, p{share * 100:.0f}", run.ENGINE, percentile(spent, share), "ms", target))
    tell(Measure("every meant word in one of the first 3", run.ENGINE, 100 * right / meant, "%", 95, is_floor=True))


def main() -> None:
    measure(ORGANISATIONS)


if __name__ == "__main__":
    measure(int(sys.argv[1]) if len(sys.argv) > 1 else ORGANISATIONS)
