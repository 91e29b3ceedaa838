"""The list of reports: the name that the command line and the pages know, and the framework it is about."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from beffroi.publishing.reports.layouts import described_frameworks


@dataclass(frozen=True)
class Report:
    """`framework` empty: the report is made for any framework, which the caller names."""

    name: str
    title: object
    framework: str = ""


PROGRESS = Report("progress", _("Avancement d’un cadre à une date"))
REPORTS: dict[str, Report] = {
    PROGRESS.name: PROGRESS,
    **{code: Report(code, _("Avancement, selon le plan du document"), code) for code in described_frameworks()},
}
