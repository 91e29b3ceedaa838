"""A stock of establishments through the import engine, beside the database's own bulk load of the same file.

`python -m benchmarks.sirene [ROWS]`: check, apply and search index; then `COPY` (or `executemany`) of the same cells, with the
same indexes and the database's own index of words, in the same process."""

import csv
import random
import sys
import time
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from benchmarks import places
from benchmarks.measures import Measure, tell
from benchmarks.search import LEGAL, TOWNS, TRADES, listed, surnames
from tests import run

ROWS = 1_000_000
TIMES = 2  # what our load may take, times the database's own
SEED = 20260103
SITES = (1, 1, 1, 2, 3)  # establishments of a unit
HEADER = listed("""siren nic siret statutDiffusionEtablissement dateCreationEtablissement trancheEffectifsEtablissement
    anneeEffectifsEtablissement activitePrincipaleRegistreMetiersEtablissement dateDernierTraitementEtablissement
    etablissementSiege nombrePeriodesEtablissement complementAdresseEtablissement numeroVoieEtablissement
    indiceRepetitionEtablissement dernierNumeroVoieEtablissement indiceRepetitionDernierNumeroVoieEtablissement
    typeVoieEtablissement libelleVoieEtablissement codePostalEtablissement libelleCommuneEtablissement
    libelleCommuneEtrangerEtablissement distributionSpecialeEtablissement codeCommuneEtablissement
    codeCedexEtablissement libelleCedexEtablissement codePaysEtrangerEtablissement libellePaysEtrangerEtablissement
    identifiantAdresseEtablissement coordonneeLambertAbscisseEtablissement coordonneeLambertOrdonneeEtablissement
    complementAdresse2Etablissement numeroVoie2Etablissement indiceRepetition2Etablissement typeVoie2Etablissement
    libelleVoie2Etablissement codePostal2Etablissement libelleCommune2Etablissement
    libelleCommuneEtranger2Etablissement distributionSpeciale2Etablissement codeCommune2Etablissement
    codeCedex2Etablissement libelleCedex2Etablissement codePaysEtranger2Etablissement
    libellePaysEtranger2Etablissement dateDebut etatAdministratifEtablissement enseigne1Etablissement
    enseigne2Etablissement enseigne3Etablissement denominationUsuelleEtablissement activitePrincipaleEtablissement
    nomenclatureActivitePrincipaleEtablissement caractereEmployeurEtablissement""")
CLASSES = ("", "", "", "NN", "00", "01", "02", "03", "11", "12", "21")
NAF = ("62.01Z", "43.21A", "56.10A", "47.11B", "68.20B", "10.71C", "13.10Z", "72.19Z", "85.59A", "94.99Z")
INDEXED = ("siret", "siren", "codeCommuneEtablissement")
WORDS = ("enseigne1Etablissement", "denominationUsuelleEtablissement", "siren")


def _key(number: str) -> str:
    """The digit that makes Luhn's sum right."""
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[::-2])
    return str(-(sum(map(int, number[-2::-2])) + sum(doubled)) % 10)


def rows_of(count: int) -> Iterator[list[str]]:
    """Every number is right; three signs in ten, an address for all, states and dates as in the real file."""
    chance = random.Random(SEED)
    family = surnames(chance, 50_000)
    weights = list(accumulate(1 / rank for rank in range(1, len(family) + 1)))
    communes = [(f"{59 + n % 4}{n // 4:03}", chance.choice(TOWNS)) for n in range(3_000)]
    done = unit = 0
    while done < count:
        unit += 1
        base = f"{30_000_000 + unit:08}"
        siren = base + _key(base)
        for site in range(1, min(chance.choice(SITES), count - done) + 1):
            yield _row(chance, siren, site, communes, chance.choices(family, cum_weights=weights)[0])
            done += 1


def _row(chance: random.Random, siren: str, site: int, communes: list[tuple[str, str]], name: str) -> list[str]:
    stem = f"{siren}{site:04}"
    code, town = chance.choice(communes)
    created = f"{chance.randrange(1970, 2024)}-{chance.randrange(1, 13):02}-{chance.randrange(1, 29):02}"
    sign = f"{chance.choice(LEGAL)} {chance.choice(TRADES)} {name}".strip().upper() if chance.random() < 0.3 else ""
    cells = {
        "siren": siren, "nic": (stem + _key(stem))[9:], "siret": stem + _key(stem), "statutDiffusionEtablissement": "O",
        "dateCreationEtablissement": created, "trancheEffectifsEtablissement": chance.choice(CLASSES),
        "etablissementSiege": "true" if site == 1 else "false", "nombrePeriodesEtablissement": "2",
        "dateDernierTraitementEtablissement": "2024-03-22T15:40:57", "numeroVoieEtablissement": str(chance.randrange(1, 200)),
        "typeVoieEtablissement": "RUE", "libelleVoieEtablissement": f"DE {name.upper()}", "codePostalEtablissement": code,
        "libelleCommuneEtablissement": town.upper(), "codeCommuneEtablissement": code, "dateDebut": created,
        "etatAdministratifEtablissement": "A" if chance.random() < 0.4 else "F", "enseigne1Etablissement": sign,
        "activitePrincipaleEtablissement": chance.choice(NAF), "nomenclatureActivitePrincipaleEtablissement": "NAFRev2",
        "caractereEmployeurEtablissement": chance.choice("ON"),
    }  # fmt: skip
    return [cells.get(column, "") for column in HEADER]


