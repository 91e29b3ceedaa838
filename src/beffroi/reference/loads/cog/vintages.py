"""The year of the codes of a file: nothing in it says so but its name and its date."""

import re
from datetime import date

from beffroi.core.refusals import Refused
from beffroi.provenance.models import Load
from beffroi.reference.loads.cog.zonings import Zoning
from beffroi.reference.models import Framework, Version

YEAR = re.compile(r"(?<!\d)(19[4-9]\d|20\d\d)(?!\d)")


def vintage_of(load: Load) -> int:
    """Raises Refused when neither says, or when they contradict each other."""
    dated, named = load.snapshot.as_of, YEAR.findall(load.snapshot.filename)
    if dated is None and len(set(named)) == 1:
        return int(named[0])
    if dated is None:
        raise Refused(
            "Un code de territoire n’a de sens qu’avec son année, et ni la date ni le nom du fichier ne la donnent : rien "
            "n’est chargé. Donnez la date du 1er janvier de l’année des codes."
        )
    if named and str(dated.year) not in named:
        raise Refused(
            f"Le nom du fichier dit {named[-1]} et sa date {dated.year} : un code de territoire n’a de sens qu’avec son année. "
            "Rien n’est chargé ; corrigez l’un des deux."
        )
    return dated.year


def version_of(zoning: Zoning, vintage: int) -> Version:
    framework, _ = Framework.objects.get_or_create(code=zoning.framework, defaults={"label": zoning.label, "kind": "geography"})
    dates = {"valid_from": date(vintage, 1, 1), "valid_to": date(vintage, 12, 31)}
    return Version.objects.get_or_create(framework=framework, code=str(vintage), defaults=dates)[0]
