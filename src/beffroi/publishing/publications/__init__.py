"""The list of what is published in the form of a standard. Plain code, so that one can grep it."""

from beffroi.publishing.publications.art49 import ART49
from beffroi.publishing.publications.declared import Publication
from beffroi.publishing.publications.giving import GIVING
from beffroi.publishing.publications.kohesio import KOHESIO
from beffroi.publishing.publications.scdl import SCDL

PUBLICATIONS: tuple[Publication, ...] = (SCDL, ART49, KOHESIO, GIVING)
BY_NAME = {publication.name: publication for publication in PUBLICATIONS}
