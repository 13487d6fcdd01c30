"""How much: one amount from the numbers of a clause.

Kinds, as in the sentence guide: from_to (a start and a target, in any order),
relative_percent (a change in %), points, absolute (a level), count, delta (a change in
money or hours). Two amounts for one goal: from_to wins, else the one by the verb.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from jalon.domain.smart.goal import Amount, Measure
from jalon.domain.smart.measuring import OTHER
from jalon.domain.smart.quantities import (
    COUNT,
    CURRENCIES,
    DURATIONS,
    MINUTES,
    PERCENT,
    POINT,
    RATIO,
    SCORE,
    Quantity,
)
from jalon.domain.smart.words import definite

SCORES = frozenset({"nps", "csat"})
RATIOS = frozenset({"ltv_cac_ratio", "marketing_roi"})
COUNTS = frozenset(
    [
        "new_customers",
        "active_customers",
        "deals_won",
        "units_sold",
        "leads",
        "qualified_leads",
        "prospects_contacted",
        "calls",
        "meetings",
        "proposals",
    ]
)
MONEY = frozenset(
    [
        "revenue",
        "mrr",
        "arr",
        "expansion_revenue",
        "pipeline_value",
        "average_basket",
        "revenue_per_customer",
        "ltv",
        "cac",
        "cost_per_lead",
        "gross_margin",
    ]
)
RATES = frozenset(
    [
        "market_share",
        "conversion_rate",
        "web_conversion_rate",
        "lead_conversion_rate",
        "stage_conversion_rate",
        "win_rate",
        "upsell_rate",
        "offer_adoption_rate",
        "qualification_rate",
        "churn_rate",
        "retention_rate",
        "grr",
        "nrr",
        "renewal_rate",
        "repeat_purchase_rate",
        "complaint_rate",
        "recommendation_rate",
        "attainment_rate",
        "crm_adoption",
        "rep_retention_rate",
        "forecast_accuracy",
        "revenue_share",
        "revenue_growth",
    ]
)


_MULTIPLIERS = (
    (
        100.0,
        re.compile(
            r"\b(?:doubl(?:er|ons|ez|e|es|ing)|twice as (?:many|much)|deux fois (?:plus|le|la|notre|nos)|two-?fold)\b"
        ),
    ),
    (
        200.0,
        re.compile(
            r"\b(?:tripl(?:er|ons|ez|e|es|ing)|trebl(?:e|es|ing)|trois fois plus|three-?fold)\b"
        ),
    ),
    (300.0, re.compile(r"\b(?:quadrupl(?:er|ons|ez|e|es|ing)|quatre fois plus)\b")),
    (400.0, re.compile(r"\b(?:quintupl(?:er|ons|ez|e|es|ing))\b")),
    (900.0, re.compile(r"\b(?:decupl(?:er|ons|ez|e|es)|tenfold|ten-fold)\b")),
)
_HALVES = re.compile(
    r"\b(?:halv(?:e|es|ing)|divis(?:er|ons|ez) (?:\S+ ){0,6}?par (?:deux|2)|moitie moins|de moitie|by half|in half|cut (?:\S+ ){0,5}?in half)\b"
)
_TIMES = re.compile(r"\b(?:multipli(?:er|ons|ez|e|y)|fois plus|times (?:more|as))\b")
_TO = re.compile(
    r"(?:\s|-day|-month|-week|-hour|day|jours?)*[,;]?\s*(?:up |down |back )?(?:a|to|vers|jusqu'a|→|->|-->|=>|>|puis(?: a)?|until|en|pour atteindre|a plus de|towards)\s*"
    r"(?:une?|a|an|the|le|la|plus de|moins de|au moins|at least|under|below|above|over|sous|environ|about|around|less than|more than|un minimum de|some)?\s*[<>~≈]?\s*"
)
_BASE_BETWEEN = re.compile(
    r"[+]?\s*[,;(\[]?\s*(?:\(|\[)?(?:vs\.?|versus|contre|au lieu de|a la place de|plutot que(?: de)?|instead of|rather than|up from|down from|from|against|compared (?:to|with)|compare a|par rapport a(?:ux)?|en partant de|partant de|starting (?:at|from)|depuis|actuellement(?: a)?|aujourd'hui(?: a)?|currently(?: at)?|today(?: at)?|now(?: at)?|baseline(?: of)?|base(?:line)?|point de depart|depart|reference|we are at|we're at|on est a|nous sommes a|was|etait(?: a)?|(?:a )?ce jour|a l'heure actuelle|present level)"
    r"(?:\s+(?:of|de|a|at|:|les?|la|the|an?|our|nos|notre|current|actuels?|actuelles?|today's))*\s*[:=]?\s*(?:environ |about |around |some |~|≈|<|>)?"
)
_BASE_AFTER = re.compile(
    r"\s*(?:%|pts?|points?|eur|€)?\s*(?:\(|,)?\s*(?:aujourd'hui|actuellement|a ce jour|ce jour|en ce moment|a present|a l'heure actuelle|today|currently|now\b|right now|at present|l'an dernier|last year|l'annee derniere|last quarter|baseline|actuels?\b)"
)
_BASE_BEFORE = re.compile(
    r"(?:aujourd'hui|actuellement|a ce jour|currently|today|now at|nous sommes a|on est a|we are at|we're at|partant de|baseline|au lieu de|instead of|rather than|contre|vs\.?|depuis|up from|down from|starting (?:at|from)|against|n-1|l'an dernier|last year|l'annee derniere|is at|est a|was at)(?:\s+(?:a|at|de|:|of|is|est))*\s*[:(]?\s*[<>~]?\s*$"
)
_GAINING = re.compile(r"\bgagn\w+ ?$")
_IN_YEAR = re.compile(r" (?:en|in) \d{4}")
_RELATIVE_BEFORE = re.compile(
    r"(?:\bde|\bd'|\bby|\bof|[+]|-|\bd'au moins|\bde plus de|\bat least|\ban? (?:extra|additional|further)|\bun|\bau moins|\bat min|\benviron) ?[<>~+-]? ?$"
)
_LEVEL_BEFORE = re.compile(
    r"(?:\ba|\bto|\bau|\baux|\bsous(?: la barre (?:de|des))?(?: les)?|\bunder|\bbelow|\babove|\bover|\bat|\bau-dessus de|\bau-dessous de|\ben dessous de|\ben-dessous de|\bau dela de|\bau-dela de|\bplus de|\bmoins de|\bsuperieur[es]* a|\binferieur[es]* a|\bjusqu'a|\bup to|\bdown to|\bvers|\bsur|\bthan|\bmaximum|\bmax|\bminimum|\bmin|\blevel of|\bniveau de|\bseuil de|\bbarre des?|:|=|[<>≥≤]|→|\ba au moins|\bto at least|\bto at most|\bto (?:under|below|over|above|less than|more than|around|about)|\ba (?:plus|moins) de|\ba environ) ?(?:les |la |le |the |a |un |une )?[<>~+≈]? ?$"
)
_CHANGE_NOUN = re.compile(
    r"\b(?:hausse|baisse|recul|progression|augmentation|reduction|diminution|amelioration|croissance|increase|decrease|drop|rise|growth|uplift|cut|gain|improvement|decline)\b"
)
_MORE_AFTER = re.compile(
    r" ?(?:%|pts?|points?|€|eur|\$)? ?(?:(?:de |d'|of |in )?[\w' ]{0,30}?)(?:en plus|de plus|supplementaires?|en moins(?! de \d| d'un)|de moins(?! de \d)|\bmore\b|\bfewer\b|\bless\b|\badditional\b|\bextra\b|\bhigher\b|\blower\b|\bfaster\b)"
)
_VERB_SHARE = re.compile(
    r"\b(?:clor\w+|clotur\w+|solv\w+|resolv\w+|resoudre|trait\w+|repond\w+|answer\w*|convert\w*|transform\w+|renouvel\w+|renew\w*|certif\w+|form(?:er|ons)|train|livr\w+|deliver\w*|equip\w+|couvr\w+|cover\w*|atteind\w+|reach\w*|have|avoir|rendre|obtenir|parvenir|realis\w+|generer|generate|make|faire|get|hit|achiev\w+)\b"
)
_DOWN_LEVEL = re.compile(
    r"\b(?:ramen\w+|abaiss\w+|port(?:er|ons|ez)|hiss\w+|passer|remont\w+|relev\w+|bring|take|get|move|raise|lift|faire tomber|le faire tomber)\b"
)


def amount(
    clause: str,
    numbers: Sequence[Quantity],
    measure: Measure | None,
    verb: str | None,
) -> Amount | None:
    """Return the amount of a clause, or None where it has none."""
    pair = _from_to(clause, numbers)
    if pair is not None:
        return pair
    if measure is not None and measure.key in RATIOS:
        ratio = _ratio(clause, numbers)
        if ratio is not None:
            return ratio
    multiple = _multiple(clause, numbers)
    plain = [one for one in numbers if not one.multiplier and not _is_base(clause, one)]
    chosen = _chosen(clause, plain, measure)
    if multiple is not None and (chosen is None or chosen.unit != PERCENT):
        return multiple
    if chosen is None:
        return None
    return _single(clause, chosen, measure, verb)


def governed(  # noqa: PLR0911
    clause: str,
    names: Sequence[Measure],
    rival: Measure | None,
    numbers: Sequence[Quantity],
) -> Measure | None:
    """Return the measure a clause is about: the first named, before other things.

    A quantity outside the catalogue wins when it stands between the amount and the
    first KPI named, or is what a percentage is taken of.
    """
    if not names:
        return rival if rival is not None and (numbers or _stated(rival)) else None
    first = names[0]
    counted = _counted_name(clause, names, numbers)
    if counted is not None:
        return counted
    if not numbers and re.search(
        r"\b(?:for|pour (?:les|nos|des|vos)|chez|with|avec|among|aupres de) $",
        clause[: first.start],
    ):
        return (
            rival
            if rival is not None and _stated(rival) and rival.start < first.start
            else None
        )
    if rival is not None and rival.start <= first.start and rival.end > first.end:
        return rival
    if rival is None or rival.start >= first.start or rival.end > first.start:
        return first
    if not numbers and not _stated(rival):
        return first
    return rival


def _counted_name(
    clause: str, names: Sequence[Measure], numbers: Sequence[Quantity]
) -> Measure | None:
    """Return the thing counted right after a bare number, or the KPI right after money.

    "sales up to 150 customers" counts customers; "Revenue: $36M ARR" is about ARR.
    """
    if len(names) < 2:
        return None
    first = names[0]
    headed = re.match(r"\W*:", clause[first.end : first.end + 3]) is not None
    for number in numbers:
        for name in names[1:]:
            between = clause[number.end : name.start]
            near = number.end <= name.start and re.fullmatch(
                r" ?(?:(?:nouveaux|nouvelles|new|d'|de|of|in) ?)?", between
            )
            if near and (
                (number.unit is None and name.key in COUNTS and first.key not in COUNTS)
                or headed
            ):
                return name
    return None


def _stated(rival: Measure) -> bool:
    """Return whether an uncounted thing is really a quantity ("delays", "errors")."""
    return definite(rival.words)


EVENTS = frozenset(
    [
        "recommendation_rate",
        "complaint_rate",
        "renewal_rate",
        "upsell_rate",
        "repeat_purchase_rate",
        "expansion_revenue",
        "churn_rate",
    ]
)
_NEAR = 14  # letters between a number and what it counts


def _adjacent(found: Amount, measure: Measure) -> bool:
    """Return whether the number stands right before the thing: 25 referrals."""
    end = found.spans[-1][1] if found.spans else measure.start + 1
    return 0 <= measure.start - end <= _NEAR


def settled(found: Amount | None, measure: Measure | None) -> Amount | None:  # noqa: C901, PLR0912
    """Return the amount with the unit its measure has."""
    if found is None or measure is None:
        return found
    unit, kind = found.unit, found.kind
    if (
        unit is None
        and measure.key in SCORES
        and kind in {"absolute", "from_to", "count"}
    ):
        unit = SCORE
    if unit is None and kind in {"absolute", "from_to"}:
        if measure.key in RATIOS:
            unit = RATIO
        elif measure.key == "sales_cycle_days":
            unit = "day"
        elif measure.key == "cac_payback_months":
            unit = "month"
        elif measure.key in COUNTS or (measure.key == OTHER and kind == "from_to"):
            unit = COUNT
    if unit == COUNT and kind == "absolute" and measure.key in COUNTS | {OTHER}:
        kind = "count"
    if kind == "count" and measure.key in SCORES:
        kind = "absolute"
    if kind == "count" and measure.key in EVENTS and _adjacent(found, measure):
        return found
    if kind == "count" and measure.key in MONEY | RATES:
        kind, unit = "absolute", None
        if measure.key in RATES:
            unit = None
    return replace(found, kind=kind, unit=unit)


def _from_to(clause: str, numbers: Sequence[Quantity]) -> Amount | None:
    plain = [
        one
        for one in numbers
        if not one.multiplier and not _FACTOR.search(clause[: one.start])
    ]
    for one, two in itertools.pairwise(plain):
        between = clause[one.end : two.start]
        if not _alike(one, two):
            continue
        before = clause[max(0, one.start - 40) : one.start]
        if _BASE_BETWEEN.fullmatch(between) or (
            _is_base(clause, two)
            and not _TO.fullmatch(between)
            and not _is_base(clause, one)
        ):
            return _pair(two, one)
        prefixed = _FROM_BEFORE.search(before)
        if prefixed and not _TO.fullmatch(between):
            between = re.sub(
                r"^(?: [\w'-]+){1,3}?(?= (?:a|to|vers|up to|down to) )", "", between
            )
        if _TO.fullmatch(between) and not (one.sign == "+"):  # noqa: SIM201
            arrow = any(sign in between for sign in ("→", "->", "=>", ">"))
            told = one.unit is not None and one.unit == two.unit and ":" in before
            if arrow or prefixed or told:
                return _pair(one, two)
        if _is_base(clause, one) and not _is_base(clause, two):
            return _pair(one, two)
    return None


_FACTOR = re.compile(r"\b(?:multipli\w+|divis\w+) (?:\S+ ){0,5}?(?:par|by) $")
_FROM_BEFORE = re.compile(
    r"(?:\bde|\bd'|\bfrom|\bdu|\bof|passe\w*)\s*(?:une?|an?|the|today's|our current|nos|les|about|environ|around)?\s*[<>~]?\s*$"
)


def _alike(one: Quantity, two: Quantity) -> bool:
    if one.unit == two.unit or one.unit is None or two.unit is None:
        return True
    return one.kind == two.kind == "time" or {one.unit, two.unit} <= {PERCENT, POINT}


def _pair(base: Quantity, target: Quantity) -> Amount:
    unit = target.unit or base.unit
    low, high = base.value, target.value
    if low is not None and base.unit is None and base.scale == 1:
        low *= target.scale  # "from 1.2 to 2 M€": both in millions
    if base.kind == target.kind == "time" and base.unit != target.unit:
        unit = min((str(base.unit), str(target.unit)), key=lambda name: MINUTES[name])
        low = None if low is None else low * MINUTES[str(base.unit)] / MINUTES[unit]
        high = (
            None if high is None else high * MINUTES[str(target.unit)] / MINUTES[unit]
        )
    spans = tuple(sorted(((base.start, base.end), (target.start, target.end))))
    return Amount("from_to", high, low, unit, spans)


def _is_base(clause: str, one: Quantity) -> bool:
    before = clause[max(0, one.start - 40) : one.start]
    after = clause[one.end : one.end + 24]
    if _BASE_BEFORE.search(before) or _BASE_AFTER.match(after):
        return True
    return _bracketed(clause, one) and bool(_IN_YEAR.match(after))


def _multiple(clause: str, numbers: Sequence[Quantity]) -> Amount | None:
    for value, pattern in _MULTIPLIERS:
        match = pattern.search(clause)
        if match:
            return Amount("relative_percent", value, None, PERCENT, (match.span(),))
    match = _HALVES.search(clause)
    if match:
        return Amount(
            "relative_percent", 50.0, None, PERCENT, (match.span(),), falling=True
        )
    by = _TIMES.search(clause)
    for one in numbers:
        if one.value is None:
            continue
        if one.multiplier or (by and one.unit is None and one.value <= 20):
            value = (one.value - 1) * 100
            return Amount(
                "relative_percent", value, None, PERCENT, ((one.start, one.end),)
            )
    return None


def _ratio(clause: str, numbers: Sequence[Quantity]) -> Amount | None:
    """Return the level told as "4x": of a ratio it is no change."""
    if _TIMES.search(clause):
        return None
    for one in numbers:
        if one.multiplier and one.value is not None:
            return Amount("absolute", one.value, None, RATIO, ((one.start, one.end),))
    return None


def _chosen(
    clause: str, numbers: Sequence[Quantity], measure: Measure | None
) -> Quantity | None:
    """Return the number that a clause's goal is: not in brackets, else the first."""
    open_ones = [one for one in numbers if not _bracketed(clause, one)]
    candidates = open_ones or ([] if numbers and measure is None else list(numbers))
    fitting = [one for one in candidates if _fits(one, measure)]
    return next(iter(fitting or candidates), None)


