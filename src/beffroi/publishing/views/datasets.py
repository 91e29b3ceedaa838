from itertools import islice

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from beffroi.accounts.roles import open_to_all
from beffroi.core import exports
from beffroi.core.datasets import Dataset
from beffroi.core.requests import Request
from beffroi.provenance.queries import Moment
from beffroi.publishing.datasets import BY_NAME, DATASETS
from beffroi.publishing.datasets.standards import PUBLICATIONS

SHOWN = 10


def moment_of(request: Request) -> Moment:
    return Moment(request.as_of, request.known_on)


def found_dataset(name: str) -> Dataset:
    if name not in BY_NAME:
        raise Http404
    return BY_NAME[name]


@open_to_all
def catalogue(request: Request) -> HttpResponse:
    moment = moment_of(request)
    rows = [(dataset, dataset.figure(request.user, moment)) for dataset in DATASETS]
    context = {"rows": rows, "formats": exports.FORMATS, "publications": PUBLICATIONS}
    return render(request, "publishing/datasets.html", context)


@open_to_all
def dataset(request: Request, name: str) -> HttpResponse:
    found, moment = found_dataset(name), moment_of(request)
    first = islice(exports.read_rows(found.read(request.user, moment), found.columns), SHOWN)
    figure = found.figure(request.user, moment)
    context = {"dataset": found, "figure": figure, "first": list(first), "formats": exports.FORMATS}
    return render(request, "publishing/dataset.html", context)


@open_to_all
def dataset_file(request: Request, name: str, form: str) -> HttpResponseBase:
    found = found_dataset(name)
    if form not in exports.FORMATS:
        raise Http404
    rows = found.read(request.user, moment_of(request))
    return exports.exported(request, rows, found.columns, found.name, to=form, title=found.title, licence=found.licence)
