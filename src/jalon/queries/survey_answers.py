"""What customers answered, for whoever may read it; whom a sale or ticket lets ask.

Answers are read from the facts, whatever asked for them: our mails, a file, a tool.
Those of engagement surveys are never among them.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from jalon.domain.feedback.asking import Nps, Trigger, address_of, voice_of
from jalon.domain.feedback.surveys import share_interval
from jalon.domain.people.permission import Act, Viewer, within
from jalon.domain.periods import Period
from jalon.queries.owners import owner_names
from jalon.queries.snapshots import NoDataError, snapshot
from jalon.records.surveys import LoopAction
from jalon.workspace.folder import Workspace

PERSON = "person:"
VOICES = 12  # words shown of each side
SATISFIED = Decimal("0.8")  # four fifths of the scale, as the KPI counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Somebody who may be asked, about what; what the facts say of their account."""

    address: str
    about: str
    name: str = ""
    lang: str = ""
    account_id: str = ""
    person_id: str = ""
    segment: str = ""
    sector: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """What is done about an answer."""

    id: int
    answer_id: str
    text: str
    owner_id: str
    owner_name: str
    due: datetime.date
    done_on: datetime.date | None
    result: str
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a customer, with their words, and what is done about it."""

    id: str
    score: int
    comment: str
    lang: str
    account: str
    segment: str
    person_id: str
    person_name: str
    on: datetime.date
    voice: str
    actions: tuple[Todo, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """The NPS of one segment or one owner."""

    name: str
    nps: Nps


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Satisfied answers, and Wilson's interval of their share."""

    satisfied: int
    answers: int
    interval: tuple[Decimal, Decimal] | None

    @property
    def value(self) -> Decimal | None:
        """Return the share of satisfied answers."""
        return Decimal(self.satisfied) / self.answers if self.answers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What customers answered over a period."""

    period: Period
    nps: Nps
    former: Nps
    csat: Share
    segments: tuple[Cut, ...]
    owners: tuple[Cut, ...]
    detractors: tuple[Answer, ...]
    promoters: tuple[Answer, ...]
    todo: tuple[Todo, ...]


def answers(
    workspace: Workspace, viewer: Viewer, period: Period, *, on: datetime.date
) -> Answers:
    """Return what the customers of those the reader answers for said over a period.

    Raises:
        NoDataError: If nothing was imported yet.
    """
    people = _people(viewer)
    length = period.after - period.first
    former = Period(period.first - length, period.first)
    names = owner_names(workspace, on=on)
    by_segment = _counts(workspace, people, period, "coalesce(segment, '')")
    by_owner = _counts(workspace, people, period, "coalesce(person_id, '')")
    todo = _todos(people, names, on)
    return Answers(
        period=period,
        nps=_total(by_segment),
        former=_total(_counts(workspace, people, former, "''")),
        csat=_csat(workspace, people, period),
        segments=_cuts(by_segment, {}),
        owners=_cuts(
            by_owner,
            {key.removeprefix(PERSON): name for key, name in names.items()},
        ),
        detractors=_voices(workspace, people, period, (0, 6), names, todo),
        promoters=_voices(workspace, people, period, (9, 10), names, todo),
        todo=tuple(one for one in todo if one.done_on is None),
    )


def answer_of(workspace: Workspace, viewer: Viewer, answer_id: str) -> Answer | None:
    """Return one answer the reader may see, None where there is none."""
    rows = _rows(
        workspace,
        _people(viewer),
        None,
        "a.answer_id = $answer",
        {"answer": answer_id},
    )
    return _answer(rows[0], {}, {}) if rows else None


def customers(
    workspace: Workspace, accounts: Collection[str]
) -> Mapping[str, Customer]:
    """Return what the facts know of some accounts, by key."""
    found = _asked(
        workspace,
        """
        SELECT account_id, owner_id, segment, sector, region FROM accounts
        WHERE list_contains($accounts, account_id)
        """,
        {"accounts": sorted(accounts)},
    )
    return {
        account: Customer(
            address="",
            about="",
            account_id=account,
            person_id=owner or "",
            segment=segment or "",
            sector=sector or "",
            region=region or "",
        )
        for account, owner, segment, sector, region in found
    }


_ADDRESS = """
    coalesce(json_extract_string(c.attributes, '$.contact_email'),
             json_extract_string(c.attributes, '$.email')),
    json_extract_string(c.attributes, '$.contact_name'),
    coalesce(json_extract_string(c.attributes, '$.lang'), ''),
    c.account_id, c.segment, c.sector, c.region
