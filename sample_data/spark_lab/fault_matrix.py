"""The runs of the fault jobs: each with its repairs, each with what it should be classified as."""

from __future__ import annotations

from dataclasses import dataclass

import plan


@dataclass(frozen=True)
class Fault:
    """A fault job: what goes wrong, in how many attempts (None: until it is repaired), and its class."""

    workflow: str
    variant: str
    kind: str
    failure_class: str
    recovers_after: int | None = None
    hooks: tuple[str, ...] = ()
    config: tuple[tuple[str, str], ...] = ()
    rows: int | None = None
    time_limit_seconds: int = plan.TIME_LIMIT_SECONDS


TWO = (("spark.executor.instances", "2"),)
NOT_ADAPTIVE = (("spark.sql.adaptive.enabled", "false"),)  # adaptive execution waits for a broadcast without limit

FAULTS = (
    Fault("user_exception", "bookings", "udf", "code.udf"),
    Fault("user_exception", "references", "value", "code.udf"),
    Fault("user_exception", "cancellations", "driver", "code.exception"),
    Fault("missing_column", "customers", "sql", "catalog.missing_column"),
    Fault("missing_column", "net_amounts", "frame", "catalog.missing_column"),
    Fault("missing_column", "first_deliveries", "window", "catalog.missing_column"),
    Fault("missing_table", "regions", "sql", "catalog.missing_table"),
    Fault("missing_table", "customers", "catalog", "catalog.missing_table"),
    Fault("missing_path", "export", "parquet", "storage.not_found"),
    Fault("missing_path", "parcels", "json", "storage.not_found", 1, ("late_file",)),
    Fault("existing_output", "states", "parquet", "storage.already_exists"),
    Fault("existing_output", "report", "json", "storage.already_exists"),
    Fault("missing_class", "ledger", "source", "code.dependency"),
    Fault("missing_class", "taxes", "function", "code.dependency"),
    Fault("missing_class", "entries", "driver", "code.dependency"),
    Fault("closed_port", "levels", "task", "network.refused", None, ("late_service",)),
    Fault("closed_port", "stock", "driver", "network.refused", 1, ("late_service",)),
    Fault("closed_port", "stream", "stream", "network.refused", 1, ("late_service",)),
    Fault("bad_credentials", "stock", "account", "access.credentials", None, ("stock_service",)),
    Fault("bad_credentials", "roles", "role", "access.permission", None, ("stock_service",)),
    Fault("bad_credentials", "archive", "archive", "access.credentials", None, ("archive_service",)),
    Fault("busy_service", "stock", "http", "service.unavailable", 1, ("stock_service",)),
    Fault("busy_service", "reorders", "http", "service.unavailable", 2, ("stock_service",)),
    Fault("missing_module", "pricing", "worker", "code.python_module"),
    Fault("missing_module", "ledger", "driver", "code.python_module"),
    Fault("dead_worker", "weights", "native", "code.python_worker"),
    Fault("dead_worker", "parcels", "signal", "code.python_worker", 1, ("trouble",)),
    Fault("dead_worker", "routes", "signal", "code.python_worker", 1, ("trouble",)),
    Fault("dead_executor", "customers", "own", "executor.lost", 1, ("trouble",), TWO),
    Fault("dead_executor", "totals", "other", "executor.lost", 1, ("single_stage_attempt",), TWO),
    Fault("dead_executor", "balances", "other", "executor.lost", 2, ("single_stage_attempt",), TWO),
    Fault("dead_executor", "sums", "own", "executor.lost", None, (), TWO),
    Fault("disk_full", "contents", "sort", "storage.disk_full", 1, ("full_disk",), (), 60000),
    Fault("disk_full", "groups", "python", "storage.disk_full", 1, ("full_disk",), (), 60000),
    Fault("disk_full", "archive", "sort", "storage.disk_full", 2, ("full_disk",), (), 60000),
    Fault("broadcast_timeout", "regions", "plain", "memory_config.broadcast", None, (), NOT_ADAPTIVE),
    Fault("broadcast_timeout", "areas", "filter", "memory_config.broadcast", None, (), NOT_ADAPTIVE),
    Fault("not_serializable", "offsets", "context", "code.serialization"),
    Fault("not_serializable", "counters", "lock", "code.serialization"),
    Fault("not_serializable", "lines", "file", "code.serialization"),
    Fault("arithmetic", "shares", "division", "data.arithmetic"),
    Fault("arithmetic", "products", "overflow", "data.arithmetic"),
    Fault("arithmetic", "places", "array", "data.arithmetic"),
    Fault("schema_mismatch", "amounts", "parquet", "data.schema"),
    Fault("schema_mismatch", "unions", "union", "sql.analysis"),
    Fault("schema_mismatch", "totals", "cast", "data.format"),
    Fault("too_slow", "prices", "pause", "scheduler.timeout", None, (), (), None, 30),
    Fault("too_slow", "locks", "wait", "scheduler.timeout", 1, ("trouble",), (), None, 30),
)


def specification(fault: Fault, *, repaired: bool = False, repeat: int = 1) -> dict:
    """One run of a fault job, as it is or as its owner has repaired it."""
    size = {"kind": fault.kind}
    if fault.recovers_after is not None:
        size["recovers_after"] = fault.recovers_after
    if fault.rows is not None:
        size["rows"] = fault.rows
    if repaired:
        size["repaired"] = True
    variant = fault.variant + ("_repaired" if repaired else "")
    spec = plan.specification(fault.workflow, variant, size, dict(fault.config), repeat=repeat,
                              hooks=list(fault.hooks), time_limit_seconds=fault.time_limit_seconds)
    return {**spec, "job": f"{fault.workflow}-{fault.variant}", "failure_class": fault.failure_class}


def runs() -> list[dict]:
    """Every fault job until it succeeds: those that pass by themselves again, the others as they are repaired."""
    specs = []
    for fault in FAULTS:
        if fault.recovers_after is None:
            specs += [specification(fault), specification(fault, repaired=True)]
        else:
            specs += [specification(fault, repeat=repeat) for repeat in range(1, fault.recovers_after + 2)]
    return sorted(specs, key=lambda spec: spec["repeat"])
