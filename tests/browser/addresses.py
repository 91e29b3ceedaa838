"""Every page of the site: addresses written here, or the first link of its kind on a page that has some."""

import re
from html import unescape
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import Page

# As they open, with filters, and with filters that nothing answers
OPEN_PAGES = {
    "entrance": [
        "/",
        "/accessibilite",
        "/mentions-legales",
        "/search?q=texile",
        "/search?q=zzzqqq",
        "/demo/mails",
        "/comptes/connexion/",
        "/comptes/mot-de-passe/oublie/",
        "/comptes/mot-de-passe/oublie/envoye/",
        "/comptes/inscription/",
    ],
    "data": [
        "/donnees/",
        "/donnees/rapprochement",
        "/donnees/chargements/",
        "/donnees/profils/",
        "/donnees/anomalies/",
        "/donnees/anomalies/?state=all&page=2",
        "/donnees/anomalies/?q=zzzqqq",
    ],
    "strategies": [
        "/strategies/",
        "/strategies/cadres/srde",
        "/strategies/cadres/cper-hdf-2021-2027",
        "/strategies/correspondances",
        "/strategies/outils",
        "/strategies/regles",
    ],
    "actors": [
        "/acteurs/",
        "/acteurs/?kind=agency&q=e&sort=-name",
        "/acteurs/?q=zzzqqq",
        "/acteurs/doublons/",
        "/acteurs/recouvrements/",
        "/acteurs/recouvrements/?kind=laboratory",
    ],
    "indicators": [
        "/indicateurs/",
        "/indicateurs/?q=entreprises&kind=result&sort=-label",
        "/indicateurs/?q=zzzqqq",
        "/indicateurs/valeurs",
        "/indicateurs/valeurs?year=2009&page=2",
        "/indicateurs/valeurs?q=zzzqqq",
        "/indicateurs/retards",
        "/indicateurs/retards?q=zzzqqq",
        "/indicateurs/fraicheur",
        "/indicateurs/fraicheur?q=zzzqqq",
    ],
    "money": [
        "/financements/",
        "/financements/?q=zzzqqq",
        "/financements/appels",
        "/financements/appels?state=all&q=zzzqqq",
        "/financements/dossiers",
        "/financements/dossiers?view=list&q=zzzqqq",
        "/financements/delais",
        "/financements/explorateur",
        "/financements/explorateur?stage=unstated&by=year&view=bars",
        "/financements/explorateur?stage=unstated&instrument=unstated&by=fund&then=programme&view=flow",
        "/financements/explorateur?stage=planned&into=s3-hdf-2021-2027",
        "/financements/explorateur?territory=Atlantide",
        "/financements/montants",
        "/financements/montants?stage=committed&page=2",
        "/financements/montants?q=zzzqqq",
        "/financements/programmes/",
        "/financements/programmes/feder-npdc-2007-2013/?as_of=2010-03-31",
        "/financements/programmes/cper-hdf-2021-2027/?tout=1",
        "/financements/programmes/cper-hdf-2021-2027/maquette",
        "/financements/programmes/cper-hdf-2021-2027/systemes",
        "/financements/totaux?programme=poles",
        "/financements/rapprochements/",
        "/financements/rapprochements/?state=accepted",
        "/financements/plans-locaux",
        "/financements/instruments",
        "/financements/instruments?period=2010-03-31",
        "/financements/regimes/",
        "/financements/conventions/",
        "/financements/conventions/?q=zzzqqq",
        "/financements/totaux?programme=poles&state=partial",
        "/instances/",
        "/instances/?q=zzzqqq",
        "/instances/reunions",
        "/instances/reunions?q=zzzqqq",
        "/territoires/",
        "/territoires/?q=lille",
        "/territoires/?q=zzzqqq",
    ],
    "observatory": [
        "/observatoire/",
        "/observatoire/carte",
        "/observatoire/methodes/",
        "/observatoire/methodes/location_quotient",
        "/observatoire/methodes/text_classification",
        "/observatoire/documents",
        "/observatoire/specialisations",
        "/observatoire/analyses/",
        "/observatoire/portefeuilles/",
    ],
    "activity": [
        "/activite/services",
        "/activite/services?q=zzzqqq",
        "/activite/savoir-faire",
        "/activite/savoir-faire?q=zzzqqq",
        "/activite/cellules/precedent",
        "/activite/cellules/precedent?as_of=2009-01-01",
    ],
    "publications": [
        "/rapports/",
        "/rapports/editions/",
        "/rapports/srde/?as_of=2010-03-31",
        "/rapports/cper-hdf-2021-2027/",
        "/jeux-de-donnees/",
        "/jeux-de-donnees/observations",
        "/jeux-de-donnees/organisations?page=2",
        "/jeux-de-donnees/listes/scdl",
        "/jeux-de-donnees/listes/art49?lang=en",
    ],
}

