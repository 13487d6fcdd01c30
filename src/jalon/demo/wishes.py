"""What the sample company wants: three horizons, from the direction to each person.

A wish is an objective before its target is known. A flow (revenue, leads) names the
pace it should show on the day given; a level names its target, or a step from today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from jalon.demo import company
from jalon.demo.calendar import next_month
from jalon.demo.company import PEOPLE, Person
from jalon.demo.contracts import later
from jalon.demo.rows import Row
from jalon.demo.staff import ramp

HEALTH = f"sector={company.HEALTH}"


_NEXT = {
    "sdr": (
        "Rappeler les inscrits du dernier webinaire",
        "Écrire à cinquante prospects de la santé",
    ),
    "ae": (
        "Revoir chaque affaire attendue ce mois-ci avec Claire",
        "Proposer une démonstration comparée aux affaires où Quadrille est cité",
    ),
    "kam": (
        "Cartographier les décideurs des deux plus grandes affaires",
        "Obtenir un calendrier de décision écrit de chaque acheteur",
    ),
    "csm": (
        "Appeler les clients à renouveler sous soixante jours",
        "Présenter la facture électronique à vingt clients",
    ),
}


@dataclass(frozen=True, slots=True)
class Span:
    """A period and its name in a sentence."""

    first: date
    after: date
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Wish:
    """An objective to be; `shared_by` are those a team's target is made of."""

    id: str
    statement: str  # holds {target}
    kpi: str
    owner: str
    span: Span
    pace: float | None = None
    target: str | None = None
    step: str | None = None
    more: Row = field(default_factory=dict)
    shared_by: tuple[Person, ...] = ()


MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]


def month(on: date) -> Span:
    """Return the running month."""
    first = on.replace(day=1)
    name = MONTHS[first.month - 1]
    article = "d'" if name[0] in "ao" else "de "
    return Span(
        first, next_month(on), f"{article}{name} {first.year}", f"{first:%Y-%m}"
    )


def quarter(on: date, back: int = 0) -> Span:
    """Return the running quarter, or one before."""
    first = later(date(on.year, on.month - (on.month - 1) % 3, 1), -3 * back)
    rank = (first.month + 2) // 3
    return Span(
        first,
        later(first, 3),
        f"du T{rank} {first.year}",
        f"{first.year}-T{rank}",
    )


def year(on: date, back: int = 0) -> Span:
    """Return the running year, or one before."""
    first = date(on.year - back, 1, 1)
    return Span(first, later(first, 12), f"de l'année {first.year}", str(first.year))


def wishes(on: date) -> list[Wish]:
    """Return every wish, parents before children."""
    return [
        *_company(on),
        *_long(on),
        *_teams(on),
        *_former(on),
        *(wish for person in PEOPLE for wish in _personal(person, on)),
    ]


def _company(on: date) -> Iterator[Wish]:
    now, term = year(on), quarter(on)
    revenue = f"ca-{now.key}"
    yield Wish(
        revenue,
        "Signer {target} de chiffre d'affaires d'ici la fin " + now.name,
        "revenue",
        "company",
        now,
        pace=0.965,
        more={
            "baseline": "N-1",
            "actions": _actions(
                on,
                ("Bâtir l'argumentaire face à Quadrille", "P03", -20, True),
                ("Offrir la mise en service sur les offres Premium", "P01", 12, False),
                (
                    "Revue hebdomadaire des affaires de plus de 20 000 €",
                    "P04",
                    5,
                    False,
                ),
            ),
        },
    )
    yield Wish(
        f"nps-{now.key}",
        "Porter le NPS à {target} d'ici la fin " + now.name,
        "nps",
        "company",
        now,
        step="0.6",
        more={"baseline": "N-1"},
    )
    yield Wish(
        f"nrr-{now.key}",
        "Tenir une rétention nette du revenu récurrent de {target} en " + now.key,
        "nrr",
        "company",
        now,
        step="0.01",
    )
    yield Wish(
        f"crm-{term.key}",
        "Avoir {target} des commerciaux qui tiennent le CRM à jour chaque semaine "
        + term.name,
        "crm_adoption",
        "company",
        term,
        target="0.9",
    )
    yield Wish(
        f"marge-{now.key}",
        "Dégager {target} de marge brute sur les factures de " + now.key,
        "gross_margin",
        "company",
        now,
        pace=1.03,
        more={"baseline": "N-1"},
    )