def _fits(one: Quantity, measure: Measure | None) -> bool:
    if measure is None:
        return True
    if measure.key == "sales_cycle_days":
        return one.kind in {"time", PERCENT, "bare"}
    if measure.key in COUNTS:
        return one.kind in {"bare", PERCENT, POINT}
    if measure.key in MONEY:
        return one.kind in {"money", PERCENT, POINT, "bare"}
    if measure.key in RATES:
        return one.kind in {PERCENT, POINT, "bare"}
    return True


def _bracketed(clause: str, one: Quantity) -> bool:
    left = clause.rfind("(", 0, one.start)
    return left >= 0 and clause.find(")", left, one.start) < 0


def _single(  # noqa: C901, PLR0911, PLR0912
    clause: str, one: Quantity, measure: Measure | None, verb: str | None
) -> Amount:
    spans = ((one.start, one.end),)
    key = measure.key if measure else None
    if one.unit == POINT:
        return Amount("points", one.value, None, POINT, spans)
    if one.unit == PERCENT:
        kind = (
            "relative_percent" if _relative(clause, one, measure, verb) else "absolute"
        )
        return Amount(kind, one.value, None, PERCENT, spans)
    if (
        one.unit is None
        and (measure is None or key == OTHER)
        and _RATED.match(clause[one.end :])
    ):
        return Amount("absolute", one.value, None, SCORE, spans)
    if key == "revenue" and one.unit is None and _SOLD.match(clause[one.end :]):
        return Amount("count", one.value, None, COUNT, spans)
    if one.unit in {SCORE, RATIO}:
        return Amount("absolute", one.value, None, one.unit, spans)
    if one.unit in CURRENCIES or one.unit in DURATIONS:
        kind = "delta" if _added(clause, one, verb) else "absolute"
        return Amount(kind, one.value, None, one.unit, spans)
    if key == OTHER and measure is not None and _SCORED.search(measure.words):
        return Amount("absolute", one.value, None, SCORE, spans)
    if key in SCORES and _POINTS_OF.match(clause[one.end :]):
        return Amount("points", one.value, None, POINT, spans)
    if key in SCORES:
        if verb in {"increase", "decrease"} and _by(clause, one) and one.sign != "+":
            return Amount("points", one.value, None, POINT, spans)
        return Amount("absolute", one.value, None, SCORE, spans)
    if (
        key in EVENTS
        and measure is not None
        and _adjacent(Amount(COUNT, one.value, None, COUNT, spans), measure)
    ):
        return Amount("count", one.value, None, COUNT, spans)
    if key in RATIOS | MONEY | RATES:
        return Amount("absolute", one.value, None, None, spans)
    if key in {"sales_cycle_days", "cac_payback_months"}:
        kind = "delta" if _by(clause, one) else "absolute"
        return Amount(kind, one.value, None, None, spans)
    if key == OTHER and one.value is not None and not one.value.is_integer():
        return Amount("absolute", one.value, None, SCORE, spans)
    return Amount("count", one.value, None, COUNT, spans)


