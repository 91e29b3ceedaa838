"""The environment variables that configure Beffroi: one table, from which the guide is generated."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    name: str
    default: str
    meaning: str


VARIABLES = (
    Variable(
        "BEFFROI_MODE",
        "production",
        "production, demo, development ou test. Seule la démonstration ouvre des comptes de démonstration.",
    ),
    Variable("BEFFROI_SECRET_KEY", "", "Clé secrète, au moins 50 caractères. Obligatoire en production."),
    Variable(
        "BEFFROI_DATA",
        "var",
        "Dossier unique des données : base embarquée, instantanés, éditions, dépôts, courriels de la démonstration.",
    ),
    Variable(
        "BEFFROI_DATABASE",
        "",
        "postgresql://utilisateur:mot-de-passe@hôte:port/base. Vide : base SQLite dans le dossier des données.",
    ),
    Variable("BEFFROI_HOSTS", "localhost,127.0.0.1", "Noms d’hôte servis, séparés par des virgules."),
    Variable("BEFFROI_ADDRESS", "http://localhost:8000", "Adresse publique du site, pour les liens des courriels."),
    Variable(
        "BEFFROI_PROXIES",
        "0",
        "Nombre de serveurs mandataires de confiance devant Beffroi : donne l’adresse du visiteur au frein des connexions.",
    ),
    Variable("BEFFROI_DEBUG", "", "1 pour les pages de mise au point. Refusé en production."),
    Variable("BEFFROI_HTTPS", "1", "0 pour servir sans HTTPS (poste isolé). Sans effet en démonstration."),
    Variable("BEFFROI_REGION", "32", "Code officiel de la région servie ; ses communes sont chargées au départ."),
    Variable("BEFFROI_MAX_UPLOAD_MB", "200", "Taille maximale d’un fichier déposé, en mégaoctets."),
    Variable(
        "BEFFROI_MAIL",
        "",
        "smtp://utilisateur:mot-de-passe@hôte:port. Vide : les courriels sont écrits dans le dossier des données.",
    ),
    Variable("BEFFROI_MAIL_FROM", "beffroi@localhost", "Adresse d’expédition des courriels."),
    Variable(
        "BEFFROI_REPLY_ADDRESS",
        "",
        "Adresse à laquelle on répond pour noter une visite, par exemple visites@region.example ; le serveur de courriel y "
        "admet les sous-adresses (visites+code@…). Vide : aucune note n’est demandée par courriel.",
    ),
    Variable(
        "BEFFROI_REPLY_FOLDER",
        "",
        "Où le serveur de courriel dépose ces réponses : un Maildir, un fichier mbox ou un dossier de fichiers .eml.",
    ),
    Variable(
        "BEFFROI_OIDC_URL", "", "Adresse du fournisseur OpenID Connect (ProConnect). Vide : connexion par courriel seulement."
    ),
    Variable("BEFFROI_OIDC_CLIENT", "", "Identifiant du client OpenID Connect."),
    Variable("BEFFROI_OIDC_SECRET", "", "Secret du client OpenID Connect."),
    Variable("BEFFROI_OIDC_NAME", "ProConnect", "Nom du fournisseur, montré sur le bouton de connexion."),
)
DEFAULTS = {variable.name: variable.default for variable in VARIABLES}


def read(name: str) -> str:
    return os.environ.get(name, DEFAULTS[name])


def settings_table() -> str:
    """The page of the reference that lists these variables."""
    rows = [f"| `{one.name}` | {f'`{one.default}`' if one.default else 'vide'} | {one.meaning} |" for one in VARIABLES]
    head = [
        "# Réglages",
        "",
        "Beffroi se règle par des variables d’environnement. Aucune n’est obligatoire hors production.",
        "",
        "| variable | valeur par défaut | sens |",
        "|---|---|---|",
    ]
    return "\n".join([*head, *rows, ""])