def _long(on: date) -> Iterator[Wish]:
    begun = later(on.replace(day=1), -8)
    span = Span(begun, later(begun, 18), "dix-huit mois", f"{begun:%Y-%m}")
    yield Wish(
        "sante-10",
        "Faire {target} du chiffre d'affaires dans la santé en dix-huit mois",
        "revenue_share",
        "company",
        span,
        target="0.1",
        more={
            "where": [HEALTH],
            "baseline": "previous",
            "actions": _actions(
                on,
                ("Recruter trois cliniques de référence", "P21", -60, True),
                ("Obtenir l'hébergement de données de santé", "P01", 45, False),
            ),
        },
    )
    three = Span(
        date(on.year - 1, 1, 1), date(on.year + 2, 1, 1), "trois ans", f"{on.year - 1}"
    )
    yield Wish(
        f"clients-{on.year + 1}",
        "Compter {target} clients actifs à la fin de l'année " + str(on.year + 1),
        "active_customers",
        "company",
        three,
        step="300",
        more={"baseline": "previous"},
    )


def _teams(on: date) -> Iterator[Wish]:
    now, term, above = year(on), quarter(on), f"ca-{year(on).key}"
    for team_id, label, pace in (
        (company.SME, "sur les PME", 0.88),
        (company.KEY_ACCOUNTS, "avec les grands comptes", 0.96),
        (company.RETENTION, "auprès de nos clients", 1.06),
    ):
        more: Row = {"parent": above, "baseline": "N-1"}
        if team_id == company.SME:
            more["actions"] = _actions(
                on,
                ("Appeler chaque affaire où Quadrille est cité", "P03", -6, True),
                ("Former l'équipe à la démonstration comparée", "P13", 8, False),
            )
        yield Wish(
            f"ca-{team_id}-{term.key}",
            f"Signer {{target}} de chiffre d'affaires {label} au cours {term.name}",
            "revenue",
            f"team:{team_id}",
            term,
            pace=pace,
            more=more,
            shared_by=_members(team_id),
        )
    yield Wish(
        f"leads-{company.PROSPECTING}-{month(on).key}",
        "Qualifier {target} leads au cours du mois " + month(on).name,
        "qualified_leads",
        f"team:{company.PROSPECTING}",
        month(on),
        pace=1.03,
        more={"parent": above},
        shared_by=_members(company.PROSPECTING),
    )
    yield Wish(
        f"closing-{company.SME}-{term.key}",
        "Gagner {target} des affaires PME closes au cours " + term.name,
        "win_rate",
        f"team:{company.SME}",
        term,
        step="0.04",
        more={"parent": f"ca-{company.SME}-{term.key}"},
    )
    yield Wish(
        f"cycle-{company.SME}-{term.key}",
        "Ramener le cycle de vente des PME à {target} au cours " + term.name,
        "sales_cycle_days",
        f"team:{company.SME}",
        term,
        step="-15",
        more={"parent": f"ca-{company.SME}-{term.key}"},
    )
    yield Wish(
        f"panier-{company.KEY_ACCOUNTS}-{now.key}",
        "Porter le panier moyen des grands comptes à {target} d'ici la fin " + now.name,
        "average_basket",
        f"team:{company.KEY_ACCOUNTS}",
        now,
        step="2500",
        more={"parent": above},
    )
    yield Wish(
        f"fidelite-{now.key}",
        "Garder {target} de nos clients d'ici la fin " + now.name,
        "retention_rate",
        "company",
        now,
        target="0.92",
    )
    yield Wish(
        f"engagement-{term.key}",
        "Garder une note d'engagement de {target} dans l'équipe commerciale en "
        + now.key,
        "team_engagement",
        "company",
        now,
        step="0.2",
        more={"nature": "qualitative"},
    )