_SCORED = re.compile(r"\b(?:score|enps|rating)$")
_POINTS_OF = re.compile(r" ?(?:nps|csat|satisfaction) (?:points?|pts?)\b")
_RATED = re.compile(r"\+? ?(?:\w+ ){0,2}(?:rating|note|score|average)\b")
_SOLD = re.compile(
    r" ?(?:nouvelles |new |additional )?(?:ventes?|sales)\b(?! (?:calls|meetings|people|reps))"
)


_CHANGE_AFTER = re.compile(
    r" ?(?:uplift|increase|rise|growth|jump|boost|improvement|hausse|augmentation|reduction|decrease|drop|cut|decline|baisse) (?:in|of|on|de|du|des)\b"
)


def _by(clause: str, one: Quantity) -> bool:
    before = clause[max(0, one.start - 16) : one.start]
    return bool(re.search(r"(?:\bde|\bd'|\bby|\bof) ?$", before))


def _added(clause: str, one: Quantity, verb: str | None) -> bool:
    """Return whether money or time is a change rather than a level."""
    after = clause[one.start : one.end + 40]
    if re.search(
        r"\b(?:de plus|en plus|de moins|en moins|more|less|extra|supplementaires?|additional)\b",
        after[:36],
    ):
        return True
    before = clause[max(0, one.start - 30) : one.start]
    if re.search(
        r"\b(?:gagner|save|saving|add(?:ing)?|ajouter|ajoutons|economiser|shave(?: off)?|gagnons|liberer|free up) (?:\S+ )?$",
        before,
    ):
        return True
    changing = verb in {"increase", "decrease"}
    return changing and _by(clause, one) and not _LEVEL_BEFORE.search(before)


