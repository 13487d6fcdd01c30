"""A pay plan for those who sell: published, last quarter paid, a question answered.

A next version, with a steeper accelerator, waits as a draft to be tried beside it.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from jalon.demo import company
from jalon.demo.staff import email
from jalon.demo.wishes import quarter, year
from jalon.domain.incentives.settling import RunState
from jalon.queries.pay_statements import run_page
from jalon.queries.viewers import viewer
from jalon.usecases.acting import SYSTEM, Actor
from jalon.usecases.question_pay import UPHELD, answer, ask
from jalon.usecases.settle_pay import Term, advance_run, run_period, set_terms
from jalon.usecases.write_pay_plan import publish_version, save_version, take_note
from jalon.workspace.folder import Workspace

PLAN = "commerciaux"
SELLING = {"ae": 3600, "kam": 4500, "csm": 2700}  # target pay of a quarter, by trade
NOTICE = (
    "Plan de primes des commerciaux : 80 % sur le chiffre d'affaires signé, 20 % sur"
    " celui de l'équipe ; l'accélérateur commence à 100 %."
)
QUESTION = "Une affaire signée le dernier jour du trimestre est-elle comptée ici ?"
ANSWER = "Oui : la date de signature compte, et le lien de la ligne montre l'affaire."
STEEPER = "{ times = 2.5 }"
TEXT = """\
[plan]
name = "Primes des commerciaux {year}"
currency = "EUR"
first = {first}
every = "quarter"
variable = 3600

[[component]]
key = "personnel"
label = "Chiffre d’affaires signé"
measure = "revenue"
pays = "bonus"
weight = 0.8
threshold = 0.6
tiers = [{{ to = 1, times = 1 }}, {{ to = 1.2, times = 1.5 }}, {{ times = 2 }}]
cap_share = 2

[[component]]
key = "equipe"
label = "Chiffre d’affaires de l’équipe"
measure = "equipe"
pays = "bonus"
weight = 0.2

[measures]
revenue = {{ kpi = "revenue" }}
equipe = {{ kpi = "revenue", owner = "team" }}

[absences]
reduce = ["unpaid"]
"""


def write_pay(workspace: Workspace, *, on: date, at: datetime) -> None:
    """Write the plan, who is under it, last quarter's statements and a question."""
    past = quarter(on, 1)
    first = year(past.first).first
    text = TEXT.format(year=first.year, first=first.isoformat())
    early = at - timedelta(days=(on - first).days)
    save_version(workspace, PLAN, text, actor=SYSTEM, at=early)
    publish_version(PLAN, 1, NOTICE, actor=SYSTEM, at=early)
    set_terms(workspace, _terms(first, on), actor=SYSTEM, at=early)
    seller = _actor(workspace, company.SALESPERSON, on)
    take_note(PLAN, 1, actor=seller, at=early + timedelta(days=1))
    run = run_period(workspace, PLAN, past.first, actor=SYSTEM, on=on, at=at)
    for state in (RunState.REVIEWED, RunState.APPROVED, RunState.PUBLISHED):
        advance_run(run, state, actor=SYSTEM, at=at)
    _questions(run, seller, at=at)
    later = text.replace("{ times = 2 }", STEEPER)
    later = later.replace(f"first = {first}", f"first = {year(on).after}")
    save_version(workspace, PLAN, later, actor=SYSTEM, at=at)


def _terms(first: date, on: date) -> list[Term]:
    return [
        Term(
            plan=PLAN,
            person=person.person_id,
            first=first,
            variable=Decimal(SELLING[person.role]),
        )
        for person in company.PEOPLE
        if person.role in SELLING
        and (
            person.left_days_ago is None or on - timedelta(person.left_days_ago) > first
        )
    ]


def _questions(run: int, seller: Actor, *, at: datetime) -> None:
    page = run_page(run, viewer=SYSTEM.viewer)
    assert page is not None  # noqa: S101 - just written
    mine = [one for one in page.statements if one.person == company.SALESPERSON]
    if not mine or not mine[0].total:
        return
    ask(mine[0].id, 1, QUESTION, actor=seller, at=at)
    answered = run_page(run, viewer=SYSTEM.viewer)
    assert answered is not None  # noqa: S101 - just written
    answer(answered.questions[0].id, UPHELD, ANSWER, actor=SYSTEM, at=at)


def _actor(workspace: Workspace, person_id: str, on: date) -> Actor:
    name = next(p.name for p in company.PEOPLE if p.person_id == person_id)
    found = viewer(workspace, person_id=person_id, role="salesperson", on=on)
    return Actor(found, email(name))
