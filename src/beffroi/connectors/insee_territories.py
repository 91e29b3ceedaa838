"""The official geographic code (INSEE, COG), as the npm package @etalab/decoupage-administratif ships it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

COLUMNS = ("framework", "framework_label", "vintage", "code", "label", "level", "population", "siren", "inside")
CURRENT = "commune-actuelle"


class MissingTerritories(FileNotFoundError):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"Les codes officiels des territoires manquent dans {folder.name} : relancer l’installation.")


def read(folder: Path, *, region: str, vintage: int) -> pl.DataFrame:
    """All regions and departments, and the intercommunalities and communes of one region.

    Columns (text, except population: integer, unknown is null): framework, framework_label, vintage, code, label, level,
    population, siren, inside (addresses `framework@vintage:code` of the territories that contain this one, `;` apart).
    Raises MissingTerritories when a file is not there. Source: INSEE, code officiel géographique; population: municipal.
    """
    names = ("regions", "departements", "epci", "communes")
    try:
        files = {name: json.loads((folder / f"{name}.json").read_text()) for name in names}
    except FileNotFoundError as error:
        raise MissingTerritories(folder) from error
    communes = [row for row in files["communes"] if row["type"] == CURRENT and row.get("region") == region]
    rows = [*_regions(files["regions"]), *_departments(files["departements"], vintage)]
    inside: dict[str, str] = {}
    rows += _epcis(files["epci"], {row["code"]: row["departement"] for row in communes}, vintage, inside)
    rows += _communes(communes, vintage, inside)
    return pl.DataFrame([{"vintage": vintage, **row} for row in rows], schema_overrides={"population": pl.Int64}).select(
        COLUMNS
    )


def _row(framework: str, label: str, level: str, row: dict[str, Any], population: int | None, inside: str) -> dict[str, Any]:
    return {
        "framework": framework,
        "framework_label": label,
        "code": row["code"],
        "label": row["nom"],
        "level": level,
        "population": population,
        "siren": row.get("siren", row["code"] if level == "epci" else "") or "",
        "inside": inside,
    }


def _regions(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (_row("geo-regions", "Régions", "region", row, None, "") for row in rows)


def _departments(rows: list[dict[str, Any]], vintage: int) -> Iterator[dict[str, Any]]:
    for row in rows:
        inside = f"geo-regions@{vintage}:{row['region']}" if row.get("region") else ""
        yield _row("geo-departements", "Départements", "department", row, None, inside)


def _epcis(
    rows: list[dict[str, Any]], communes: dict[str, str], vintage: int, inside: dict[str, str]
) -> Iterator[dict[str, Any]]:
    """Also says, in `inside`, which intercommunality each commune belongs to."""
    for row in rows:
        members = [member["code"] for member in row["membres"] if member["code"] in communes]
        if members:
            inside.update(dict.fromkeys(members, f"geo-epci@{vintage}:{row['code']}"))
            departments = sorted({communes[code] for code in members})
            wholes = ";".join(f"geo-departements@{vintage}:{code}" for code in departments)
            yield _row("geo-epci", "Intercommunalités à fiscalité propre", "epci", row, row.get("populationMunicipale"), wholes)


def _communes(rows: list[dict[str, Any]], vintage: int, inside: dict[str, str]) -> Iterator[dict[str, Any]]:
    for row in rows:
        wholes = [f"geo-departements@{vintage}:{row['departement']}", inside.get(row["code"], "")]
        yield _row("geo-communes", "Communes", "commune", row, row.get("population"), ";".join(filter(None, wholes)))
