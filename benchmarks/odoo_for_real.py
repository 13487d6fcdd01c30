# ruff: noqa: E501, ANN401, RET504, RUF021 -- a script for one machine, with its SQL
"""A real Odoo, read three times while it changes; KPIs equal to SQL on its own database.

python -m benchmarks.odoo_for_real URL DATABASE LOGIN POSTGRES [LEADS]    key on stdin

POSTGRES is a connection string to Odoo's database. Users, teams and leads are made
through Odoo's API; stages moved, leads lost, put away, merged, deleted, converted.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import httpx
import psycopg

JALON = (str(Path(sys.executable).parent / "jalon"),)
WON = "l.active AND s.is_won AND l.type = 'opportunity'"
LOST = "NOT l.active AND l.probability = 0 AND l.type = 'opportunity'"
OPEN = "l.active AND NOT coalesce(s.is_won, false) AND l.type = 'opportunity'"
FROM = "FROM crm_lead l LEFT JOIN crm_stage s ON s.id = l.stage_id WHERE "
THIS_YEAR = " AND extract(year FROM l.date_deadline) = extract(year FROM now())"
SQL = {
    "revenue": f"SELECT sum(expected_revenue) {FROM}{WON}",
    "deals_won": f"SELECT count(*) {FROM}{WON}",
    "average_basket": f"SELECT avg(expected_revenue) {FROM}{WON}",
    "win_rate": f"SELECT count(*) FILTER (WHERE {WON})::numeric / nullif(count(*), 0) {FROM}({WON} OR {LOST})",
    "pipeline_value": f"SELECT sum(expected_revenue) {FROM}{OPEN}{THIS_YEAR}",
    "leads": "SELECT count(*) FROM crm_lead l WHERE type = 'lead' OR date_conversion IS NOT NULL",
}
BY_PERSON = f"""SELECT p.name, sum(expected_revenue) FROM crm_lead l
    LEFT JOIN crm_stage s ON s.id = l.stage_id JOIN res_users u ON u.id = l.user_id
    JOIN res_partner p ON p.id = u.partner_id WHERE {WON} GROUP BY 1"""
COUNTS = {
    "deals": "SELECT count(*) FROM crm_lead WHERE type = 'opportunity' AND (active OR probability = 0)",
    "tracked moves": """SELECT count(DISTINCT (m.res_id, date_trunc('second', v.create_date)))
        FROM mail_tracking_value v JOIN ir_model_fields f ON f.id = v.field_id
        JOIN mail_message m ON m.id = v.mail_message_id JOIN crm_lead l ON l.id = m.res_id
        WHERE f.name = 'stage_id' AND m.model = 'crm.lead' AND l.type = 'opportunity'
        AND (l.active OR l.probability = 0)""",
}


class Crm:
    """Odoo as salespeople use it, through its API."""

    def __init__(self, url: str, database: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}", "X-Odoo-Database": database}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=300)

    def call(self, model: str, method: str, **named: object) -> Any:
        answer = self._http.post(f"/json/2/{model}/{method}", json=named)
        if answer.status_code != 200:
            sys.exit(f"{model}.{method}: {answer.status_code} {answer.text[:400]}")
        return answer.json()

    def make(self, model: str, rows: list[dict[str, object]]) -> list[int]:
        made: list[int] = []
        for start in range(0, len(rows), 250):
            made += self.call(model, "create", vals_list=rows[start : start + 250])
        return made


def people(crm: Crm, run: str) -> tuple[list[int], list[int]]:
    """Make five salespeople and two teams; return both."""
    names = ("Alice Martin", "Bob Durand", "Chloé Nguyen", "David Roy", "Emma Petit")
    users = crm.make(
        "res.users",
        [
            {"name": f"{n} {run}", "login": f"u{i}-{run}@example.com"}
            for i, n in enumerate(names)
        ],
    )
    teams = crm.make(
        "crm.team", [{"name": f"{name} {run}"} for name in ("Nord", "Sud")]
    )
    crm.make(
        "crm.team.member",
        [{"user_id": one, "crm_team_id": teams[i % 2]} for i, one in enumerate(users)],
    )
    return users, teams


def leads(
    crm: Crm, rng: random.Random, users: list[int], stages: list[int], count: int
) -> list[int]:
    """Make opportunities, and a tenth of leads."""
    year = time.strftime("%Y")
    partners = crm.make(
        "res.partner", [{"name": f"Société {n}", "is_company": True} for n in range(40)]
    )
    return crm.make(
        "crm.lead",
        [
            {
                "name": f"Affaire {n}",
                "type": "lead" if n % 10 == 9 else "opportunity",
                "expected_revenue": rng.randint(100, 9_000_000) / 100,
                "stage_id": rng.choice(stages[:2]),
                "user_id": rng.choice(users),
                "partner_id": rng.choice(partners),
                "date_deadline": f"{year}-{rng.randint(1, 12):02d}-15",
            }
            for n in range(count)
        ],
    )


def month(crm: Crm, rng: random.Random, stages: list[int]) -> dict[str, int]:
    """Let salespeople work: move, lose, put away, bring back, merge, delete, convert."""
    alive = [["won_status", "=", "pending"], ["type", "=", "opportunity"]]
    ids = [
        one["id"]
        for one in crm.call("crm.lead", "search_read", domain=alive, fields=["id"])
    ]
    rng.shuffle(ids)
    done: dict[str, int] = {}

    def some(share: float) -> list[int]:
        taken = [ids.pop() for _ in range(max(int(len(ids) * share), 2))]
        return taken

    for stage in stages[1:]:
        moved = some(0.08)
        crm.call("crm.lead", "write", ids=moved, vals={"stage_id": stage})
        done["moved"] = done.get("moved", 0) + len(moved)
    crm.call("crm.lead", "action_set_lost", ids=(lost := some(0.05)))
    crm.call("crm.lead", "write", ids=(away := some(0.02)), vals={"active": False})
    crm.call(
        "crm.lead",
        "write",
        ids=(edited := some(0.05)),
        vals={"expected_revenue": 4321.09},
    )
    crm.call("crm.lead", "unlink", ids=(deleted := some(0.02)))
    for _ in range(5):
        crm.call("crm.lead", "merge_opportunity", ids=[ids.pop(), ids.pop()])
    waiting = crm.call(
        "crm.lead",
        "search_read",
        domain=[["type", "=", "lead"]],
        fields=["id"],
        limit=8,
    )
    for one in waiting:
        crm.call("crm.lead", "convert_opportunity", ids=[one["id"]], partner=False)
    told = {
        "lost": lost,
        "put away": away,
        "edited": edited,
        "deleted": deleted,
        "converted": waiting,
    }
    return done | {name: len(those) for name, those in told.items()} | {"merged": 5}


def compared(jalon: Any, sql: psycopg.Connection[Any]) -> int:
    """Print each figure twice; return how many differ."""
    wrong = 0
    for key, query in SQL.items():
        row = jalon("kpi", "value", key)["rows"][0]
        ours, theirs = row["value"], _one(sql, query)
        wrong += _told(key, ours, theirs)
    ours_by = {
        r["person"]: r["value"]
        for r in jalon("kpi", "value", "revenue", "--by", "person")["rows"]
        if r["value"]
    }
    for name, theirs in sql.execute(BY_PERSON).fetchall():
        wrong += _told(f"revenue of {name}", _of(ours_by, name), theirs)
    held = jalon.held()
    for name, query in COUNTS.items():
        wrong += _told(name, held[name], _one(sql, query))
    return wrong


def _of(found: dict[str, Any], name: str) -> Any:
    return next((value for key, value in found.items() if name in str(key)), None)


def _one(sql: psycopg.Connection[Any], query: str) -> Any:
    return sql.execute(query).fetchone()[0]  # type: ignore[index]


def _told(name: str, ours: Any, theirs: Any) -> int:
    near = (
        ours is theirs is None
        or ours is not None
        and abs(Decimal(str(ours)) - Decimal(str(theirs or 0))) < Decimal("0.0051")
    )
    print(f"  {'=' if near else '≠'} {name:<34}{ours!s:>18}{theirs!s:>24}")
    return 0 if near else 1


class Jalon:
    """The command line on a workspace of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def __call__(self, *words: str, given: str = "") -> Any:
        done = subprocess.run(
            [*JALON, "--workspace", str(self._folder), "--json", *words],
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode > 1:
            sys.exit(f"jalon {' '.join(words)}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else {}

    def held(self) -> dict[str, int]:
        """Return how many deals and observed moves the warehouse holds."""
        current = (self._folder / "warehouse" / "CURRENT").read_text().strip()
        with duckdb.connect(
            str(
                self._folder / "warehouse" / f"{current.removesuffix('.duckdb')}.duckdb"
            ),
            read_only=True,
        ) as found:
            deals = found.sql("SELECT count(*) FROM deals").fetchall()[0][0]
            moves = found.sql(
                "SELECT count(*) - count(DISTINCT deal_id) FROM stage_changes "
                "SEMI JOIN deals USING (deal_id) WHERE origin = 'observed'"
            ).fetchall()[0][0]  # but the one a deal was made in
        return {"deals": deals, "tracked moves": moves}


def main() -> int:
    """Make, read, change and read again, three times; 1 where a figure differs."""
    url, database, login, postgres = sys.argv[1:5]
    count = int(sys.argv[5]) if len(sys.argv) > 5 else 2000
    key = sys.stdin.readline().strip()
    os.environ.setdefault("JALON_PRIVATE_HOSTS", "127.0.0.1")
    crm, rng, run = Crm(url, database, key), random.Random(19), time.strftime("%H%M%S")
    rows = crm.call(
        "crm.stage", "search_read", domain=[], fields=["id"], order="sequence"
    )
    stages = [one["id"] for one in rows]
    users, _teams = people(crm, run)
    began = time.monotonic()
    leads(crm, rng, users, stages, count)
    print(f"{count} leads made in {time.monotonic() - began:.0f} s")
    wrong = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        psycopg.connect(postgres, autocommit=True) as sql,
    ):
        jalon = Jalon(Path(folder) / "essai")
        subprocess.run(
            [*JALON, "init", folder + "/essai", "--company", "Essai"],
            check=True,
            capture_output=True,
        )
        settings = (f"url={url}", f"database={database}", f"login={login}", "key=-")
        jalon("sources", "add", "odoo", "crm", *settings, *sys.argv[6:], given=key)
        for turn in range(4):
            if turn:
                print("month", turn, month(crm, rng, stages))
            began = time.monotonic()
            found = jalon("sources", "refresh", "crm", "--sweep")
            print(
                f"refresh {turn}: {time.monotonic() - began:.1f} s",
                json.dumps(found)[:300],
            )
            wrong += compared(jalon, sql)
    print("all equal" if not wrong else f"{wrong} differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
