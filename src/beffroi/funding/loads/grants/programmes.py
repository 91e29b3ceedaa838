"""The programmes of a list, and the items of each that carry money (axes, objectives, categories)."""

import re
from collections.abc import Iterable

from django.utils.text import slugify

from beffroi.core.text import digest, search_key
from beffroi.funding.loads.grants.rows import Grant
from beffroi.funding.models import Programme
from beffroi.provenance.models import Load
from beffroi.reference.enums import FrameworkKind
from beffroi.reference.models import Framework, Item, Version

CODED = re.compile(r"\s*([\w.]{1,24})\s+[-–:]\s+(?=\S)", re.ASCII)
SEVERAL = ("", "Plusieurs programmes")
UNSTATED = {"", "nr", "nc", "na", "nd"}


def slug_of(text: str) -> str:
    """A short code of Latin letters; what has none gets a code that its text alone gives."""
    slug = slugify(text)
    return slug if slug and len(slug) <= 80 else f"{slug[:60]}-{digest(text)[:10]}".strip("-")


def item_code(text: str) -> str:
    coded = CODED.match(text)
    return coded[1] if coded and any(letter.isdigit() for letter in coded[1]) else slug_of(text)


class Programmes:
    def __init__(self, load: Load) -> None:
        self.load = load
        self.ids: dict[tuple[str, str], int] = {}
        self.versions: dict[tuple[str, str], int] = {}
        self.items: dict[tuple[int, str], int] = {}

    @staticmethod
    def key(grant: Grant) -> tuple[str, str]:
        return grant.row.text("programme_scheme"), grant.programme

    def of_all(self, keys: frozenset[tuple[str, str]]) -> int:
        """The programme of what is said of several lines: theirs, or the one that stands for several."""
        key = next(iter(keys)) if len(keys) == 1 else SEVERAL
        if key not in self.ids:
            self._open(*key)
        return self.ids[key]

    def of(self, grant: Grant) -> int:
        return self.ids[self.key(grant)]

    def item_of(self, grant: Grant) -> int | None:
        return self.items.get((self.versions[self.key(grant)], self._item_code(grant)))

    def find(self, grants: Iterable[Grant]) -> None:
        wanted: dict[tuple[int, str], str] = {}
        for grant in grants:
            if self.key(grant) not in self.ids:
                self._open(*self.key(grant))
            if code := self._item_code(grant):
                label = grant.row.text("item") or code
                wanted.setdefault((self.versions[self.key(grant)], code), label)
        known = Item.objects.filter(version__in={version for version, _ in wanted}).values_list("version_id", "code", "pk")
        self.items = {(version, code): pk for version, code, pk in known}
        self._make({key: label for key, label in wanted.items() if key not in self.items})

    def _item_code(self, grant: Grant) -> str:
        text = grant.row.text("item_code") or grant.row.text("item")
        if search_key(text) in UNSTATED:
            return ""
        return (grant.row.text("item_code") or item_code(text))[:80]

    def _open(self, scheme: str, name: str) -> None:
        known = None if scheme else Framework.objects.filter(code=name).first()
        framework = (
            known
            or Framework.objects.get_or_create(
                code=slug_of(f"{scheme} {name}"),
                defaults={
                    "label": name[:300],
                    "kind": FrameworkKind.PROGRAMME,
                    "owner": self.load.owner,
                    "visibility": self.load.visibility,
                },
            )[0]
        )
        rights = {"owner": framework.owner, "visibility": framework.visibility}
        programme, _ = Programme.objects.get_or_create(framework=framework, defaults=rights)
        versions = Version.objects.filter(framework=framework)
        version = versions.order_by("code").last() or Version.objects.create(framework=framework)
        self.ids[scheme, name], self.versions[scheme, name] = programme.pk, version.pk

    def _make(self, wanted: dict[tuple[int, str], str]) -> None:
        made = Item.objects.bulk_create(
            [
                Item(
                    version_id=version,
                    code=code,
                    label=label[:500],
                    level="axis",
                    sort_key=search_key(label)[:200],
                    owner=self.load.owner,
                    visibility=self.load.visibility,
                )
                for (version, code), label in wanted.items()
            ],
            batch_size=1_000,
        )
        self.items |= {(item.version_id, item.code): item.pk for item in made}
