"""Identity of French organisations. Pure."""

from beffroi.core.text import search_key

LA_POSTE = "356000000"  # its establishments do not follow Luhn: the sum of digits is a multiple of 5 (INSEE)


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (1 + index % 2) for index, digit in enumerate(reversed(number))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def is_siren(text: str) -> bool:
    return len(text) == 9 and text.isascii() and text.isdigit() and _luhn(text)


def is_siret(text: str) -> bool:
    if not (len(text) == 14 and text.isascii() and text.isdigit()):
        return False
    return _luhn(text) or (text.startswith(LA_POSTE) and sum(map(int, text)) % 5 == 0)


def is_same_body(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Same name or same acronym, accents and case apart. Each is (name, acronym); an empty acronym says nothing."""
    (name, acronym), (other_name, other_acronym) = (tuple(map(search_key, pair)) for pair in (one, other))
    return name == other_name or (acronym != "" and acronym == other_acronym)


def blockers_to_siren(siren: str, *, reason: str, holder: str | None) -> list[str]:
    """Why this number cannot be given to an organisation. `holder`: the name of the one that already has it."""
    blockers = []
    if not is_siren(siren):
        blockers.append(_why_not_number(siren, length=9, name="SIREN"))
    if holder is not None:
        blockers.append(f"Ce SIREN est déjà celui de « {holder} » : si c’est le même organisme, faites réunir les deux fiches.")
    return blockers + _without_reason(reason)


def blockers_to_siret(siret: str, *, siren: str | None, reason: str, holder: str | None) -> list[str]:
    blockers = []
    if not is_siret(siret):
        blockers.append(_why_not_number(siret, length=14, name="SIRET"))
    elif siren and not siret.startswith(siren):
        blockers.append(f"Un SIRET commence par le SIREN de l’organisation : {siren} attendu, {siret[:9]} écrit.")
    if holder is not None:
        blockers.append(f"Ce SIRET est déjà celui d’un établissement de « {holder} ».")
    return blockers + _without_reason(reason)


def _why_not_number(text: str, *, length: int, name: str) -> str:
    if len(text) != length or not (text.isascii() and text.isdigit()):
        return f"Un {name} a {length} chiffres, sans espace : « {text[:40]} » en a {sum(map(str.isdigit, text))}."
    return f"La clé de ce {name} ne tombe pas juste : un chiffre est sans doute faux. Rien n’est corrigé à votre place."


def _without_reason(reason: str) -> list[str]:
    return [] if reason.strip() else ["Dites d’où vient ce numéro : un identifiant se corrige avec une raison."]
