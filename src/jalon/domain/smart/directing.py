"""Which way a goal goes: the earliest verb, then signs, then the figures themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jalon.domain.smart.goal import Amount, Measure
from jalon.domain.smart.quantities import DURATIONS
from jalon.domain.smart.words import named, wished

LOWER_IS_BETTER = frozenset(
    [
        "churn_rate",
        "sales_cycle_days",
        "cac",
        "cac_payback_months",
        "cost_per_lead",
        "complaint_rate",
    ]
)
_LOWER_OTHER = re.compile(
    r"delais?|temps|duree|(?<!on-)\btime\b|latenc|erreurs?|errors?|incident|bugs?|cost|cout|waste|gaspill|downtime|absent|turnover|attrition|age\b"
)
_IMPROVING = re.compile(r"amelior|accelere|improv|speed|faster|optimi|better|mieux")
_GAIN = re.compile(r"^ga(?:gn|in)")
_PROJECT = re.compile(
    r"^(?:lanc|launch|roll|ouvr|open|mont(?:er|ons)|cre|creat|build|put|developper un|run|book|devenir|become|turn|have|demarr|start|begin|ship|develop$|implement|design|introduc|recrut|hire|trouv|embauch|mettre|construire|batir|set|deploy|etre|s'implanter|avoir|make|win\b|faire\b|organis|host|hold|deliver|livr|form|train|tenir|complete|finish|porter|passer|objectif|goal|target|aim|cible)"
)
_NOUNS = re.compile(r"^(?:objectif|goal|target|cible|aim|vis|faut|on veut|il)")
_BUILDING = re.compile(
    r"^(?:put|ship|develop$|implement|design|introduc|start|begin|demarr|turn|book|build|launch|creat|run|set|roll|develop|mettre|construire|batir|mont|lanc|host|organis|have|avoir|deploy|open|ouvrir|form|train)"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A word that says which way, and where it stands."""

    name: str
    words: str
    start: int
    end: int


def turn(clause: str, hidden: list[tuple[int, int]]) -> Turn | None:
    """Return the earliest verb or turn of a clause; longer words win at one place."""
    every = _turns(clause, hidden)
    verbs = [one for one in every if not _NOUNS.match(one.words)]
    return next(iter(verbs or every), None)


def _turns(clause: str, hidden: list[tuple[int, int]]) -> list[Turn]:
    return [
        Turn(name, words, start, end)
        for name, start, end, words in named("direction", clause)
        if not any(low <= start < high for low, high in hidden)
    ]


def is_project(clause: str, found: Turn | None, measure: Measure | None) -> bool:
    """Return whether a goal without amount builds something rather than moves a KPI."""
    if found is None or measure is None or measure.key == "market_share":
        return False
    if wished(measure.words):
        return False
    if found.name != "reach" and not re.match(
        r"mont(?:er|ons) une?\b", clause[found.start :]
    ):
        return False
    building = _BUILDING.match(found.words) is not None
    return building and not (_MORE.search(clause) or _BETTER.search(clause))


_BETTER = re.compile(
    r"\b(?:happier|better|higher|bigger|larger|stronger|faster|plus satisfaits)\b"
)
_MORE = re.compile(
    r"\ben plus\b|\bde plus\b|\bmore\b(?! than)|supplementaires?|\bdavantage\b|\bplus de\b|\bplus d'|\bextra\b|\badditional\b|\bhausse de\b|[+] ?\d[\d,.]* ?%"
)
_N_MORE = re.compile(
    r"(?:\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)) (?:more|additional|extra)\b|\d (?:[\w'-]+ ){1,3}(?:de plus|en plus|supplementaires)\b"
)


def changes(clause: str) -> bool:
    """Return whether a clause says more or less of something."""
    return bool(_MORE.search(clause) or _FEWER.search(clause))


_FEWER = re.compile(
    r"\ben moins\b(?! de \d| d'un)|\bde moins\b|\bfewer\b|\bless\b|\bmoins de (?!\d)|\bmoins d'|\bbaisse de\b"
)


def direction(  # noqa: C901, PLR0911, PLR0912
    clause: str, found: Turn | None, measure: Measure | None, amount: Amount | None
) -> str | None:
    """Return increase, decrease, reach, maintain, or None where nothing goes anywhere."""
    if amount is not None and amount.kind == "from_to":
        return _by_sign(amount, found, measure)
    if (
        measure is not None
        and found is not None
        and measure.start <= found.start < measure.end
    ):
        found = turn(
            clause[: measure.start]
            + " " * (measure.end - measure.start)
            + clause[measure.end :],
            [],
        )
    name = found.name if found else None
    if found is not None and _GAIN.match(found.words):
        name = _of_a_gain(name, measure, amount)
    if name in {None, "reach"} and (
        amount is None or amount.kind in {"relative_percent", "points", "delta"}
    ):
        if _FEWER.search(clause):
            name = "decrease"
        elif _MORE.search(clause):
            name = "increase"
    if amount is not None and amount.kind == "delta" and name in {None, "reach"}:
        name = "increase"
    if amount is not None and amount.kind == "count" and _N_MORE.search(clause):
        name = "increase"
    if (
        amount is not None
        and amount.kind == "relative_percent"
        and name in {None, "reach"}
    ):
        name = "decrease" if amount.falling else "increase"
    if measure is None:
        return _of_wish(name, found)
    if (
        name == "increase"
        and _lower_is_better(measure)
        and found
        and _IMPROVING.match(found.words)
    ):
        return "decrease"
    kept = measure.key in {"retention_rate", "rep_retention_rate"}
    if kept and amount is None and name in {None, "reach"}:
        return "increase"
    if measure.key == "market_share" and amount is None and name is None:
        return "reach"
    if name is None:
        return "reach" if amount is not None else None
    return name


def _of_a_gain(
    name: str | None, measure: Measure | None, amount: Amount | None
) -> str | None:
    """Return which way « gagner » goes: two days won on the sales cycle are fewer."""
    if amount is None or amount.kind in {"points", "relative_percent"}:
        return "increase"
    if amount.kind != "delta":
        return name
    timed = amount.unit in DURATIONS
    shorter = measure is not None and measure.key == "sales_cycle_days"
    return "decrease" if timed and shorter else "increase"


def _by_sign(amount: Amount, found: Turn | None, measure: Measure | None) -> str | None:
    if amount.value is not None and amount.base is not None:
        if amount.value > amount.base:
            return "increase"
        if amount.value < amount.base:
            return "decrease"
        return "maintain"
    if found is not None and found.name in {"decrease", "maintain", "increase"}:
        return found.name
    return (
        "decrease" if measure is not None and _lower_is_better(measure) else "increase"
    )


def _of_wish(name: str | None, found: Turn | None) -> str | None:
    """Return the verb's way for a goal without measure; none for a project."""
    if found is None:
        return None
    if name == "reach" and _PROJECT.match(found.words):
        return None
    if re.match(r"mont(?:er|ons|ez)$", found.words):
        return None
    return name


def _lower_is_better(measure: Measure) -> bool:
    if measure.key in LOWER_IS_BETTER:
        return True
    return measure.key == "other" and bool(_LOWER_OTHER.search(measure.words))
