"""People who load files, and the small files that they load through the pages."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from beffroi.accounts.enums import Role, Visibility
from beffroi.accounts.models import User
from beffroi.provenance import actions
from beffroi.provenance.enums import Extent
from beffroi.provenance.models import Load, Profile, Source
from tests.accounts.factories import partner, person

HEADERS = "framework,label_fr,kind,start,end,source,locator"


def analyst(email: str = "ana@lille.example", *, at: str = "lille") -> User:
    return person(email, at=at, role=Role.ANALYST)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def frameworks_file(*rows: str, name: str = "cadres.csv") -> SimpleUploadedFile:
    """Each row: code,label."""
    lines = [HEADERS, *(f"{row},programme,2009,,document,page 1" for row in rows)]
    return SimpleUploadedFile(name, ("\n".join(lines) + "\n").encode())


def document(code: str = "document") -> Source:
    return actions.register_source(code, title=code.title(), publisher="Région")


def answers(file: Any, profile: str = "facts-frameworks", **changed: object) -> dict[str, object]:
    """What a person fills in the form."""
    actions.seed_profiles()
    given = {
        "file": file,
        "profile": Profile.objects.get(code=profile).pk,
        "source": document().pk,
        "as_of": "2010-03-31",
        "extent": Extent.DELTA,
        "visibility": Visibility.PUBLIC,
    }
    return {name: value for name, value in {**given, **changed}.items() if value is not None}


def sent(client: Client, file: Any, profile: str = "facts-frameworks", **changed: object) -> Load:
    """The load that sending a file asks for; its check has run."""
    answer = client.post("/donnees/chargements/nouveau", answers(file, profile, **changed))
    assert answer.status_code == 302, answer.context["form"].errors
    return Load.objects.get(pk=int(answer["Location"].rpartition("/")[2]))


def private_load(code: str = "prive", *, at: str = "lens") -> Load:
    """A file that only its owner sees, loaded."""
    owner = analyst(f"{code}@{at}.example", at=at)
    changed = {"visibility": Visibility.OWNER, "owner": partner(at).pk, "source": document(code).pk}
    load = sent(signed_in(owner), frameworks_file(f"{code},Cadre secret", name=f"{code}.csv"), **changed)
    signed_in(owner).post(f"/donnees/chargements/{load.pk}/appliquer")
    load.refresh_from_db()
    return load
