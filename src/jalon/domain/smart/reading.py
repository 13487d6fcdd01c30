"""A sentence read as an objective: every field, and what is missing.

`read` is the whole of it: fold, find numbers, times, KPIs and verbs, put them together
clause by clause. Nothing is guessed in silence; what can be read in two ways becomes an
issue of `critique`. The meaning of fields is that of the sentence guide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from jalon.domain.smart import amounts, clauses, directing, filtering, measuring
from jalon.domain.smart.filtering import Filter
from jalon.domain.smart.goal import Amount, Found, Goal, Measure
from jalon.domain.smart.language import language
from jalon.domain.smart.measuring import OTHER
from jalon.domain.smart.quantities import Quantity, quantities
from jalon.domain.smart.spelling import mended
from jalon.domain.smart.text import folded
from jalon.domain.smart.times import Deadline, Per, deadline, leveled, per
from jalon.domain.smart.words import first as first_word

COMMERCIAL, NON_COMMERCIAL = "commercial", "non_commercial"


@dataclass(frozen=True, slots=True)
class Span:
    """A part understood: which field it gave, and its place in the text."""

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence, understood as far as it goes.

    `vague` holds the reasons it is not SMART: no_kpi, ambiguous_kpi, no_amount,
    placeholder_amount, no_deadline; empty when it is.
    """

    text: str
    lang: str
    kpi: str | None
    direction: str | None
    amount: Amount | None
    filters: tuple[Filter, ...] = ()
    per: Per = field(default_factory=lambda: Per(None, None))
    deadline: Deadline | None = None
    vague: tuple[str, ...] = ()
    also: tuple[Goal, ...] = ()
    domain: str = COMMERCIAL
    spans: tuple[Span, ...] = ()

    @property
    def specific(self) -> bool:
        """Return whether the measure is identified."""
        return self.kpi is not None and "ambiguous_kpi" not in self.vague

    @property
    def measurable(self) -> bool:
        """Return whether there is an amount."""
        return self.amount is not None and self.amount.value is not None

    @property
    def time_bound(self) -> bool:
        """Return whether it ends some day; a recurring target bounds itself."""
        if self.per.period is not None:
            return True
        if self.deadline is None:
            return False
        counted = self.deadline.kind.startswith("in_")
        return not counted or self.deadline.value is not None

    @property
    def smart(self) -> bool:
        """Return whether the sentence says what, how much and by when."""
        return self.specific and self.measurable and self.time_bound

    @property
    def compound(self) -> bool:
        """Return whether it holds several goals."""
        return bool(self.also)


def read(text: str, *, lang: str | None = None) -> Reading:
    """Return what a sentence says. Never fails, whatever the text.

    A text with misspelt words is read a second time with them put right, and that
    reading is kept where it understands more.
    """
    found = _as_written(text, lang)
    if _understood(found) == ALL_PARTS:
        return found
    right = mended(folded(text))
    if right == folded(text):
        return found
    again = _as_written(right, lang or found.lang)
    better = _understood(again) > _understood(found)
    return replace(again, text=text, spans=()) if better else found


ALL_PARTS = 4


def _understood(found: Reading) -> int:
    """Return how many parts are understood: measure, way, amount, end."""
    return (
        (found.kpi not in {None, OTHER})
        + (found.kpi is not None and found.direction is not None)
        + (found.amount is not None)
        + found.time_bound
    )


def _as_written(text: str, lang: str | None) -> Reading:
    plain = folded(text)
    found = _read(plain, text, lang, deadline(plain))
    if found.deadline is None or not leveled(plain, found.deadline):
        return found
    if found.kpi == OTHER and plain.startswith(("sous", "under"), found.deadline.start):
        return found
    again = _read(plain, text, lang, deadline(plain, levels=False))
    timed = found.kpi in DURATIONS_MEASURED and again.amount is not None
    moved = again.amount is not None and again.amount.kind == "from_to"
    already = found.amount is not None and found.amount.kind == "from_to"
    wanting = found.amount is None or (moved and not already)
    return again if timed and wanting else found


DURATIONS_MEASURED = frozenset({"sales_cycle_days", "cac_payback_months", OTHER})


def _read(plain: str, text: str, lang: str | None, when: Deadline | None) -> Reading:
    hidden = clauses.hidden(plain)
    rhythm = per(plain, hidden)
    timed = [(when.start, when.end)] if when else []
    timed += list(rhythm.spans)
    numbers = [
        one
        for one in quantities(plain, text)
        if not _hit(one, timed) and not _hit(one, hidden)
    ]
    parts = clauses.split(plain, numbers, hidden)
    goals = [_goal(plain, part, numbers, hidden) for part in parts]
    goals = clauses.kept(goals)
    first = goals[0]
    stop = parts[1][0] if len(goals) > 1 and len(parts) > 1 else len(plain)
    sorted_filters = filtering.filters(
        plain[:stop], text, first.measure, hidden, numbers
    )
    reading = Reading(
        text=text,
        lang=lang or language(plain),
        kpi=first.goal.kpi,
        direction=first.goal.direction,
        amount=first.goal.amount,
        filters=sorted_filters,
        per=rhythm,
        deadline=when,
        also=tuple(one.goal for one in goals[1:]),
        domain=_domain(plain, first.goal.kpi),
        spans=_spans(first, when, rhythm, sorted_filters),
    )
    return _judged(reading, first.measure, plain)


