from beffroi.provenance.actions.anomalies import record_anomalies, reopen_anomaly, settle_anomaly
from beffroi.provenance.actions.claims import ClaimShape, record_claims
from beffroi.provenance.actions.loads import (
    Counts,
    Loader,
    Outcome,
    Refusal,
    apply_load,
    cancel_load,
    check_load,
    request_load,
    staging_folder,
)
from beffroi.provenance.actions.profiles import change_profile, clone_profile, free_profile_code, seed_profiles
from beffroi.provenance.actions.registers import Batch, RegisterShape, record_register, rows_where, run_sql
from beffroi.provenance.actions.running import accept_load, give_up, is_worked_on, restart_check, sole_worker
from beffroi.provenance.actions.samples import keep_sample, sample_path
from beffroi.provenance.actions.settlements import settle_claims, unsettle_claims
from beffroi.provenance.actions.snapshots import register_source, take_snapshot
from beffroi.provenance.actions.statements import StatedRow, Written, record_statements, scoped, stated_rows
from beffroi.provenance.actions.typed import record_typed_claim, withdraw_typed_claim
from beffroi.provenance.actions.uploads import free_source_code, keep_upload, written_upload

__all__ = [
    "Batch",
    "ClaimShape",
    "Counts",
    "Loader",
    "Outcome",
    "Refusal",
    "RegisterShape",
    "StatedRow",
    "Written",
    "accept_load",
    "apply_load",
    "cancel_load",
    "change_profile",
    "check_load",
    "clone_profile",
    "free_profile_code",
    "free_source_code",
    "give_up",
    "is_worked_on",
    "keep_sample",
    "keep_upload",
    "record_anomalies",
    "record_claims",
    "record_register",
    "record_statements",
    "record_typed_claim",
    "register_source",
    "reopen_anomaly",
    "request_load",
    "restart_check",
    "rows_where",
    "run_sql",
    "sample_path",
    "seed_profiles",
    "scoped",
    "settle_anomaly",
    "settle_claims",
    "sole_worker",
    "staging_folder",
    "stated_rows",
    "take_snapshot",
    "unsettle_claims",
    "withdraw_typed_claim",
    "written_upload",
]