"""
_AFTER = {
    Trigger.SALE: f"""
        SELECT 'deal:' || d.deal_id, coalesce(d.owner_id, c.owner_id, ''), {_ADDRESS}
        FROM deals d JOIN accounts c USING (account_id)
        WHERE d.outcome = 'won' AND d.closed_on BETWEEN $first AND $last
        ORDER BY d.closed_on, d.deal_id
    """,  # noqa: S608 - our own columns
    Trigger.TICKET: f"""
        SELECT 'ticket:' || t.ticket_id, coalesce(c.owner_id, ''), {_ADDRESS}
        FROM tickets t JOIN accounts c USING (account_id)
        WHERE CAST(t.closed_at AS DATE) BETWEEN $first AND $last
        ORDER BY t.closed_at, t.ticket_id
    """,  # noqa: S608 - our own columns
}


def customers_after(
    workspace: Workspace,
    trigger: Trigger,
    *,
    first: datetime.date,
    last: datetime.date,
) -> tuple[Customer, ...]:
    """Return whom the sales or tickets ended from `first` to `last` let ask.

    The address is the account's attribute `contact_email` (or `email`).
    """
    found = _asked(workspace, _AFTER[trigger], {"first": first, "last": last})
    return tuple(
        Customer(
            address=valid,
            about=about,
            name=name or "",
            lang=(lang or workspace.settings.language)[:2].lower(),
            account_id=account,
            person_id=person,
            segment=segment or "",
            sector=sector or "",
            region=region or "",
        )
        for about, person, address, name, lang, *(account, segment, sector, region) in (
            found
        )
        if (valid := address_of(address or ""))
    )


def _people(viewer: Viewer) -> frozenset[str] | None:
    owners = within(viewer, Act.SEE_ANSWERS)
    if owners is None:
        return None
    return frozenset(
        one.removeprefix(PERSON) for one in owners if one.startswith(PERSON)
    )


def _asked(
    workspace: Workspace, query: str, values: Mapping[str, object]
) -> list[tuple[Any, ...]]:
    try:
        cursor = snapshot(workspace).cursor()
    except NoDataError:
        return []
    found: list[tuple[Any, ...]] = cursor.execute(query, dict(values)).fetchall()
    return found


def _limits(people: frozenset[str] | None, period: Period | None) -> dict[str, object]:
    return {
        "all": people is None,
        "people": sorted(people or ()),
        "first": period.first if period else datetime.date.min,
        "after": period.after if period else datetime.date.max,
    }


_WITHIN = """
    ($all OR list_contains($people, person_id))
    AND answered_at >= $first AND answered_at < $after AND score IS NOT NULL
