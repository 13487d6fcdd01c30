"""Spark: a cluster, this machine alone, or whatever speaks Spark Connect (Sail).

Facts are read as Parquet in the folder of the workspace, which every worker must see at
the same place. Only SQL travels: workers need no Python.
"""

from __future__ import annotations

import importlib
import threading
from typing import Any

from sqlglot import exp

from jalon.domain.facts.tables import TABLES
from jalon.warehouse.engines.carried import carried
from jalon.warehouse.engines.port import (
    EngineError,
    Facts,
    Row,
    Values,
    columns_of,
    lists_of,
    placed,
    refused,
    strict,
    used,
)

DIALECT = "spark"
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # Products keep every decimal, and fail rather than round.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.shuffle.partitions": "8",
}
_QUIET = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
_ABSENT = (
    "The engine {engine} is not installed. Expected: "
    "pip install --require-hashes -r requirements/engines.txt"
)
_SILENT = (
    "{engine} does not answer: {why}. Start it, or write "
    'engine = "duckdb" in jalon.toml.'
)
_TYPES = {"TEXT": "STRING"}


class Spark:
    """The engine at `spark` (this machine), `spark://…`, `sc://…`, or `sail`."""

    def __init__(self, address: str) -> None:
        """Keep the address; the session starts with the first question."""
        self.name = address
        self._lock = threading.Lock()
        self._session: Any = None
        self._server: Any = None
        self._known: dict[str, str] = {}

    def version(self) -> str:
        """Return the version the session tells."""
        return str(self._opened().version)

    def run(self, facts: Facts, query: exp.Query, values: Values) -> list[Row]:
        """Return the rows of a query."""
        session = self._opened()
        prefix = self._views(session, facts)
        there = _adapted(
            strict(placed(query, lambda table: exp.to_table(prefix + table)))
        )
        text, bound = there.sql(dialect=DIALECT), used(query, values)
        failure = importlib.import_module("pyspark.errors").PySparkException
        try:
            return [tuple(row) for row in session.sql(text, args=bound).collect()]
        except failure as error:
            raise refused(self.name, error) from error

    def run_columns(
        self, facts: Facts, query: exp.Query, values: Values, *, keys: int
    ) -> list[list[Any]]:
        """Return the columns of a query; those after the first `keys` as text."""
        return columns_of(self.run(facts, query, values), len(query.selects), keys)

    def close(self) -> None:
        """End the session; the next question starts another."""
        with self._lock:
            if self._session is not None:
                self._session.stop()
            if self._server is not None:
                self._server.stop()
            self._session = self._server = None
            self._known.clear()

    def _opened(self) -> Any:  # noqa: ANN401 - a session of a package not always there
        with self._lock:
            if self._session is None:
                try:
                    self._session = self._started()
                except ImportError as error:
                    raise EngineError(_ABSENT, engine=self.name) from error
                except Exception as error:
                    why = " ".join(str(error).split())[:200]
                    raise EngineError(_SILENT, engine=self.name, why=why) from error
            return self._session

    def _started(self) -> Any:  # noqa: ANN401 - a session of a package not always there
        session = importlib.import_module("pyspark.sql").SparkSession
        address = self.name
        if address == "sail":
            sail = importlib.import_module("pysail.spark")
            self._server = sail.SparkConnectServer()
            self._server.start()
            host, port = self._server.listening_address
            address = f"sc://{host}:{port}"
        builder = session.builder.appName("jalon")
        if address.startswith("sc://"):
            builder, settings = builder.remote(address), SETTINGS
        else:
            master = "local[*]" if address == "spark" else address
            builder, settings = builder.master(master), SETTINGS | _QUIET
        for name, value in settings.items():
            builder = builder.config(name, value)
        return builder.getOrCreate()

    def _views(self, session: Any, facts: Facts) -> str:  # noqa: ANN401
        """Return what opens the name of each view of a generation."""
        folder = str(carried(facts).resolve())
        with self._lock:
            if folder not in self._known:
                prefix = f"facts_{len(self._known)}_"
                for table in TABLES:
                    read = session.read.parquet(f"{folder}/{table}.parquet")
                    read.createOrReplaceTempView(prefix + table)
                self._known[folder] = prefix
            return self._known[folder]


def _adapted(query: exp.Query) -> exp.Query:
    """Return the query in the words that Spark has."""
    for select, lists in lists_of(query):
        arrays = [
            exp.cast(
                exp.Placeholder(this=one.placeholder),
                exp.DataType.build(f"ARRAY<{_TYPES.get(one.kind, one.kind)}>", DIALECT),
            )
            for one in lists
        ]
        zipped = exp.Anonymous(this="ARRAYS_ZIP", expressions=arrays)
        names = [exp.to_identifier(one.column, quoted=True) for one in lists]
        rows = exp.Aliases(
            this=exp.Anonymous(this="INLINE", expressions=[zipped]), expressions=names
        )
        select.replace(exp.select(rows))
    for cast in query.find_all(exp.TryCast):
        cast.set("safe", True)  # else sqlglot writes a cast that fails
    for joined in query.find_all(exp.ArrayToString):
        for cell in joined.find_all(exp.ArrayAgg):
            cell.set("this", exp.cast(cell.this, exp.DataType.Type.TEXT))
    return query