def _relative(  # noqa: C901, PLR0911, PLR0912
    clause: str, one: Quantity, measure: Measure | None, verb: str | None
) -> bool:
    """Return whether a percentage is a change rather than a level."""
    before = clause[max(0, one.start - 40) : one.start]
    after = clause[one.end : one.end + 60]
    key = measure.key if measure else None
    if key == "revenue_growth":
        return False
    if _MORE_AFTER.match(after) or _CHANGE_AFTER.match(after):
        return True
    if key in {OTHER, None} and _GAINING.search(before):
        return True
    if one.sign in {"+", "-"} and key not in SCORES:
        return True
    if _LEVEL_BEFORE.search(before) and not re.search(
        r"\bd'(?:au moins|environ) ?$", before
    ):
        return False
    rate = key in RATES or key in SCORES
    if verb in {"increase", "decrease"}:
        if _RELATIVE_BEFORE.search(before):
            return True
        return not (rate and not _by(clause, one)) if key is not None else True
    if _CHANGE_NOUN.search(before):
        return True
    if key in {
        "revenue",
        "leads",
        "qualified_leads",
        "new_customers",
        "arr",
        "mrr",
        "pipeline_value",
        "deals_won",
        "units_sold",
        "calls",
        "meetings",
        "average_basket",
        "ltv",
        "cac",
        "cost_per_lead",
        "sales_cycle_days",
        "revenue_per_customer",
        "expansion_revenue",
        "active_customers",
        "proposals",
    }:
        share = re.match(
            r" ?(?:du|de notre|de nos|des|of our|of the|of total|of) ", after
        )
        return not share or key != "revenue"
    return False