def _goal(
    text: str,
    part: tuple[int, int],
    numbers: list[Quantity],
    hidden: list[tuple[int, int]],
) -> Found:
    start, end = part
    clause = " " * start + text[start:end]
    inside = [one for one in numbers if start <= one.start < end]
    measure = _measure(clause, inside, hidden)
    verb = directing.turn(clause, hidden)
    amount = amounts.amount(clause, inside, measure, verb.name if verb else None)
    measure, amount = _share_of_revenue(clause, measure, amount, verb)
    measure, amount = _share_of_things(clause, measure, amount, verb)
    measure = measuring.counted(measure, amount, clause)
    if measure is None or measuring.sells(clause, measure, amount):
        measure = measuring.sold(clause, amount) or _last_resort(clause, amount)
    if amount is None and directing.is_project(clause, verb, measure):
        measure = None
    amount = amounts.settled(amount, measure)
    direction = directing.direction(clause, verb, measure, amount)
    if amount is None and direction is None and measure is not None:
        measure = None if measure.key in amounts.COUNTS else measure
    if measure is None:
        amount = None
    place = (verb.start, verb.end) if verb else None
    if place is None and start and clauses.begins_with_verb(text, start):
        place = (start, start)
    return Found(
        Goal(measure.key if measure else None, direction, amount),
        measure,
        amount,
        place,
    )


_TURNED = re.compile(
    r"\b(?:turn\w*|transform\w+|fai(?:re|sons) d[eu]s?) (?:\S+ ){1,6}?(?:into|en) "
)


def _measure(
    clause: str, numbers: list[Quantity], hidden: list[tuple[int, int]]
) -> Measure | None:
    """Return the KPI a clause is about: the first one named, customers won included."""
    names = measuring.found(clause, hidden)
    turned = _TURNED.search(clause)
    if turned is not None and not numbers:
        names = [one for one in names if one.start >= turned.end()]
    if measuring.leading(clause) and not any(
        one.key == "market_share" for one in names
    ):
        match = re.search(r"\S.*", clause)
        start = match.start() if match else 0
        return Measure("market_share", start, start, "leader")
    bare = measuring.base_of_customers(clause) or measuring.won_customers(clause)
    if bare and not any(one.start <= bare.start < one.end for one in names):
        names = sorted([*names, bare], key=lambda one: one.start)
    rival = measuring.other(clause, hidden)
    shares = [(one.start, one.end) for one in numbers if one.unit == "%"]
    kept = measuring.share_of(clause, shares) if shares else None
    if kept is not None:
        return kept
    met = measuring.people_met(clause)
    if met is not None and (not names or names[0].key in {"leads", "qualified_leads"}):
        return met
    if numbers and not names and (whom := measuring.approached(clause)) is not None:
        return whom
    return amounts.governed(clause, names, rival, numbers)


_FRACTION_OF = re.compile(
    r"\b(?:half|a third|a quarter|one third|two thirds|la moitie|un tiers|un quart|deux tiers|le tiers|le quart) (?:of|of our|of the|of all|de|du|de notre|de nos|des)(?: \w+)? $"
)
_OF_REVENUE = re.compile(
    r" ?(?:of (?:all |total |our |the )*(?:bookings|revenue|sales)\b(?! (?:targets?|quotas?|goals?|objectives?|plan))|du (?:ca|chiffre d'affaires)|des ventes|of all)"
)


def _share_of_revenue(  # noqa: PLR0911
    clause: str,
    measure: Measure | None,
    amount: Amount | None,
    verb: directing.Turn | None,
) -> tuple[Measure | None, Amount | None]:
    """Return revenue_share for "make 10 % of revenue in a sector"."""
    if measure is None or amount is None:
        return measure, amount
    whole = _OF_REVENUE.match(clause, amount.spans[-1][1]) if amount.spans else None
    if measure.key == "expansion_revenue" and amount.unit == "%" and whole:
        return Measure(
            "revenue_share", measure.start, measure.end, measure.words
        ), amount
    if measure.key != "revenue":
        return measure, amount
    if whole and amount.unit == "%" and amount.kind in {"absolute", "from_to"}:
        return replace(measure, key="revenue_share"), amount
    written = _FRACTION_OF.search(clause[: measure.start]) or re.search(
        r"% ?(?:du|de notre|de nos|des|de|of|of our|of the|of total|de la) (?:\w+ )?$",
        clause[: measure.start],
    )
    place = amount.spans[0][0] if amount.spans else 0
    if "+" in clause[max(0, place - 2) : place + 1]:
        return measure, amount
    reached = verb is None or verb.name == "reach" or amount.kind == "absolute"
    if (
        written
        and reached
        and amount.unit == "%"
        and not re.search(r"en plus|de plus|more|supplementaire", clause)
    ):
        share = Measure("revenue_share", measure.start, measure.end, measure.words)
        return share, Amount("absolute", amount.value, amount.base, "%", amount.spans)
    return measure, amount