def _former(on: date) -> Iterator[Wish]:
    """Say what was wanted of the periods now over."""
    past, term = year(on, 1), quarter(on, 1)
    yield Wish(
        f"ca-{past.key}",
        "Signer {target} de chiffre d'affaires d'ici la fin " + past.name,
        "revenue",
        "company",
        past,
        pace=1.02,
        more={"baseline": "N-1"},
    )
    yield Wish(
        f"nps-{past.key}",
        "Porter le NPS à {target} d'ici la fin " + past.name,
        "nps",
        "company",
        past,
        step="2",
    )
    yield Wish(
        f"fidelite-{past.key}",
        "Garder {target} de nos clients d'ici la fin " + past.name,
        "retention_rate",
        "company",
        past,
        target="0.9",
    )
    for team_id, pace in (
        (company.SME, 1.04),
        (company.KEY_ACCOUNTS, 0.97),
        (company.RETENTION, 1.01),
    ):
        parent = f"ca-{team_id}-{term.key}"
        members = _members(team_id)
        yield Wish(
            parent,
            "Signer {target} de chiffre d'affaires au cours " + term.name,
            "revenue",
            f"team:{team_id}",
            term,
            pace=pace,
            shared_by=members,
        )
        for person in members:
            yield Wish(
                f"ca-{person.person_id}-{term.key}",
                "Signer {target} de chiffre d'affaires au cours " + term.name,
                "revenue",
                f"person:{person.person_id}",
                term,
                more={"parent": parent},
            )


def _personal(person: Person, on: date) -> Iterator[Wish]:
    if person.left_days_ago is not None or person.role in ("director", "manager"):
        return
    term, owner, team_id = quarter(on), f"person:{person.person_id}", person.team_id
    if person.role == "sdr":
        yield Wish(
            f"leads-{person.person_id}-{month(on).key}",
            "Qualifier {target} leads au cours du mois " + month(on).name,
            "qualified_leads",
            owner,
            month(on),
            more={
                "parent": f"leads-{team_id}-{month(on).key}",
                "actions": _own_actions(person, on),
            },
        )
        yield Wish(
            f"contacts-{person.person_id}-{term.key}",
            "Parler à {target} prospects au cours " + term.name,
            "prospects_contacted",
            owner,
            term,
            pace=1.01 * person.skill,
        )
        return
    yield Wish(
        f"ca-{person.person_id}-{term.key}",
        "Signer {target} de chiffre d'affaires au cours " + term.name,
        "revenue",
        owner,
        term,
        more={
            "parent": f"ca-{team_id}-{term.key}",
            "weight": "2",
            "actions": _own_actions(person, on),
        },
    )
    yield _second(person, on)
    if person.person_id == company.SALESPERSON:
        yield Wish(
            f"rdv-{person.person_id}-{month(on).key}",
            "Tenir {target} rendez-vous au cours du mois " + month(on).name,
            "meetings",
            owner,
            month(on),
            pace=1.1,
        )


def _second(person: Person, on: date) -> Wish:
    term, owner = quarter(on), f"person:{person.person_id}"
    if person.role == "ae":
        return Wish(
            f"closing-{person.person_id}-{term.key}",
            "Gagner {target} des affaires closes au cours " + term.name,
            "win_rate",
            owner,
            term,
            target="0.19",
            more={"parent": f"closing-{company.SME}-{term.key}"},
        )
    if person.role == "kam":
        return Wish(
            f"propositions-{person.person_id}-{term.key}",
            "Remettre {target} propositions au cours " + term.name,
            "proposals",
            owner,
            term,
            pace=0.98 * person.skill,
        )
    now = year(on)
    return Wish(
        f"fidelite-{person.person_id}-{now.key}",
        "Garder {target} des clients suivis d'ici la fin " + now.name,
        "retention_rate",
        owner,
        now,
        target="0.92",
        more={"parent": f"fidelite-{now.key}"},
    )


def _members(team_id: str) -> tuple[Person, ...]:
    return tuple(
        person
        for person in PEOPLE
        if person.team_id == team_id
        and person.left_days_ago is None
        and person.role != "manager"
    )


def load_of(person: Person, on: date) -> float:
    """Return the part of a usual target that a person carries."""
    return float(person.capacity) * ramp(person, on, on)


def _own_actions(person: Person, on: date) -> list[Row]:
    """Return what somebody of that role does next; no two on the same day."""
    rank = int(person.person_id[1:])
    first, then = _NEXT[person.role]
    return _actions(
        on,
        (first, person.person_id, -rank % 9 - 9, True),
        (then, person.person_id, 3 + rank % 11, False),
    )


def _actions(on: date, *lines: tuple[str, str, int, bool]) -> list[Row]:
    return [
        {
            "action": action,
            "owner": f"person:{who}",
            "due": on + timedelta(days=days),
            "done": done,
        }
        for action, who, days, done in lines
    ]