# The first link to this view on this page, or on the sheet of this name; then what follows it
SHEETS = {
    "source": ("provenance:source", "/donnees/", ""),
    "load": ("provenance:load", "/donnees/chargements/", ""),
    "load with rejections": ("provenance:load", "/donnees/rapprochement", ""),
    "profile": ("provenance:profile", "/donnees/profils/", ""),
    "anomaly": ("provenance:anomaly", "/donnees/anomalies/", ""),
    "disputed anomaly": ("provenance:anomaly", "/donnees/anomalies/?check=same_cell_stated_differently", ""),
    "disputed figure": ("publishing:why", "disputed anomaly", ""),
    "framework": ("reference:framework", "/strategies/", ""),
    "crosswalk": ("reference:crosswalk", "/strategies/correspondances", ""),
    "trial of a correspondence": ("reference:crosswalk", "/strategies/correspondances", "/essai"),
    "system": ("reference:system", "/strategies/outils", ""),
    "item": ("publishing:item", "/strategies/cadres/srde", ""),
    "territory": ("publishing:item", "/territoires/?q=lille", ""),
    "vocabulary": ("observatory:vocabulary", "/observatoire/portefeuilles/", ""),
    "profile of a territory": ("observatory:territory", "territory", ""),
    "organisation": ("publishing:organisation", "/acteurs/?q=euratechnologies", ""),
    "indicator": ("publishing:indicator", "/indicateurs/", ""),
    "indicator behind": ("publishing:indicator", "/indicateurs/retards", ""),
    "operation": ("publishing:operation", "/financements/", ""),
    "body": ("publishing:body", "/instances/", ""),
    "why": ("publishing:why", "/indicateurs/retards", ""),
    "section of a report": ("publishing:report_section", "/rapports/srde/?as_of=2010-03-31", ""),
}

# With an administrator's rights; the first link may be on a page that only they open
PAGES_WITH_RIGHTS = [
    "/",
    "/comptes/",
    "/comptes/second-facteur/",
    "/comptes/mot-de-passe/choisir/",
    "/comptes/personnes/",
    "/comptes/personnes/ajouter",
    "/comptes/journal/",
    "/activite/cellules/",
    "/activite/cellules/nouvelle",
    "/acteurs/porteurs/",
    "/acteurs/porteurs/nouveau",
    "/financements/conventions/nouvelle",
    "/financements/regimes/nouveau",
    "/donnees/chargements/nouveau",
    "/financements/programmes/feder-npdc-2007-2013/enveloppes/nouvelle",
    "/financements/programmes/feder-npdc-2007-2013/tranches/nouvelle",
    "/financements/programmes/cper-hdf-2021-2027/maquette/nouvelle",
    "/financements/appels/nouveau",
    "/financements/dossiers/nouveau",
    "/observatoire/portefeuilles/nouveau",
    "/observatoire/portefeuilles/operations",
    "/rapports/modele-word",
    "/activite/",
    "/activite/secteur",
    "/activite/visites/",
    "/activite/visites/?whose=all&q=zzzqqq",
    "/activite/visites/nouvelle",
    "/activite/besoins/",
    "/activite/besoins/?side=received&view=list&q=zzzqqq",
    "/activite/besoins/noter",
    "/activite/besoins/reponses",
    "/activite/besoins/couverture",
    "/activite/services/decrire",
    "/activite/savoir-faire/declarer",
    "/rapports/srde/?as_of=2010-03-31",
]
SHEETS_WITH_RIGHTS = {
    "portfolio": ("observatory:portfolio", "/observatoire/portefeuilles/", ""),
    "text of a portfolio": ("observatory:portfolio_text", "portfolio", ""),
    "person": ("accounts:user", "/comptes/personnes/", ""),
    "copy of a profile": ("provenance:profile", "/donnees/profils/", "/copier"),
    "correction of a crosswalk": ("reference:crosswalk", "/strategies/correspondances", "/corriger"),
    "text of a report": ("publishing:report_section", "/rapports/srde/", "/texte"),
    "anomaly": ("provenance:anomaly", "/donnees/anomalies/", ""),
    "disputed anomaly": ("provenance:anomaly", "/donnees/anomalies/?check=same_cell_stated_differently", ""),
    "disputed figure": ("publishing:why", "disputed anomaly", ""),
    "settlement": ("publishing:settle", "disputed figure", ""),
    "operation": ("publishing:operation", "/financements/", ""),
    "typed amount": ("funding:record_line", "operation", ""),
    "organisation": ("publishing:organisation", "/acteurs/", ""),
    "contact": ("actors:add_contact", "organisation", ""),
    "official number": ("actors:set_siren", "organisation", ""),
    "establishment": ("actors:add_establishment", "organisation", ""),
}

