"""A kept analysis done again: `beffroi analyse --run N` says whether the result is the one that was kept."""

from argparse import Namespace

from django.core.management import call_command

from beffroi.analytics.tables import Refusal
from beffroi.core.refusals import Refused
from beffroi.observatory.methods.files import write_table
from beffroi.observatory.models import AnalysisRun
from beffroi.observatory.queries import runs
from beffroi.observatory.queries.looks import replayed
from beffroi.observatory.queries.runs import Analysis
from beffroi.provenance.queries import Moment

SAME, OTHER = 0, 1  # exit codes
SHOWN = 16  # characters of a digest, as on the page of the analysis


def replay(arguments: Namespace) -> int:
    """With the rights of the person who kept it, from where that person looked unless another date is asked."""
    call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
    run = AnalysisRun.objects.select_related("by").filter(pk=arguments.run_number).first()
    if run is None:
        raise Refused(f"Aucune analyse gardée n’a le numéro {arguments.run_number}. Leur liste : page « Analyses gardées ».")
    analysis = _again(run, Moment(arguments.as_of or run.as_of, run.at))
    if arguments.out:
        _write(analysis, arguments)
    return _compare(run, analysis)


def _again(run: AnalysisRun, moment: Moment) -> Analysis:
    analysis = replayed(run.method, run.parameters, viewer=run.by, moment=moment)
    if analysis is None:
        raise Refused(
            f"L’analyse {run.pk} ne peut se refaire : sa méthode ou son indicateur n’existe plus. Le résultat reste gardé."
        )
    if analysis.table is None:
        raise Refused(f"L’analyse {run.pk} ne peut se refaire : {analysis.refusal} Le résultat reste gardé.")
    return analysis


def _write(analysis: Analysis, arguments: Namespace) -> None:
    assert analysis.table is not None
    try:
        write_table(analysis.table, arguments.out)
    except Refusal as refusal:
        raise Refused(str(refusal)) from refusal


def _compare(run: AnalysisRun, analysis: Analysis) -> int:
    assert analysis.table is not None
    fresh = runs.contents(analysis.table)
    digest, state = runs.hash_of(fresh), analysis.asked.moment.as_of.isoformat()
    print(f"Analyse {run.pk} : {run.title} ({run.method}), état au {state}, {len(fresh['rows'])} lignes.")
    if digest == run.result_hash:
        print(f"Identique : empreinte {digest[:SHOWN]}, celle du résultat gardé.")
        return SAME
    print(f"Différent : empreinte {digest[:SHOWN]} ; le résultat gardé a {run.result_hash[:SHOWN]}. Lignes qui diffèrent :")
    for change in runs.changes(run.result, fresh):
        print(f"  {change.key}")
    return OTHER
