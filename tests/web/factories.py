"""Small files loaded through the product's own doors."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from beffroi.accounts.enums import Visibility
from beffroi.accounts.models import Partner
from beffroi.provenance import actions
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Load, Profile
from beffroi.web.loads import run_load


def loaded(
    text: str,
    profile: str,
    *,
    source: str = "document",
    as_of: date | None = date(2010, 3, 31),
    extent: Extent = Extent.FULL,
    owner: Partner | None = None,
) -> Load:
    """`owner`: whose alone the file is; without, it is public."""
    kept = Visibility.OWNER if owner else Visibility.PUBLIC
    actions.seed_profiles()
    stated = actions.register_source(source, title=source.title(), publisher="Région")
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{profile}.csv"
        path.write_text("\n".join(line.strip() for line in text.strip().splitlines()) + "\n", encoding="utf-8")
        snapshot = actions.take_snapshot(path, source=stated, as_of=as_of)
    found = Profile.objects.get(code=profile)
    return run_load(actions.request_load(snapshot, profile=found, by=None, extent=extent, visibility=kept, owner=owner))


def counts(load: Load) -> str:
    said = {"read": load.read, "added": load.added, "changed": load.changed, "same": load.unchanged}
    return ", ".join(f"{n} {word}" for word, n in (said | {"closed": load.closed, "rejected": load.rejected}).items())


def frameworks(*codes: str, source: str = "document") -> Load:
    rows = "\n".join(f"{code},Cadre {code},programme,2009,,{source},page 1" for code in codes)
    return loaded(f"framework,label_fr,kind,start,end,source,locator\n{rows}", "facts-frameworks", source=source)


def items(*rows: str, source: str = "document") -> Load:
    """Each row: framework,code,parent,level,label."""
    lines = "\n".join(f"{row},{place},{source},page {place}" for place, row in enumerate(rows, 1))
    return loaded(
        f"framework,code,parent_code,level,label_fr,position,source,locator\n{lines}", "facts-framework-items", source=source
    )


def indicators(*rows: str, source: str = "document") -> Load:
    """Each row: code,label,framework,item,kind,unit."""
    lines = "\n".join(f"{row},{source},page 2" for row in rows)
    return loaded(
        f"indicator,label_fr,framework,item_code,kind,unit,source,locator\n{lines}", "facts-indicators", source=source
    )


def organisations(*rows: str, source: str = "document") -> Load:
    """Each row: code,name,acronym,kind."""
    lines = "\n".join(f"{row},,,{source},page 3" for row in rows)
    return loaded(f"org,label_fr,acronym,kind,territory,created,source,locator\n{lines}", "facts-organisations", source=source)


def observations(
    *rows: str, source: str = "document", as_of: date | None = date(2010, 3, 31), extent: Extent = Extent.FULL
) -> Load:
    """Each row: indicator,period,status,value,unit,breakdown."""
    lines = "\n".join("{},,{},{},{},{},{}".format(*row.split(",")) + f",{source},page 4" for row in rows)
    head = "indicator,territory,period,status,value,unit,breakdown,source,locator"
    return loaded(f"{head}\n{lines}", "facts-observations", source=source, as_of=as_of, extent=extent)