def write_stock(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows_of(count))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def bulk_load(path: Path) -> float:
    """What the database does alone: the cells as texts, three indexes, and its own index of the words of signs."""
    from django.db import connection, transaction

    columns = ", ".join(f'"{name}" text' for name in HEADER)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_stock ({columns})")
        fill = _copied if connection.vendor == "postgresql" else _inserted
        spent = _timed(lambda: fill(cursor, path))
        spent += sum(_timed(lambda sql=sql: cursor.execute(sql)) for sql in _indexes(connection.vendor))
    return spent


def _copied(cursor: object, path: Path) -> None:
    with path.open("rb") as file, cursor.cursor.copy("COPY bench_stock FROM STDIN (FORMAT csv, HEADER)") as copy:  # type: ignore[attr-defined]
        while data := file.read(1 << 20):
            copy.write(data)


def _inserted(cursor: object, path: Path) -> None:
    """What `.import` does: each line of the file is a row."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        marks = ", ".join("?" * len(HEADER))
        cursor.connection.executemany(f"INSERT INTO bench_stock VALUES ({marks})", rows)  # type: ignore[attr-defined]


def _indexes(vendor: str) -> list[str]:
    made = [f'CREATE {"UNIQUE " if name == "siret" else ""}INDEX bench_{name} ON bench_stock ("{name}")' for name in INDEXED]
    if vendor == "postgresql":
        text = " || ' ' || ".join(f"coalesce(\"{name}\", '')" for name in WORDS)
        return [*made, f"CREATE INDEX bench_words ON bench_stock USING gin (to_tsvector('simple', {text}))"]
    names = ", ".join(f'"{name}"' for name in WORDS)
    return [
        *made,
        f"CREATE VIRTUAL TABLE bench_words USING fts5({names}, content='bench_stock', prefix='3 4')",
        "INSERT INTO bench_words(bench_words) VALUES ('rebuild')",
    ]


def our_load(path: Path, rows: int) -> dict[str, float]:
    from beffroi.provenance import actions
    from beffroi.provenance.models import Profile
    from beffroi.web.loads import LOADERS
    from beffroi.web.search_index import follow_load

    source = actions.register_source("sirene", title="SIRENE", publisher="INSEE")
    snapshot = actions.take_snapshot(path, source=source)
    load = actions.request_load(snapshot, profile=Profile.objects.get(code="sirene-etablissements"), by=None)
    spent = {"check": _timed(lambda: actions.check_load(load))}
    spent["apply"] = _timed(lambda: actions.apply_load(load, loader=LOADERS["establishments"]))
    load.refresh_from_db()
    if (load.state, load.difference, load.rejected, load.read) != ("applied", 0, 0, rows):
        raise RuntimeError(f"{load.state}: {load.message} {load.read} {load.loaded} {load.rejected}")
    spent["search"] = _timed(lambda: follow_load(load))
    return spent


def measure(count: int) -> None:
    name = f"sirene_{count}"
    places.make_blank(name)
    places.stand_in(name)
    from django.core.management import call_command

    from beffroi.provenance import actions

    call_command("migrate", verbosity=0)
    actions.seed_profiles()
    path = run.data_folder(name) / "StockEtablissement.csv"
    write_stock(path, count)
    own = bulk_load(path)
    tell(Measure(f"{count} establishments, the database's own load and indexes", run.ENGINE, own, "s"))
    for label in ("new", "same again"):
        spent = our_load(path, count) if label == "new" else our_load(path, count)
        total = sum(spent.values())
        note = ", ".join(f"{part} {seconds:.1f} s" for part, seconds in spent.items()) + f", {total / own:.2f} times"
        target = TIMES * own if label == "new" else None
        tell(Measure(f"{count} establishments, {label}", run.ENGINE, total, "s", target, note=note))


def main() -> None:
    measure(int(sys.argv[1]) if sys.argv[1:] else ROWS)


if __name__ == "__main__":
    main()
