"""A list of guests as people paste it."""

import re
from dataclasses import dataclass

EMAIL = re.compile(r"[^\s;,<>]+@[^\s;,<>]+\.[^\s;,<>]+")
BETWEEN = re.compile(r"[;\t]")


@dataclass(frozen=True)
class Guest:
    """One line: a company by its number or name, then a person and an address if there are."""

    written: str
    company: str
    person: str = ""
    email: str = ""


def guests(text: str) -> list[Guest]:
    """One a line, each once: `company ; person ; email`, in columns of a spreadsheet or with semicolons."""
    found = {guest.company: guest for line in text.splitlines() if (guest := _guest(line.strip()))}
    return list(found.values())


def _guest(line: str) -> Guest | None:
    parts = [part.strip() for part in BETWEEN.split(line)]
    if not parts[0]:
        return None
    emails = [mail.group() for part in parts[1:] if (mail := EMAIL.search(part))]
    people = [part for part in parts[1:] if part and not EMAIL.search(part)]
    return Guest(line, parts[0], people[0][:150] if people else "", emails[0] if emails else "")