"""


def _counts(
    workspace: Workspace, people: frozenset[str] | None, period: Period, key: str
) -> list[tuple[str, Nps]]:
    query = f"""
        SELECT {key}, count(*) FILTER (score >= 9),
               count(*) FILTER (score >= 7 AND score < 9),
               count(*) FILTER (score < 7)
        FROM answers WHERE survey = 'nps' AND {_WITHIN} GROUP BY 1 ORDER BY 1
    """  # noqa: S608 - our own columns
    found = _asked(workspace, query, _limits(people, period))
    return [(name, Nps(up, even, down)) for name, up, even, down in found]


def _csat(workspace: Workspace, people: frozenset[str] | None, period: Period) -> Share:
    query = f"""
        SELECT count(*) FILTER (score >= coalesce(scale, 5) * {SATISFIED}), count(*)
        FROM answers WHERE survey = 'csat' AND {_WITHIN}
    """  # noqa: S608 - our own columns
    found = _asked(workspace, query, _limits(people, period))
    satisfied, total = found[0] if found else (0, 0)
    interval = share_interval(Decimal(satisfied), Decimal(total)) if total else None
    return Share(satisfied=satisfied, answers=total, interval=interval)


def _total(counts: Iterable[tuple[str, Nps]]) -> Nps:
    found = [one for _name, one in counts]
    return Nps(
        sum(one.promoters for one in found),
        sum(one.passives for one in found),
        sum(one.detractors for one in found),
    )


def _cuts(
    counts: Iterable[tuple[str, Nps]], names: Mapping[str, str]
) -> tuple[Cut, ...]:
    found = [Cut(name=names.get(key, key), nps=nps) for key, nps in counts]
    return tuple(sorted(found, key=lambda one: (-one.nps.answers, one.name)))


def _rows(
    workspace: Workspace,
    people: frozenset[str] | None,
    period: Period | None,
    more: str,
    values: Mapping[str, object],
) -> list[tuple[Any, ...]]:
    query = f"""
        SELECT a.answer_id, a.score, coalesce(a.comment, ''), coalesce(a.lang, ''),
               coalesce(c.name, a.account_id, ''), coalesce(a.segment, ''),
               coalesce(a.person_id, ''), CAST(a.answered_at AS DATE)
        FROM answers a LEFT JOIN accounts c ON c.account_id = a.account_id
        WHERE a.survey IN ('nps', 'csat')
          AND ($all OR list_contains($people, a.person_id))
          AND a.answered_at >= $first AND a.answered_at < $after
          AND a.score IS NOT NULL AND {more}
        ORDER BY a.answered_at DESC, a.answer_id LIMIT {VOICES}
    """  # noqa: S608 - our own columns
    return _asked(workspace, query, {**_limits(people, period), **values})


def _voices(
    workspace: Workspace,
    people: frozenset[str] | None,
    period: Period,
    scores: tuple[int, int],
    names: Mapping[str, str],
    todo: Sequence[Todo],
) -> tuple[Answer, ...]:
    rows = _rows(
        workspace,
        people,
        period,
        "a.survey = 'nps' AND a.comment IS NOT NULL AND a.score BETWEEN $low AND $high",
        {"low": scores[0], "high": scores[1]},
    )
    done: dict[str, list[Todo]] = {}
    for one in todo:
        done.setdefault(one.answer_id, []).append(one)
    return tuple(_answer(row, names, done) for row in rows)


def _answer(
    row: tuple[Any, ...], names: Mapping[str, str], done: Mapping[str, list[Todo]]
) -> Answer:
    key, score, comment, lang, account, segment, person, day = row
    return Answer(
        id=key,
        score=int(score),
        comment=comment,
        lang=lang,
        account=account,
        segment=segment,
        person_id=person,
        person_name=names.get(f"{PERSON}{person}", person),
        on=day,
        voice=voice_of(int(score)).value,
        actions=tuple(done.get(key, ())),
    )


def _todos(
    people: frozenset[str] | None, names: Mapping[str, str], on: datetime.date
) -> tuple[Todo, ...]:
    rows = LoopAction.objects.order_by("due", "id")
    if people is not None:
        rows = rows.filter(person_id__in=people)
    return tuple(
        Todo(
            id=row.pk,
            answer_id=row.answer_id,
            text=row.text,
            owner_id=row.owner_id,
            owner_name=names.get(f"{PERSON}{row.owner_id}", row.owner_id),
            due=row.due,
            done_on=row.done_on,
            result=row.result,
            late=row.done_on is None and row.due < on,
        )
        for row in rows[:200]
    )