# Not pages: files, answers to a button, fragments
NO_PAGES = {
    "healthz", "readyz", "load_progress", "subject", "dataset_file", "edition_download", "snapshot_file", "rejections_file",
    "profile_model", "demo_sign_in", "openid_connect_login", "openid_connect_callback", "cancel_load", "apply_load",
    "settle_anomaly", "reopen_anomaly", "settle_same_as", "settle_many", "settle_links",
    "follow", "unfollow", "unsettle", "edition_sign", "report_freeze",
    "give_role", "end_role", "close", "reopen", "remove_envelope", "remove_tranche", "adopt_version", "withdraw_version",
    "open_sandbox", "remove_cell", "propose_amendment", "close_sandbox", "undo_move", "remove_part", "publication_file",
    "plan_visit", "move_visit", "send_visit", "offered_subjects", "seen_lately",
    "remove_crisis_member", "close_crisis_cell", "crisis_move",
    "remove_step", "withdraw_line", "publication_noted", "keep_run", "open_crosswalk",
    "decide_labels", "classify_portfolio", "remove_portfolio", "change_vocabulary", "label_operations",
}  # fmt: skip
# Pages of things that the demonstration does not have; the journeys open the editions
MADE_BY_PEOPLE = {
    "need",
    "send_need",
    "answer_need",
    "close_need",
    "service",
    "change_service",
    "end_service",
    "offer",
    "change_offer",
    "end_offer",
    "visit",
    "change_visit",
    "crisis_cell",
    "crisis_totals",
    "crisis_members",
    "crisis_lead",
    "add_crisis_case",
    "crisis_case",
    "change_crisis_case",
    "crisis_treatment",
    "crisis_leave",
    "run",
    "change_regime",
    "dialogue",
    "give_regime",
    "de_minimis",
    "call",
    "change_call",
    "application",
    "change_application",
    "record_step",
    "correct_step",
    "become_operation",
    "agreement",
    "change_agreement",
    "add_part",
    "change_part",
    "pay",
    "receive",
    "envelope",
    "tranche",
    "version",
    "add_cell",
    "cell",
    "sandbox",
    "system",
    "edition",
    "change_profile",
    "change_holder",
    "become_organisation",
    "change_contact",
    "demo_mail",
}


def view_of(address: str) -> str:
    try:
        return str(resolve(urlsplit(address).path).view_name)
    except Resolver404:
        return ""


def sheet(page: Page, name: str, sheets: dict[str, tuple[str, str, str]]) -> str:
    view, on, then = sheets[name]
    return first_link(page, view, sheet(page, on, sheets) if on in sheets else on, then=then)


def first_link(page: Page, view: str, on: str, *, then: str = "") -> str:
    """The first link to this view in the main part of the page at the address `on`, and what follows it."""
    text = page.request.get(on).text()
    main = text.split("<main")[1].split("</main>")[0]
    links = [unescape(link) for link in re.findall(r'href="(/[^"]*)"', main)]
    found = [link for link in links if view_of(link) == view]
    assert found, f"{on} leads to no {view}"
    path, mark, query = found[0].partition("?")
    return path + then + mark + query