_CUSTOMERS = re.compile(
    r" ?(?:\w+ )?(?P<who>clients?|customers?|accounts)\b(?! (?:de|des) )"
)
_NOTHING_NAMED = re.compile(
    r"\W*(?:faire|do|get|viser|vise|aim for|grow|up|plus|more|objectif|goal|target|de|d'|by|of|a|to"
    r"|augmenter|increase|progresser|on|in|en|\W)*(?:d'ici|avant|by|before|this|ce|cette|en|in|au|fin|end|$).*"
)


def _bare(clause: str, amount: Amount) -> bool:
    """Return whether a change is told of nothing: « faire +10 % »."""
    if amount.kind not in {"relative_percent", "points"} or not amount.spans:
        return False
    start, end = amount.spans[0]
    rest = clause[:start] + " " + clause[end:]
    return _NOTHING_NAMED.fullmatch(rest) is not None


_OF_THINGS = re.compile(
    r" ?(?:of|des|de|du) ?(?:our |the |all |nos |ses |les |leurs? )*(?:new |nouveaux |nouvelles )?$"
)
_OPEN = (None, "reach", "maintain")


def _share_of_things(
    clause: str,
    measure: Measure | None,
    amount: Amount | None,
    verb: directing.Turn | None,
) -> tuple[Measure | None, Amount | None]:
    """Return "other" for a share of countable things: « 80 % des devis relancés »."""
    if measure is None or amount is None or not amount.spans:
        return measure, amount
    shared = amount.unit == "%" and amount.kind in {"relative_percent", "absolute"}
    if measure.key not in amounts.COUNTS or not shared or measure.start < 0:
        return measure, amount
    told = _OF_THINGS.match(clause[amount.spans[-1][1] : measure.start])
    if told is None or (verb.name if verb else None) not in _OPEN:
        return measure, amount
    if directing.changes(clause):
        return measure, amount
    rate = Measure(OTHER, measure.start, measure.end, measure.words)
    return rate, replace(amount, kind="absolute")


def _last_resort(clause: str, amount: Amount | None) -> Measure | None:
    """Return "other" where something definite is counted, revenue for bare money."""
    if amount is None or _bare(clause, amount):
        return None
    start, end = amount.spans[0]
    if amount.unit in {"EUR", "USD", "GBP", "CHF"} or re.search(
        r"\bfaire \d[\d ,.]*k?\b ?(?:/|par|$)", clause
    ):
        return Measure("revenue", start, end, "")
    if amount.kind == "count" and (many := _CUSTOMERS.match(clause, end)):
        return Measure("active_customers", *many.span("who"), many["who"])
    return Measure(OTHER, start, end, "")


def _judged(reading: Reading, measure: Measure | None, text: str) -> Reading:
    reasons: list[str] = []
    if measure is None:
        reasons.append("no_kpi")
    elif (measure.words == "" and measure.key == "revenue") or measuring.ambiguous(
        measure, amounted=reading.amount is not None, text=text
    ):
        reasons.append("ambiguous_kpi")
    if reading.amount is None:
        reasons.append("no_amount")
    elif reading.amount.value is None:
        reasons.append("placeholder_amount")
    if not reading.time_bound:
        reasons.append("no_deadline")
    return _with(reading, vague=tuple(reasons))


def _with(reading: Reading, *, vague: tuple[str, ...]) -> Reading:
    return Reading(
        text=reading.text,
        lang=reading.lang,
        kpi=reading.kpi,
        direction=reading.direction,
        amount=reading.amount,
        filters=reading.filters,
        per=reading.per,
        deadline=reading.deadline,
        vague=vague,
        also=reading.also,
        domain=reading.domain,
        spans=reading.spans,
    )


def _domain(text: str, kpi: str | None) -> str:
    if kpi not in {None, OTHER}:
        return COMMERCIAL
    return NON_COMMERCIAL if first_word("trade", text) else COMMERCIAL


def _spans(
    first: Found, when: Deadline | None, rhythm: Per, kept: tuple[Filter, ...]
) -> tuple[Span, ...]:
    found: list[Span] = []
    if first.measure is not None and first.measure.end > first.measure.start:
        found.append(Span("kpi", first.measure.start, first.measure.end))
    if first.goal.amount is not None:
        found += [Span("amount", *span) for span in first.goal.amount.spans]
    if first.verb is not None:
        found.append(Span("direction", *first.verb))
    if when is not None:
        found.append(Span("deadline", when.start, when.end))
    found += [Span("per", *span) for span in rhythm.spans]
    found += [Span("filter", one.start, one.end) for one in kept]
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _hit(one: Quantity, spans: list[tuple[int, int]]) -> bool:
    return any(low < one.end and one.start < high for low, high in spans)
