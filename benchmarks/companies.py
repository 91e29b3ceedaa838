"""An invented register of companies, and records that name some of them as other files would: misspelt, abbreviated, moved, in
another order, with fields missing. Fixed before the method was tuned: neither the seed nor a share below was changed since.

A share is the chance that a record that has the thing suffers the fault; faults fall independently of each other."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

import polars as pl

SEED = 20261120
KNOWN = 0.7  # records that are in the register
SHARES = {
    "legal form gone": 0.35, "legal form changed": 0.08, "legal form moved": 0.25, "abbreviated": 0.25, "misspelt": 0.22,
    "misspelt twice": 0.05, "word gone": 0.08, "word added": 0.06, "words in another order": 0.10, "written together": 0.04,
    "initials": 0.02, "capitals": 0.40, "accents gone": 0.50, "moved": 0.07, "street abbreviated": 0.50,
    "street misspelt": 0.10, "number changed": 0.04, "street gone": 0.30, "postcode gone": 0.12, "postcode mistyped": 0.04,
    "city gone": 0.08, "city abbreviated": 0.30, "activity gone": 0.40, "activity changed": 0.08, "date gone": 0.50,
    "date approximate": 0.05,
}  # fmt: skip
FORMS = ("SARL", "SAS", "SA", "EURL", "SASU", "SCI", "SNC", "Association", "SCOP", "GIE")
ACTIVITIES = (
    "Menuiserie", "Électricité", "Maçonnerie", "Transports", "Logistique", "Boulangerie", "Pharmacie", "Garage", "Plomberie",
    "Informatique", "Conseil", "Ingénierie", "Mécanique", "Métallurgie", "Textile", "Verrerie", "Imprimerie", "Peinture",
    "Nettoyage", "Agroalimentaire", "Distribution", "Immobilier", "Développement", "Énergie", "Santé", "Formation", "Services",
    "Société de construction", "Travaux publics", "Équipements industriels", "Génie climatique", "Établissements",
)  # fmt: skip
ENDINGS = (
    "", "", "", "", "et Fils", "Frères", "du Nord", "Flandres", "Artois", "Picardie", "Hauts-de-France", "France", "Holding",
    "International", "Industrie", "Groupe", "& Associés",
)  # fmt: skip
SHORT = {
    "Société": "Sté", "Établissements": "Ets", "Compagnie": "Cie", "Développement": "Dév", "Ingénierie": "Ing.",
    "Travaux": "Trvx", "publics": "pub.", "Équipements": "Equip.", "industriels": "indus.", "Services": "Serv",
    "International": "Intl", "Groupe": "Grp", "Informatique": "Info", "Électricité": "Elec", "Mécanique": "Méca",
    "Associés": "Ass.", "Frères": "Frs", "Industrie": "Ind.", "Immobilier": "Immo", "Distribution": "Distrib",
    "construction": "constr.", "Transports": "Tpts", "Saint": "St", "Sainte": "Ste",
}  # fmt: skip
STREETS = {"rue": "r.", "avenue": "av", "boulevard": "bd", "place": "pl.", "route": "rte", "impasse": "imp.", "chemin": "ch.",
           "allée": "all."}  # fmt: skip
SYLLABLES = (
    "bel", "mar", "ton", "ver", "lam", "cour", "noy", "pont", "val", "ber", "vil", "que", "ri", "meu", "les", "gar", "tin",
    "per", "wil", "sau", "dé", "ro", "chan", "fon", "bois", "lier", "del", "hau", "mon", "té", "van", "lé", "rou", "pi",
    "cha", "lo", "mi", "ga", "do", "nel",
)  # fmt: skip
ACCENTS = str.maketrans("éèêëàâîïôûùçÉÈÊ", "eeeeaaiiouucEEE")
LETTERS = "abcdefghijklmnopqrstuvwxyz"
COLUMNS = ("id", "name", "address", "postcode", "city", "naf", "created")


@dataclass
class Invented:
    """The words of a region, drawn once: family and coined names, communes, streets, activities."""

    chance: Random

    def __post_init__(self) -> None:
        self.words = [self._word(2, 4) for _ in range(60_000)]
        self.communes = [(f"{code}{n:03}", self._commune()) for code in (2, 59, 60, 62, 80) for n in range(10, 990, 9)]
        self.communes = [(code.zfill(5), name) for code, name in self.communes]
        self.streets = [f"{self.chance.choice(list(STREETS))} {self._street()}" for _ in range(9_000)]
        self.nafs = [
            f"{self.chance.randint(1, 96):02}.{self.chance.randint(10, 99)}{self.chance.choice('ABZ')}" for _ in range(600)
        ]

    def _word(self, least: int, most: int) -> str:
        return "".join(self.chance.choice(SYLLABLES) for _ in range(self.chance.randint(least, most))).capitalize()

    def _commune(self) -> str:
        start = self.chance.choice(("Saint-", "Sainte-", "Le ", "La ", "", "", "", ""))
        end = self.chance.choice(("", "", "", "-sur-Lys", "-en-Artois", "-les-Bois"))
        return f"{start}{self._word(2, 3)}{end}"

    def _street(self) -> str:
        return self.chance.choice(("de ", "du ", "des ", "de la ", "")) + " ".join(
            self._word(2, 3) for _ in range(self.chance.randint(1, 2))
        )

    def common(self, values: list[str]) -> str:
        """Some are much more frequent than others, as family names are."""
        return values[int(len(values) * self.chance.random() ** 2.5)]

    def name(self) -> str:
        word, activity, ending = self.common(self.words), self.chance.choice(ACTIVITIES), self.chance.choice(ENDINGS)
        kind = self.chance.random()
        if kind < 0.45:
            parts = [activity, word, ending]
        elif kind < 0.70:
            parts = [word, activity, ending]
        elif kind < 0.82:
            parts = [word, self.common(self.words), ending]
        elif kind < 0.92:
            parts = [self._word(3, 4), ending]
        else:
            parts = [activity, "de", self.common(self.words), ending]
        return " ".join(part for part in parts if part)


def register(size: int, *, seed: int = SEED) -> pl.DataFrame:
    """Companies: one in eight has a sister (same first name, another activity, often the same address), one in thirty has the
    very name of another, elsewhere."""
    invented = Invented(Random(seed))
    chance, rows = invented.chance, []
    for number in range(size):
        name, place = invented.name(), invented.common(invented.communes)  # type: ignore[arg-type]
        address = f"{chance.randint(1, 250)} {chance.choice(invented.streets)}"
        kin = chance.random()
        if rows and kin < 0.125:
            sister = rows[chance.randrange(len(rows))]
            name = f"{sister[8]} {chance.choice(ACTIVITIES)}"
            if kin < 0.08:
                address, place = sister[3], (sister[4], sister[5])
        elif rows and kin < 0.158:
            name = rows[chance.randrange(len(rows))][7]
        form, created = chance.choice(FORMS), date(1960, 1, 1) + timedelta(days=int(23_000 * chance.random() ** 0.5))
        full = f"{form} {name}" if chance.random() < 0.5 else f"{name} {form}"
        first = max(name.split(), key=len)
        rows.append(
            (f"C{number:07}", full, form, address, *place, chance.choice(invented.nafs), name, first, created.isoformat())
        )
    names = ["id", "name", "form", "address", "postcode", "city", "naf", "core", "first", "created"]
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def _typo(text: str, chance: Random) -> str:
    at = chance.randrange(len(text))
    kind, letter = chance.random(), chance.choice(LETTERS)
    if kind < 0.3:
        return text[:at] + text[at + 1 :]
    if kind < 0.55:
        return text[:at] + letter + text[at:]
    if kind < 0.8 or at + 1 >= len(text):
        return text[:at] + letter + text[at + 1 :]
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def _shortened(text: str) -> str:
    return " ".join(SHORT.get(word, word) for word in text.split())


def _without_word(words: list[str], chance: Random) -> list[str]:
    """The longest word, most often what tells one company from another, stays."""
    others = [word for word in words if word != max(words, key=len)]
    return [word for word in words if word != chance.choice(others)] if others else words


@dataclass
class Writer:
    chance: Random
    invented: Invented

    def falls(self, fault: str) -> bool:
        return self.chance.random() < SHARES[fault]

    def name(self, core: str, form: str) -> str:
        words = core.split()
        if self.falls("abbreviated"):
            words = _shortened(core).split()
        if len(words) > 2 and self.falls("initials"):
            return "".join(word[0] for word in words if word[0].isupper())
        changes: tuple[tuple[str, Callable[[list[str]], list[str]]], ...] = (
            ("word gone", lambda words: _without_word(words, self.chance)),
            ("word added", lambda words: [*words, self.chance.choice(ENDINGS[4:])]),
            ("words in another order", lambda words: self.chance.sample(words, len(words))),
            ("written together", lambda words: ["".join(words[:2]), *words[2:]]),
        )
        for fault, change in changes:
            if len(words) > 1 and self.falls(fault):
                words = change(words)
        text = " ".join(words)
        for fault in ("misspelt", "misspelt twice"):
            if len(text) > 4 and self.falls(fault):
                text = _typo(text, self.chance)
        return self._formed(text, form)

    def _formed(self, text: str, form: str) -> str:
        if not self.falls("legal form gone"):
            form = self.chance.choice(FORMS) if self.falls("legal form changed") else form
            text = f"{text} {form}" if self.falls("legal form moved") else f"{form} {text}"
        return self._written(text)

    def _written(self, text: str) -> str:
        text = text.translate(ACCENTS) if self.falls("accents gone") else text
        return text.upper() if self.falls("capitals") else text

    def place(self, address: str, postcode: str, city: str) -> tuple[str, str, str]:
        if self.falls("moved"):
            address = f"{self.chance.randint(1, 250)} {self.chance.choice(self.invented.streets)}"
            postcode, city = self.chance.choice(self.invented.communes)
        number, kind, rest = address.split(" ", 2)
        number = str(self.chance.randint(1, 250)) if self.falls("number changed") else number
        kind = STREETS[kind] if self.falls("street abbreviated") else kind
        rest = _typo(rest, self.chance) if self.falls("street misspelt") else rest
        if self.falls("postcode mistyped"):
            at = self.chance.randrange(5)
            postcode = postcode[:at] + str(self.chance.randint(0, 9)) + postcode[at + 1 :]
        city = city.replace("Sainte-", "STE ").replace("Saint-", "ST ") if self.falls("city abbreviated") else city
        return (
            "" if self.falls("street gone") else self._written(f"{number} {kind} {rest}"),
            "" if self.falls("postcode gone") else postcode,
            "" if self.falls("city gone") else self._written(city),
        )

    def rest(self, naf: str, created: str) -> tuple[str, str]:
        naf = self.chance.choice(self.invented.nafs) if self.falls("activity changed") else naf
        if self.falls("date approximate"):
            created = str(int(created[:4]) + self.chance.choice((-1, 1)))
        return ("" if self.falls("activity gone") else naf, "" if self.falls("date gone") else created[:4])


def records(size: int, companies: pl.DataFrame, *, seed: int = SEED + 1) -> pl.DataFrame:
    """Records with `truth`: the id of the company of the register, empty for those that are of none. Those are companies made
    in the same way, some of them sisters of registered ones."""
    chance = Random(seed)
    writer = Writer(chance, Invented(Random(SEED)))
    strangers = register(max(2, size // 2), seed=seed + 1)
    known, unknown = companies.rows(named=True), strangers.rows(named=True)
    rows = []
    for number in range(size):
        is_known = chance.random() < KNOWN
        row = chance.choice(known if is_known else unknown)
        core = row["core"]
        if not is_known and chance.random() < 0.1:
            core = f"{chance.choice(known)['first']} {chance.choice(ACTIVITIES)}"
        rows.append(
            (
                f"R{number:06}",
                writer.name(core, row["form"]),
                *writer.place(row["address"], row["postcode"], row["city"]),
                *writer.rest(row["naf"], row["created"]),
                row["id"] if is_known else "",
            )
        )
    return pl.DataFrame(rows, schema=dict.fromkeys([*COLUMNS, "truth"], pl.String), orient="row")
