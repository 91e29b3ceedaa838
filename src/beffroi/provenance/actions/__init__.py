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
from beffroi.provenance.actions.profiles import seed_profiles
from beffroi.provenance.actions.snapshots import register_source, snapshot_path, take_snapshot
from beffroi.provenance.actions.statements import StatedRow, Written, record_statements, stated_rows

__all__ = [
    "ClaimShape",
    "Counts",
    "Loader",
    "Outcome",
    "Refusal",
    "StatedRow",
    "Written",
    "apply_load",
    "cancel_load",
    "check_load",
    "record_claims",
    "record_statements",
    "register_source",
    "request_load",
    "seed_profiles",
    "snapshot_path",
    "staging_folder",
    "stated_rows",
    "take_snapshot",
]
