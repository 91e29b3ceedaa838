"""Lists of companies or people from any file, under the names that `analytics.matching` gives to what it compares."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from beffroi.connectors.files import FAULT, ROW, UnreadableFile, open_table
from beffroi.connectors.words import folded, quoted

# Headers met in the wild, from the surest to the vaguest; compared without case, accents, spaces or hyphens.
SPELLINGS: dict[str, tuple[str, ...]] = {
    "id": (
        "id", "unique_id", "identifiant", "identifiant unique", "record_id", "rec_id", "uid", "_id", "cle", "key", "ref",
        "reference", "code",
    ),
    "given": (
        "given_name", "first_name", "forename", "prenom", "prénoms", "prenom usuel",
    ),
    "family": (
        "surname", "last_name", "family_name", "nom de famille", "nom usage", "nom d'usage", "nom de naissance",
    ),
    "name": (
        "name", "nom", "denomination", "denominationUniteLegale", "raison sociale", "raison_soc", "company", "company_name",
        "business_name", "organisation", "organization", "organisation_name", "entreprise", "societe", "nom entreprise",
        "nom complet", "nom_complet", "nomBeneficiaire", "nom beneficiaire", "beneficiaire", "beneficiary",
        "beneficiary name", "nom de l'organisme", "structure", "full_name", "libelle", "intitule", "nomRaisonSociale",
        "nom_raison_sociale", "denominationUsuelleEtablissement", "enseigne", "label",
    ),
    "acronym": (
        "sigle", "acronym", "acronyme", "sigleUniteLegale",
    ),
    "postcode": (
        "postcode", "post_code", "postal_code", "zip", "zip_code", "zipcode", "code postal", "codepostal", "cp",
        "codePostalEtablissement", "code_post",
    ),
    "city": (
        "city", "town", "commune", "ville", "municipality", "localite", "suburb", "libelleCommuneEtablissement",
        "libelle commune", "nom commune", "nom_commune", "commune beneficiaire", "place",
    ),
    "naf": (
        "naf", "ape", "code naf", "code ape", "naf_code", "ape_code", "activite", "activity", "activite principale",
        "activitePrincipaleUniteLegale", "activitePrincipaleEtablissement", "nace", "nace_code", "sic",
    ),
    "date": (
        "date", "created", "creation", "date de creation", "dateCreationUniteLegale", "dateCreationEtablissement",
        "date_created", "created_on", "founded", "date_of_birth", "birth_date", "birthdate", "dob", "date de naissance",
        "annee de creation", "annee creation", "creation_date", "incorporation_date", "annee", "year",
    ),
    "siren": (
        "siren", "numero siren", "n siren", "n° siren", "siren_number", "code siren",
    ),
    "siret": (
        "siret", "numero siret", "n siret", "n° siret", "siretSiegeUniteLegale", "siret_siege", "idBeneficiaire",
        "identifiant beneficiaire", "siret beneficiaire",
    ),
    "number": (
        "soc_sec_id", "ssn", "national_id", "numero", "number", "tax_id", "vat", "vat_number", "tva", "n tva", "rna",
        "identifier", "numero rna", "telephone", "phone", "tel", "email", "courriel",
    ),
}  # fmt: skip
# The parts of an address, in the order in which they are read.
ADDRESS = (
    (
        "street_number", "numero voie", "numeroVoieEtablissement", "house_number", "n° voie", "num_voie",
    ),
    (
        "indiceRepetitionEtablissement",
    ),
    (
        "type voie", "typeVoieEtablissement", "type_voie",
    ),
    (
        "address", "adresse", "street", "rue", "voie", "address_1", "address1", "adresse1", "adresse 1", "adresse ligne 1",
        "libelle voie", "libelleVoieEtablissement", "street_name", "street_address", "adresse complete", "adresse postale",
        "adresse siege", "address_line_1",
    ),
    (
        "address_2", "address2", "adresse2", "adresse 2", "adresse ligne 2", "address_line_2",
        "complementAdresseEtablissement", "complement adresse",
    ),
)  # fmt: skip
LEFT_ENDS = ("left", "left_id", "id_left", "unique_id_l", "id_l", "gauche", "query", "record")
RIGHT_ENDS = (
    "right",
    "right_id",
    "id_right",
    "unique_id_r",
    "id_r",
    "droite",
    "truth",
    "match",
    "register",
    "company",
    "verite",
)


@dataclass(frozen=True)
class Records:
    """`table`: id, then what was recognised. `columns`: field -> headers that fill it. `ignored`: headers that fill none.
    `unreadable`: numbers of the rows that were left out."""

    table: pl.DataFrame
    columns: dict[str, list[str]]
    ignored: list[str]
    unreadable: list[int]


def read_records(path: Path) -> Records:
    """Raises UnreadableFile: not a table, no column that can be compared, two rows of one identifier."""
    raw, unreadable = _rows(path)
    headers = [name for name in raw.columns if name != ROW]
    columns = recognised(headers)
    if not {"name", "siren", "siret", "number"}.intersection(columns):
        raise UnreadableFile(f"« {path.name} » n’a ni nom ni numéro à comparer ; ses colonnes : {quoted(headers)}.")
    filled = {
        field: pl.concat_str(*found, separator=" ", ignore_nulls=True).replace("", None) for field, found in columns.items()
    }
    table = raw.select(**{"id": _id(raw, columns), **{field: text for field, text in filled.items() if field != "id"}})
    _refuse_repeated(table, path)
    used = {header for found in columns.values() for header in found}
    return Records(table, columns, [header for header in headers if header not in used], unreadable)


def _rows(path: Path) -> tuple[pl.DataFrame, list[int]]:
    source = open_table(path)
    frames = list(source.batches())
    if not frames:
        return pl.DataFrame(schema={**dict.fromkeys(source.columns, pl.String), ROW: pl.Int64}), []
    whole = pl.concat(frames)
    bad = whole.filter(pl.col(FAULT).is_not_null())[ROW].to_list()
    kept = whole.filter(pl.col(FAULT).is_null()).select(*source.columns, ROW)
    return kept.with_columns(pl.col(source.columns).str.strip_chars().replace("", None)), bad


def recognised(headers: Sequence[str]) -> dict[str, list[str]]:
    """field -> the headers that fill it, each header once. A person's name is made of its parts."""
    found = {field: header for field, spellings in SPELLINGS.items() if (header := _first(headers, spellings))}
    columns = {field: [header] for field, header in found.items() if field not in ("given", "family")}
    if "given" in found:
        family = found.get("family") or found.get("name")
        columns["name"] = [found["given"], *([family] if family else [])]
    elif "family" in found and "name" not in found:
        columns["name"] = [found["family"]]
    if address := [header for part in ADDRESS if (header := _first(headers, part))]:
        columns["address"] = address
    return columns


