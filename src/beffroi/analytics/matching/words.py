"""Words of names and addresses that are written in several ways: each is brought to its shortest spelling. French first, then
the English, German and Dutch ones that neighbours' lists have."""

# Spaced or dotted letters are joined before: « S.A.R.L. » and « s a r l » are read as one word.
LEGAL_FORMS = {
    "sa", "sas", "sasu", "sarl", "eurl", "sarlu", "sci", "scm", "scp", "sca", "scs", "snc", "scop", "scic", "gie", "geie",
    "gaec", "earl", "scea", "selarl", "selas", "selafa", "sem", "saem", "spl", "spa", "epic", "epa", "asbl", "association",
    "assoc", "asso", "ass", "ei", "eirl", "sel", "cuma", "ltd", "limited", "plc", "llc", "inc", "gmbh", "ag", "kg", "bv",
    "nv", "sprl", "srl", "bvba",
}  # fmt: skip
STOP = {
    "de", "du", "des", "d", "la", "le", "les", "l", "et", "en", "a", "au", "aux", "un", "une", "sur", "pour", "par", "of",
    "the", "and", "for",
}  # fmt: skip
SHORTEST = {
    "societe": "ste", "sainte": "ste", "soc": "ste", "saint": "st", "etablissements": "ets", "etablissement": "ets",
    "etabl": "ets", "etab": "ets", "compagnie": "cie", "freres": "frs", "frere": "frs", "groupe": "grp", "group": "grp",
    "international": "intl", "internationale": "intl", "inter": "intl", "developpement": "dev", "develop": "dev",
    "developpements": "dev", "ingenierie": "ing", "entreprise": "ent", "entreprises": "ent", "entr": "ent", "etse": "ent",
    "service": "serv", "services": "serv", "svces": "serv", "industrie": "ind", "industries": "ind", "indus": "ind",
    "industriel": "indl", "industriels": "indl", "industrielle": "indl", "industrielles": "indl", "informatique": "info",
    "electricite": "elec", "mecanique": "meca", "associes": "ass", "distribution": "distrib", "immobilier": "immo",
    "immobiliere": "immo", "construction": "constr", "constructions": "constr", "transports": "tpts", "transport": "tpts",
    "trans": "tpts", "travaux": "trvx", "tvx": "trvx", "publics": "pub", "public": "pub", "equipements": "equip",
    "equipement": "equip", "agriculture": "agri", "agricole": "agri", "communaute": "cc", "commune": "commune",
    "universite": "univ", "university": "univ", "laboratoire": "labo", "laboratoires": "labo", "centre": "ctre",
    "center": "ctre", "docteur": "dr", "monsieur": "m", "madame": "mme", "mr": "m", "nord": "nord", "departement": "dept",
    "departemental": "dept", "regional": "reg", "regionale": "reg", "national": "nat", "nationale": "nat",
    "technologie": "techno", "technologies": "techno", "tech": "techno",
}  # fmt: skip
STREETS = {
    "avenue": "av", "ave": "av", "boulevard": "bd", "bld": "bd", "boul": "bd", "bvd": "bd", "blvd": "bd", "place": "pl",
    "route": "rte", "impasse": "imp", "chemin": "ch", "che": "ch", "chem": "ch", "allee": "all", "allees": "all", "rue": "r",
    "street": "st", "road": "rd", "square": "sq", "quai": "qu", "faubourg": "fg", "fbg": "fg", "zone": "z", "parc": "pk",
    "drive": "dr", "court": "ct", "crescent": "cr", "cres": "cr", "lane": "ln", "saint": "st", "sainte": "ste",
    "general": "gal", "gen": "gal", "marechal": "mal", "president": "pdt", "docteur": "dr", "professeur": "pr",
    "lotissement": "lot",
}  # fmt: skip
CITIES = {"saint": "st", "sainte": "ste", "mount": "mt", "mont": "mt", "cedex": "", "cx": ""}
# Kinds of way say little of a street: left out when it has another word.
WAYS = {"r", "av", "bd", "pl", "rte", "imp", "ch", "all", "st", "rd", "sq", "ct", "cr", "ln", "dr"}
UNKNOWN = {"", "nc", "nr", "nd", "na", "n a", "null", "none", "nan", "inconnu", "inconnue", "non renseigne", "non communique"}
