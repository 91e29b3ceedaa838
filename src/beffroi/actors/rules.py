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
