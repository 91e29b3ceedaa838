"""Dates as calendars read them (RFC 5545)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

OCTETS = 75  # of a line (RFC 5545, 3.1)


@dataclass(frozen=True)
class Entry:
    """An event as a calendar file writes it."""

    uid: str
    title: str
    starts: datetime
    ends: datetime
    changed: datetime
    place: str = ""
    text: str = ""
    address: str = ""
    is_cancelled: bool = False
    is_sure: bool = True


def calendar_file(name: str, entries: Iterable[Entry]) -> str:
    """RFC 5545: lines end with CR LF and have at most 75 octets, texts are escaped, moments are in UTC."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Beffroi//Calendrier//FR",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_text(name)}",
    ]
    for entry in entries:
        lines += _entry_lines(entry)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _entry_lines(entry: Entry) -> list[str]:
    status = "CANCELLED" if entry.is_cancelled else "CONFIRMED" if entry.is_sure else "TENTATIVE"
    told = {"LOCATION": entry.place, "DESCRIPTION": entry.text}
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.uid}",
        f"DTSTAMP:{_moment(entry.changed)}",
        f"DTSTART:{_moment(entry.starts)}",
        f"DTEND:{_moment(entry.ends)}",
        f"SUMMARY:{_text(entry.title)}",
        *(f"{field}:{_text(text)}" for field, text in told.items() if text),
        *([f"URL:{entry.address}"] if entry.address else []),
        f"STATUS:{status}",
        "END:VEVENT",
    ]


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,")
    return escaped.replace("\r\n", r"\n").replace("\n", r"\n").replace("\r", r"\n")


def _folded(line: str) -> str:
    """Cut between characters, never inside one; what follows begins with a space, which counts."""
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > OCTETS:
            parts.append(" ")
            size = 1
        parts[-1] += letter
        size += octets
    return "\r\n".join(parts)
