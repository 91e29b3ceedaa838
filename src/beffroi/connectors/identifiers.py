"""The numbers that French registers give, told right from wrong by their key. Nothing is repaired."""

import re

LA_POSTE = "356000000"  # its establishments follow a sum of digits, not Luhn's key (INSEE)
SPACES = re.compile(r"[\s\u00a0\u202f]")
RNA = re.compile(r"W[0-9A-Z]{9}", re.ASCII)


def follows_luhn(digits: str) -> bool:
    doubled = (sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


def is_siren(text: str) -> bool:
    return len(text) == 9 and text.isascii() and text.isdigit() and text != "000000000" and follows_luhn(text)


def is_siret(text: str) -> bool:
    """La Poste apart, Luhn's key on fourteen digits; the first nine are then a SIREN, which has a key of its own."""
    if not (len(text) == 14 and text.isascii() and text.isdigit() and int(text)):
        return False
    return follows_luhn(text) or (text.startswith(LA_POSTE) and sum(map(int, text)) % 5 == 0)


def siren_of(text: str) -> str | None:
    """The SIREN that a written SIREN or SIRET gives; None when its key is wrong or it has another length. Spaces between
    groups of digits are no part of a number; any other sign is, and makes it wrong."""
    digits = SPACES.sub("", text)
    if is_siren(digits):
        return digits
    return digits[:9] if is_siret(digits) and is_siren(digits[:9]) else None


def is_rna(text: str) -> bool:
    return RNA.fullmatch(text.strip().upper()) is not None
