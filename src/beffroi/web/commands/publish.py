"""Writes a list in the form of a standard, and beside it the rows that are not in it, with the reason of each."""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from beffroi.core.refusals import Refused
from beffroi.provenance.queries import Moment
from beffroi.web.commands.users import day

if TYPE_CHECKING:
    from beffroi.publishing.datasets.standards.declared import Asked, Built, Publication

OPTIONS = {
    "programme": "code du programme",
    "publisher": "SIREN ou SIRET de qui attribue",
    "lang": "langue des en-têtes : fr ou en",
    "prefix": "préfixe des identifiants (360Giving)",
}


def add_options(parser: ArgumentParser) -> None:
    for name, text in OPTIONS.items():
        parser.add_argument(f"--{name}", metavar=name.upper(), default="", help=f"listes : {text}")
    text = "listes : note la liste comme publiée ce jour-là ; les noms de personnes y sont pour deux ans"
    parser.add_argument("--published-on", type=day, metavar="DATE", help=text)


def publish(publication: "Publication", arguments: Namespace, moment: Moment) -> int:
    from beffroi.publishing import actions

    asked = _asked(publication, arguments, moment)
    built = publication.build(asked)
    if arguments.published_on:
        if not publication.names_persons:
            raise Refused(f"La liste « {publication.name} » ne nomme personne : --published-on ne la concerne pas.")
        actions.record_publication(publication.name, operations=built.operations, on=arguments.published_on, by=None)
        built = publication.build(replace(asked, moment=Moment(max(moment.as_of, arguments.published_on), moment.known_on)))
    written = _write_all(publication, asked, built, arguments.out)
    print(json.dumps(_said(built, written), ensure_ascii=False))
    return 0


def _asked(publication: "Publication", arguments: Namespace, moment: Moment) -> "Asked":
    from beffroi.connectors.identifiers import siren_of
    from beffroi.funding.models import Programme
    from beffroi.publishing.datasets.standards.declared import Asked

    given = {name: getattr(arguments, name) for name in OPTIONS if getattr(arguments, name)}
    if strangers := [name for name in given if name not in publication.options]:
        raise Refused(f"--{strangers[0]} ne concerne pas la liste « {publication.name} ».")
    if "lang" in given and given["lang"] not in publication.languages:
        raise Refused(f"--lang : {', '.join(publication.languages)}.")
    if "publisher" in given and not siren_of(given["publisher"]):
        raise Refused(f"« {given['publisher']} » n’est ni un SIREN ni un SIRET : un chiffre est faux.")
    if "programme" in given and not Programme.objects.filter(framework__code=given["programme"]).exists():
        raise Refused(f"« {given['programme']} » n’est pas le code d’un programme connu.")
    language = given.pop("lang", "fr")
    return Asked(moment=moment, language=language, **given)


def _write_all(publication: "Publication", asked: "Asked", built: "Built", out: Path) -> list[Path]:
    files = publication.files(built, asked)
    if out.is_dir():
        return [_write(publication, asked, part, out / f"{name}.{publication.formats[0]}") for name, part in files.items()] + [
            _report(built, out / f"{publication.name}-{asked.moment.as_of:%Y%m%d}.ecarts.csv")
        ]
    form = out.suffix.lower().removeprefix(".")
    if form not in publication.formats:
        names = ", ".join(f".{name}" for name in publication.formats)
        raise Refused(f"« {out.name} » doit finir par {names}, ou être un dossier qui existe.")
    if not out.parent.is_dir():
        raise Refused(f"Le dossier « {out.parent} » n’existe pas.")
    if len(files) > 1:
        raise Refused(f"Il faut un fichier par financeur, et ils sont {len(files)} : donnez un dossier, ou --publisher.")
    return [_write(publication, asked, built, out), _report(built, out.with_suffix(".ecarts.csv"))]


def _write(publication: "Publication", asked: "Asked", built: "Built", path: Path) -> Path:
    from beffroi.publishing.datasets.standards import writing

    with path.open("wb") as file:
        if path.suffix.lower() == ".xlsx":
            writing.workbook(file, built, publication, asked)
        else:
            file.writelines(line.encode() for line in writing.csv_text(built, publication, asked.language))
    return path


def _report(built: "Built", path: Path) -> Path:
    from beffroi.publishing.datasets.standards import writing

    path.write_bytes("".join(writing.report_text(built.left_out)).encode())
    return path


def _said(built: "Built", written: list[Path]) -> dict[str, Any]:
    return {
        "rows": len(built.rows),
        "left_out": dict(built.reasons),
        "missing": {name: count for name, count in built.gaps.items() if count},
        "refused_values": dict(built.refused),
        "files": [path.name for path in written],
    }
