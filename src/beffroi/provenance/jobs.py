"""The background work of loads. Applying needs the loaders, whose list the site holds: settings.APPLY_TASK names its task."""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.module_loading import import_string
from django_tasks import task

from beffroi.accounts.models import User
from beffroi.provenance import actions
from beffroi.provenance.enums import RUNNING, LoadState
from beffroi.provenance.models import Load

PATIENCE = timedelta(minutes=2)  # a load that waits longer has perhaps lost its task; a second one does no harm


@task()
def check_load_task(load_id: int) -> None:
    with actions.sole_worker(load_id) as is_mine:
        load = Load.objects.filter(pk=load_id, state__in=[LoadState.WAITING, LoadState.CHECKING]).first()
        if not is_mine or load is None:
            return
        try:
            actions.check_load(actions.restart_check(load))
        except Exception as error:
            actions.give_up(load, error)
            raise


def start_check(load: Load) -> Load:
    check_load_task.enqueue(load.pk)
    return load


def start_apply(load: Load, *, by: User) -> Load:
    actions.accept_load(load, by=by)
    import_string(settings.APPLY_TASK).enqueue(load.pk)
    return load


def resume_loads(now: datetime) -> list[Load]:
    """Loads that were being worked on when their worker died, and loads that nobody takes: they go back to the queue."""
    lost = Load.objects.filter(state__in=RUNNING).exclude(state=LoadState.WAITING, started__gt=now - PATIENCE).order_by("pk")
    found = [load for load in lost if not actions.is_worked_on(load)]
    for load in found:
        name = settings.APPLY_TASK if load.state == LoadState.APPLYING else f"{__name__}.check_load_task"
        import_string(name).enqueue(load.pk)
    return found
