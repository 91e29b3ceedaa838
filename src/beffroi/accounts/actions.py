from beffroi.accounts.models import AuditEvent, User


def record_act(act: str, *, by: User | None, subject: tuple[str, int] | None = None, **detail: object) -> AuditEvent:
    kind, pk = subject or ("", None)
    return AuditEvent.objects.create(act=act, by=by, subject_kind=kind, subject_id=pk, detail=detail)
