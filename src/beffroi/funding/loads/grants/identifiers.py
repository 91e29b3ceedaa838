"""Who is named in a row: by a number of which the key is right, else by a name. A wrong number is kept as it is written."""

import re
from dataclasses import dataclass
from typing import Self

from beffroi.connectors.identifiers import is_rna, is_siren, siren_of
from beffroi.core.text import digest, search_key
from beffroi.provenance.actions import Refusal, StatedRow

AT_END = re.compile(r"\s*\(([0-9]{6,15})\)\s*$", re.ASCII)
BY_NAME = "financeur"
PERSONS = {"personne physique", "personnes physiques", "particulier", "natural person", "individual", "private person"}


@dataclass(frozen=True)
class Party:
    """`scheme` says who gave the number `value`: siren, rna, another register, or a name in the texts of a source."""

    scheme: str
    value: str
    name: str = ""
    kind: str = "other"
    written: str = ""
    is_certain: bool = True
    is_person: bool = False

    @property
    def key(self) -> str:
        return f"{self.scheme}:{self.value}"

    @classmethod
    def named(cls, name: str, *, kind: str = "other") -> Self:
        return cls(BY_NAME, search_key(name)[:120], name.strip()[:300], kind, is_certain=False)


def _name(row: StatedRow) -> tuple[str, str]:
    """The name of the beneficiary and the number written after it, when the profile says that there is one."""
    name = row.text("beneficiary")
    if row.text("beneficiary_scheme") and (found := AT_END.search(name)):
        return name[: found.start()], found[1]
    return name, ""


def beneficiary_of(row: StatedRow, source: str, remarks: list[Refusal]) -> Party | None:
    name, number = _name(row)
    if row.text("beneficiary_scheme") and (value := number or row.text("beneficiary_id")):
        return Party(row.text("beneficiary_scheme")[:80], value[:120], name or value)
    written = row.text("beneficiary_siren") or row.text("beneficiary_id")
    siren = siren_of(written)
    _remark(row, written, siren, remarks)
    if siren:
        return Party("siren", siren, name or siren, written=written)
    rna = row.text("beneficiary_rna")
    if rna and is_rna(rna):
        return Party("rna", rna.strip().upper(), name or rna, "association", written=written)
    if rna:
        text = "Le numéro RNA n’a pas la forme attendue (W et neuf signes) : il est gardé comme écrit."
        remarks.append(Refusal(row.number, "beneficiary_rna", rna, text))
    if not name:
        return None
    is_person = not PERSONS.isdisjoint({search_key(row.text("beneficiary_type")), search_key(name)})
    place = next((row.text(column) for column in ("commune_code", "commune", "postcode", "place") if row.text(column)), "")
    return Party(f"{source[:74]}:noms", digest(search_key(name), search_key(place)), name, written=written, is_certain=False,
                 is_person=is_person)  # fmt: skip


def _remark(row: StatedRow, written: str, siren: str | None, remarks: list[Refusal]) -> None:
    if row.text("beneficiary_siren") and siren and not is_siren(written.replace(" ", "")):
        text = "Un SIRET est écrit dans la colonne des SIREN : le SIREN est celui de ses neuf premiers chiffres."
        remarks.append(Refusal(row.number, "beneficiary_siren", written, text))
    elif written and not siren:
        column = "beneficiary_siren" if row.text("beneficiary_siren") else "beneficiary_id"
        text = "L’identifiant du bénéficiaire n’est ni un SIREN ni un SIRET (clé ou longueur fausse) : gardé comme écrit."
        remarks.append(Refusal(row.number, column, written, text))
    elif not written and row.text("asks_beneficiary_id") and not row.text("beneficiary_rna"):
        remarks.append(Refusal(row.number, "beneficiary_id", "", "Le bénéficiaire n’a ni SIRET ni numéro RNA."))


def funder_of(row: StatedRow, remarks: list[Refusal]) -> Party | None:
    name, written = row.text("funder"), row.text("funder_id")
    siren = siren_of(written)
    if written and not siren:
        text = "L’identifiant du financeur n’est ni un SIREN ni un SIRET (clé ou longueur fausse) : gardé comme écrit."
        remarks.append(Refusal(row.number, "funder_id", written, text))
    if siren:
        return Party("siren", siren, name or siren, written=written)
    return Party.named(name or written) if name or written else None
