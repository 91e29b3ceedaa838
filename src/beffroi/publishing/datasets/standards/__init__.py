"""The list of what is published in the form of a standard. Plain code, so that one can grep it."""

from beffroi.publishing.datasets.standards.art49 import ART49
from beffroi.publishing.datasets.standards.declared import Publication
from beffroi.publishing.datasets.standards.giving import GIVING
from beffroi.publishing.datasets.standards.kohesio import KOHESIO
from beffroi.publishing.datasets.standards.scdl import SCDL

PUBLICATIONS: tuple[Publication, ...] = (SCDL, ART49, KOHESIO, GIVING)
BY_NAME = {publication.name: publication for publication in PUBLICATIONS}
