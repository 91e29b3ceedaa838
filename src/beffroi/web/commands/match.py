"""Links the records of a file to those of another, or finds the doubles of one."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from beffroi.analytics import matching
from beffroi.analytics.matching import Linkage, Quality
from beffroi.analytics.tables import Refusal
from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.records import Records, read_records, read_truth, told
from beffroi.core.refusals import Refused

LIKELY = 0.5
STEPS = {
    "identifier": "par numéro SIREN ou SIRET",
    "exact": "par nom et lieu exacts",
    "probable": "par probabilité",
}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("left", metavar="GAUCHE", type=Path, help="les enregistrements à rattacher : CSV, XLSX, Parquet…")
    parser.add_argument(
        "right", metavar="DROITE", type=Path, nargs="?", help="le répertoire ; sans lui, les doublons du premier fichier"
    )
    parser.add_argument("--out", metavar="CHEMIN", type=Path, required=True, help="où écrire les liens (CSV)")
    parser.add_argument(
        "--truth", metavar="CHEMIN", type=Path, help="les liens vrais (colonnes left, right) : précision, rappel, F1"
    )
    parser.add_argument(
        "--threshold",
        metavar="CHANCE",
        type=float,
        default=LIKELY,
        help=f"chance à partir de laquelle un lien est écrit ({LIKELY})",
    )


def run(arguments: Namespace) -> int:
    if not 0 <= arguments.threshold <= 1:
        raise Refused("--threshold est une chance, de 0 à 1.")
    if not arguments.out.parent.is_dir():
        raise Refused(f"Le dossier « {arguments.out.parent} » n’existe pas : créez-le, ou écrivez ailleurs.")
    is_double = arguments.right is None or arguments.right.resolve() == arguments.left.resolve()
    left = _read(arguments.left)
    right = left if is_double else _read(arguments.right)
    truth = _truth(arguments, left, right) if arguments.truth else None
    linkage = _linkage(left, right, is_double=is_double)
    kept = linkage.kept(arguments.threshold)
    write_links(kept, arguments.out)
    print("\n".join(report(linkage, kept, left, None if is_double else right)))
    if truth is not None:
        print(quality_text(matching.quality(_either_way(kept, is_double), _either_way(truth, is_double))))
    return 0


def _read(path: Path) -> Records:
    try:
        return read_records(path)
    except UnreadableFile as refusal:
        raise Refused(f"{path} : {refusal}") from refusal


def _linkage(left: Records, right: Records, *, is_double: bool) -> Linkage:
    try:
        return matching.dedupe(left.table) if is_double else matching.link(left.table, right.table)
    except Refusal as refusal:
        raise Refused(" ".join(str(refusal).split())) from refusal


def _truth(arguments: Namespace, left: Records, right: Records) -> pl.DataFrame:
    try:
        truth = read_truth(arguments.truth)
    except UnreadableFile as refusal:
        raise Refused(f"{arguments.truth} : {refusal}") from refusal
    met = truth.join(left.table, left_on="left", right_on="id", how="semi").join(
        right.table, left_on="right", right_on="id", how="semi"
    )
    if truth.height and met.is_empty():
        raise Refused(f"{arguments.truth} : aucune de ses {truth.height} paires ne nomme des identifiants des deux fichiers.")
    return truth


def _either_way(pairs: pl.DataFrame, is_double: bool) -> pl.DataFrame:
    """Within one file a pair has no order."""
    if not is_double:
        return pairs
    return pairs.select(left=pl.min_horizontal("left", "right"), right=pl.max_horizontal("left", "right"))


def write_links(links: pl.DataFrame, path: Path) -> None:
    rows = matching.explained(links)
    joined = (pl.col(name).list.join(" ").alias(name) for name in ("for", "against"))
    rows.select("left", "right", "step", pl.col("chance").round(4), *joined).write_csv(path)


def report(linkage: Linkage, kept: pl.DataFrame, left: Records, right: Records | None) -> Iterator[str]:
    yield f"{left.table.height} enregistrements : {' ; '.join(told(left))}."
    if right is not None:
        yield f"{right.table.height} dans le répertoire : {' ; '.join(told(right))}."
    counts = dict(kept.group_by("step").len().iter_rows())
    yield from (f"  {counts.get(step, 0):>8} {text}" for step, text in STEPS.items() if right is not None or step in counts)
    yield f"{kept.height} liens écrits." if kept.height else "Aucun lien."
    if linkage.untrained:
        yield f"{len(linkage.untrained)} niveaux de comparaison, que ces fichiers n’apprennent pas, ont leur poids par défaut."
    yield "Selon le modèle :   seuil   liens   faux attendus   manqués attendus"
    for row in linkage.thresholds:
        yield f"{'':>18}{row.at:>7.2f} {row.links:>7} {row.false_links:>15.1f} {row.missed_links:>18.1f}"


def quality_text(found: Quality) -> str:
    said = {"précision": found.precision, "rappel": found.recall, "F1": found.f1}
    shares = ", ".join(f"{name} {'sans objet' if share is None else f'{share:.4f}'}" for name, share in said.items())
    return f"{shares} ({found.right} liens justes sur {found.linked} écrits, {found.true} vrais)"
