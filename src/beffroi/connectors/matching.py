"""Which column of a file fills which field of a profile."""

from dataclasses import dataclass

from beffroi.connectors.files import UnreadableFile
from beffroi.connectors.files.table import repeated_header
from beffroi.connectors.long import columns_of
from beffroi.connectors.profile import Column, Profile
from beffroi.connectors.words import folded, quoted


@dataclass(frozen=True)
class Match:
    """`headers`: the header that fills each column of the profile, None when the file has none (and need not)."""

    headers: dict[str, str | None]
    kept: list[str]
    ignored: list[str]


def _claimants(column: Column, headers: list[str]) -> list[str]:
    """An exact header wins over those that only differ by case, accents or spaces."""
    exact = [header for header in headers if header == column.name]
    return exact or [header for header in headers if folded(header) in column.spellings]


def matched(profile: Profile, headers: list[str]) -> Match:
    """Raises UnreadableFile with all that the headers lack, repeat or have too much."""
    headers = columns_of(profile, headers)
    claims = {column.to: _claimants(column, headers) for column in profile.columns}
    used = {header for found in claims.values() for header in found}
    unknown = [header for header in headers if header not in used]
    missing = [column.name for column in profile.columns if column.required and not claims[column.to]]
    repeated = sorted(header for header in used if repeated_header(header, 2) in headers)
    rivals = [header for found in claims.values() if len(found) > 1 for header in found]
    problems = []
    if missing:
        problems.append(f"Il manque des colonnes obligatoires : {quoted(missing)}.{_look_alikes(missing, unknown)}")
    if unknown and profile.unknown_columns == "refuse":
        problems.append(f"Des colonnes ne sont pas prévues par le profil : {quoted(unknown)}.")
    if repeated:
        problems.append(f"Des colonnes portent le même en-tête : {quoted(repeated)} ; renommez-les, ou n’en gardez qu’une.")
    if rivals:
        problems.append(f"Plusieurs colonnes disent la même chose : {quoted(rivals)} ; n’en gardez qu’une.")
    if not used and not problems:
        problems.append("Aucune colonne du fichier n’est prévue par le profil : est-ce le bon profil, le bon séparateur ?")
    if problems:
        raise UnreadableFile(" ".join(problems))
    is_kept = profile.unknown_columns == "keep"
    headers_by_field = {field: found[0] if found else None for field, found in claims.items()}
    return Match(headers_by_field, unknown if is_kept else [], [] if is_kept else unknown)


def _look_alikes(missing: list[str], unknown: list[str]) -> str:
    """« montant (k€) » is not « montant »: nobody but the person who has the file can say that it is, and in what unit."""
    close = [header for header in unknown if any(folded(header).startswith(folded(name)) for name in missing)]
    if not close:
        return ""
    return f" Y ressemblent : {quoted(close)} ; si c’est cela, dites-le dans une copie du profil, avec l’unité."