def _first(headers: Sequence[str], spellings: Sequence[str]) -> str | None:
    by_key = {folded(header): header for header in reversed(headers)}
    return next((by_key[key] for spelling in spellings if (key := folded(spelling)) in by_key), None)


def _id(raw: pl.DataFrame, columns: dict[str, list[str]]) -> pl.Expr:
    """The identifier of the file, else a number that each row has for itself, else the number of the row."""
    for field in ("id", "siret", "siren"):
        if field not in columns:
            continue
        values = raw[columns[field][0]]
        if field == "id" or (values.null_count() == 0 and values.n_unique() == raw.height):
            return pl.coalesce(pl.col(columns[field][0]), pl.concat_str(pl.lit("ligne "), pl.col(ROW).cast(pl.String)))
    return pl.col(ROW).cast(pl.String)


def _refuse_repeated(table: pl.DataFrame, path: Path) -> None:
    if (twice := table.filter(pl.col("id").is_duplicated())).height:
        raise UnreadableFile(
            f"« {path.name} » : {twice.height} lignes se partagent un même identifiant, dont « {twice['id'][0]} »."
        )


def read_truth(path: Path) -> pl.DataFrame:
    """left, right: the pairs that are known to be one; a row without one of the two says that there is none."""
    raw, _ = _rows(path)
    headers = [name for name in raw.columns if name != ROW]
    left = _first(headers, LEFT_ENDS) or _first(headers, SPELLINGS["id"])
    right = _first([header for header in headers if header != left], RIGHT_ENDS)
    if (left is None or right is None) and len(headers) == 2:
        left, right = headers
    if left is None or right is None:
        raise UnreadableFile(f"« {path.name} » doit avoir deux colonnes, left et right ; ses colonnes : {quoted(headers)}.")
    return raw.select(pl.col(left).alias("left"), pl.col(right).alias("right")).drop_nulls().unique(maintain_order=True)


def told(records: Records) -> Iterator[str]:
    """What was understood of a file, in sentences."""
    yield ", ".join(f"{field} ← {' + '.join(headers)}" for field, headers in records.columns.items())
    if records.unreadable:
        rows = ", ".join(map(str, records.unreadable[:5])) + ("…" if len(records.unreadable) > 5 else "")
        yield f"{len(records.unreadable)} lignes illisibles laissées de côté ({rows})"
