from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse

from beffroi.accounts.roles import open_to_all
from beffroi.web import data_folder


@open_to_all
def alive(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@open_to_all
def ready(request: HttpRequest) -> JsonResponse:
    database = is_database_there()
    parts = {
        "database": database,
        "migrations": database and is_database_up_to_date(),
        "data_folder": data_folder.is_writable(settings.DATA),
        "worker": data_folder.is_worker_alive(settings.DATA),
    }
    is_ready = all(parts.values())
    return JsonResponse({"status": "ok" if is_ready else "not ready", **parts}, status=200 if is_ready else 503)


def is_database_there() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def is_database_up_to_date() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
