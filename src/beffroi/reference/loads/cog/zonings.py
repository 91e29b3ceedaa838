"""The geographies that the files of INSEE name by the columns of a table of communes, and by the levels of their labels."""

from dataclasses import dataclass

COMMUNES = "geo-communes"
REGIONS_OF_2016 = 2016  # before it, the column of regions has the former ones (law of 16 January 2015)
NONE = ("ZZZZZZZZZ", "ZZZZZ", "NA", "NC", "")  # what INSEE writes where a commune is in no zone


@dataclass(frozen=True)
class Zoning:
    """`field`: of the profile of communes; `mark`: how the file of labels names the level."""

    field: str
    mark: str
    framework: str
    label: str
    level: str


ZONINGS = (
    Zoning("department", "DEP", "geo-departements", "Départements", "department"),
    Zoning("region", "REG", "geo-regions", "Régions", "region"),
    Zoning("region_2016", "REG2016", "geo-regions", "Régions", "region"),
    Zoning("former_region", "REG", "geo-anciennes-regions", "Anciennes régions", "former_region"),
    Zoning("epci", "EPCI", "geo-epci", "Intercommunalités à fiscalité propre", "epci"),
    Zoning("ept", "EPT", "geo-ept", "Établissements publics territoriaux", "ept"),
    Zoning("district", "ARR", "geo-arrondissements", "Arrondissements", "district"),
    Zoning("canton", "CV", "geo-cantons", "Cantons", "canton"),
    Zoning("new_canton", "CANOV", "geo-cantons", "Cantons", "canton"),
    Zoning("council", "CTCD", "geo-ctcd", "Collectivités à compétences départementales", "council_area"),
    Zoning("eu1999", "EU1999", "geo-eu-1999", "Espaces urbains de 1999", "attraction_area"),
    Zoning("ze1990", "ZE1990", "geo-ze-1990", "Zones d’emploi de 1990", "employment_zone"),
    Zoning("ze2010", "ZE2010", "geo-ze-2010", "Zones d’emploi de 2010", "employment_zone"),
    Zoning("ze2020", "ZE2020", "geo-ze-2020", "Zones d’emploi de 2020", "employment_zone"),
    Zoning("uu1999", "UU1999", "geo-uu-1999", "Unités urbaines de 1999", "urban_unit"),
    Zoning("uu2010", "UU2010", "geo-uu-2010", "Unités urbaines de 2010", "urban_unit"),
    Zoning("uu2020", "UU2020", "geo-uu-2020", "Unités urbaines de 2020", "urban_unit"),
    Zoning("au1999", "AU1999", "geo-au-1999", "Aires urbaines de 1999", "attraction_area"),
    Zoning("au2010", "AU2010", "geo-au-2010", "Aires urbaines de 2010", "attraction_area"),
    Zoning("aav2020", "AAV2020", "geo-aav-2020", "Aires d’attraction des villes de 2020", "attraction_area"),
    Zoning("bv", "BV", "geo-bv", "Bassins de vie", "living_area"),
    Zoning("bv2012", "BV2012", "geo-bv-2012", "Bassins de vie de 2012", "living_area"),
    Zoning("bv2022", "BV2022", "geo-bv-2022", "Bassins de vie de 2022", "living_area"),
)
BY_FIELD = {zoning.field: zoning for zoning in ZONINGS}
ARRONDISSEMENTS = Zoning("", "ARM", "geo-arrondissements-municipaux", "Arrondissements municipaux", "municipal_district")
# The types of communes of the official code (TYPECOM): a delegated commune may have the code of a commune.
TYPES = {
    "COM": Zoning("", "COM", COMMUNES, "Communes", "commune"),
    "ARM": ARRONDISSEMENTS,
    "COMD": Zoning("", "COMD", "geo-communes-deleguees", "Communes déléguées", "delegated_commune"),
    "COMA": Zoning("", "COMA", "geo-communes-associees", "Communes associées", "delegated_commune"),
}


def zonings_of(vintage: int) -> dict[str, Zoning]:
    """Field of the profile -> the geography that it names that year."""
    found = {field: zoning for field, zoning in BY_FIELD.items() if field != "former_region"}
    return found if vintage >= REGIONS_OF_2016 else found | {"region": BY_FIELD["former_region"]}


def zoning_marked(mark: str, vintage: int) -> Zoning | None:
    """The geography that a file of labels calls so."""
    known = [*zonings_of(vintage).values(), *TYPES.values()]
    return next((zoning for zoning in known if zoning.mark == mark), None)
