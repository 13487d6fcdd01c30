"""The engine that `jalon.toml` names, one of each in a process."""

from __future__ import annotations

from jalon.warehouse.engines.clickhouse import ClickHouse
from jalon.warehouse.engines.duckdb import DuckDB
from jalon.warehouse.engines.port import Engine, EngineError
from jalon.warehouse.engines.postgresql import PostgreSQL
from jalon.warehouse.engines.spark import Spark

_UNKNOWN = (
    'The engine "{engine}" is unknown. Expected duckdb, postgresql, '
    "postgresql://…, chdb, spark, spark://…, sc://… or sail."
)
_known: dict[str, Engine] = {}


def engine_of(setting: str) -> Engine:
    """Return the engine a setting names; nothing is started yet.

    Raises:
        EngineError: If no engine has that name.
    """
    if setting not in _known:
        _known[setting] = _made(setting)
    return _known[setting]


def _made(setting: str) -> Engine:
    kind = setting.partition(":")[0]
    if setting == "duckdb":
        return DuckDB()
    if kind in {"postgresql", "postgres"}:
        return PostgreSQL(setting)
    if setting == "chdb":
        return ClickHouse()
    if setting in {"spark", "sail"} or kind in {"spark", "sc"}:
        return Spark(setting)
    raise EngineError(_UNKNOWN, engine=setting)
