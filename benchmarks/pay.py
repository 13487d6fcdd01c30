"""Pay of 10,000 people for 12 months: the rule, and the statements written and kept.

    python -m benchmarks.pay [--people 10000] [--months 12]

Everybody has three measures (revenue, customers, their team's), a threshold, brackets
in three steps, a rate per unit and a cap. Figures are made up; months are settled one
after another by the rule that runs use, and each statement is written with its inputs
and the arithmetic of its lines. What is not in it: making the figures up, reading the
evaluations. Seconds are of one processor: they compare better than the clock.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import random
import tempfile
import time
from decimal import Decimal
from pathlib import Path

from jalon.domain.incentives.inputs import Input, Part, plain
from jalon.domain.incentives.settling import settled
from jalon.domain.incentives.sources import read_text

TEXT = """\
[plan]
name = "Bench"
currency = "EUR"
first = 2026-01-01
every = "month"
variable = 1500

[[component]]
key = "own"
measure = "revenue"
pays = "bonus"
weight = 0.8
threshold = 0.6
tiers = [{ to = 1, times = 1 }, { to = 1.2, times = 1.5 }, { times = 2 }]
cap_share = 2

[[component]]
key = "customers"
measure = "new_customers"
pays = "unit"
rate = 40

[[component]]
key = "team"
measure = "team"
pays = "bonus"
weight = 0.2

[measures]
team = { kpi = "revenue", owner = "team" }
"""
MONTHS, PEOPLE, TEAM = 12, 10_000, 10
PROMISED = 60  # seconds


def inputs(people: int, month: int) -> list[Input]:
    """Return three figures a person for a month, the same every time."""
    chance = random.Random(month)
    name = f"2026-{month:02d}"
    found = []
    for rank in range(people):
        for measure, target in (
            ("revenue", 40_000),
            ("new_customers", 5),
            ("team", 400_000),
        ):
            actual = Decimal(round(target * chance.uniform(0.3, 1.5), 2))
            found.append(
                Input(
                    f"p{rank}",
                    name,
                    measure,
                    objective=f"{measure}-{rank}-{month}",
                    actual=actual.quantize(Decimal("0.01")),
                    target=Decimal(target),
                    team=f"t{rank // TEAM}",
                    parts=(Part(Decimal(1500)),),
                )
            )
    return found


def measured(people: int = PEOPLE, months: int = MONTHS) -> dict[str, float]:
    """Return seconds of processor, computing and writing, and what was paid."""
    from django.db import transaction  # noqa: PLC0415 - once Django is set up

    from jalon.records.pay import PayPlan, PayRun, PayStatement  # noqa: PLC0415 - once Django is set up
    from jalon.records.pay_rows import line_told  # noqa: PLC0415 - once Django is set up

    written = read_text(TEXT)
    at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    version = PayPlan.objects.create(
        plan="bench",
        number=1,
        text=TEXT,
        first=at.date(),
        written_at=at,
        published_at=at,
    )
    computing = writing = 0.0
    paid, statements = Decimal(0), 0
    for month in range(1, months + 1):
        figures = inputs(people, month)
        began = time.process_time()
        due = settled(written, figures, period=f"2026-{month:02d}")
        computing += time.process_time() - began
        began = time.process_time()
        first = datetime.date(2026, month, 1)
        with transaction.atomic():
            run = PayRun.objects.create(
                plan="bench",
                version=version,
                name=f"2026-{month:02d}",
                first=first,
                after=first + datetime.timedelta(days=28),
                state="computed",
            )
            PayStatement.objects.bulk_create(
                (
                    PayStatement(
                        run=run,
                        person_id=one.person,
                        name=one.person,
                        currency="EUR",
                        total=one.total,
                        inputs=[plain(each) for each in one.inputs],
                        lines=[line_told(line) for line in one.lines],
                    )
                    for one in due.values()
                ),
                batch_size=500,
            )
        writing += time.process_time() - began
        paid += sum((one.total for one in due.values()), Decimal(0))
        statements += len(due)
    return {
        "people": people,
        "months": months,
        "statements": statements,
        "computing_s": round(computing, 1),
        "writing_s": round(writing, 1),
        "paid": float(paid),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pay", description=__doc__
    )
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--months", type=int, default=MONTHS)
    parser.add_argument("--json", action="store_true", help="nothing but the figures")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["JALON_WORKSPACE"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
        import django  # noqa: PLC0415 - once Django is set up

        from jalon.usecases.prepare_database import prepare_database  # noqa: PLC0415 - once Django is set up
        from jalon.workspace.folder import opened  # noqa: PLC0415 - once Django is set up

        (Path(folder) / "warehouse").mkdir()
        django.setup()
        prepare_database(opened(Path(folder)))
        found = measured(chosen.people, chosen.months)
    if chosen.json:
        print(json.dumps(found))
        return
    spent = found["computing_s"] + found["writing_s"]
    print(f"{found}\n{spent:.1f} s of processor")
    if spent > PROMISED and chosen.people * chosen.months <= PEOPLE * MONTHS:
        raise SystemExit(f"more than the {PROMISED} s promised")


if __name__ == "__main__":
    main()
