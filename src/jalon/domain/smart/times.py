"""When: the deadline and the rhythm of a sentence.

Kinds and values are those of the sentence guide: end_of_quarter, quarter "Q2",
month "09", date, in_months… A comparison ("vs last year") or a cohort horizon is no
deadline.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

MONTHS = {
    "janvier": 1, "fevrier": 2, "mars": 3, "avril": 4, "mai": 5, "juin": 6,
    "juillet": 7, "aout": 8, "septembre": 9, "octobre": 10, "novembre": 11,
    "decembre": 12, "january": 1, "february": 2, "march": 3, "april": 4, "may": 5,
    "june": 6, "july": 7, "august": 8, "september": 9, "october": 10, "november": 11,
    "december": 12, "janv": 1, "fev": 2, "avr": 4, "juil": 7, "sept": 9, "oct": 10,
    "nov": 11, "dec": 12, "jan": 1, "feb": 2, "apr": 4, "jun": 6, "jul": 7, "aug": 8,
    "sep": 9,
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_UNITS = {
    "day": r"jours?(?: ouvres?| ouvrables?)?|days?|j",
    "week": r"semaines?|weeks?",
    "month": r"mois|months?",
    "year": r"ans?|annees?|years?",
    "quarter": r"trimestres?|quarters?",
    "half": r"semestres?|half[- ]years?",
}
_NUMBER = (
    r"\d+|une?|a|an|one|deux|two|trois|three|quatre|four|cinq|five|six|sept|seven|huit"
    r"|eight|neuf|nine|dix|ten|onze|eleven|douze|twelve|quinze|fifteen|dix-huit|eighteen"
    r"|vingt|twenty|vingt-quatre|twenty-four|trente|thirty|quarante-cinq|forty-five"
    r"|soixante|sixty|quatre-vingt-dix|ninety|cent|[a-z](?= (?:mois|jours|months|days|weeks))"
)
_NUMBERS = {
    "une": 1, "un": 1, "a": 1, "an": 1, "one": 1, "deux": 2, "two": 2, "trois": 3,
    "three": 3, "quatre": 4, "four": 4, "cinq": 5, "five": 5, "six": 6, "sept": 7,
    "seven": 7, "huit": 8, "eight": 8, "neuf": 9, "nine": 9, "dix": 10, "ten": 10,
    "onze": 11, "eleven": 11, "douze": 12, "twelve": 12, "quinze": 15, "fifteen": 15,
    "dix-huit": 18, "eighteen": 18, "vingt": 20, "twenty": 20, "vingt-quatre": 24,
    "twenty-four": 24, "trente": 30, "thirty": 30, "quarante-cinq": 45,
    "forty-five": 45, "soixante": 60, "sixty": 60, "quatre-vingt-dix": 90,
    "ninety": 90, "cent": 100,
}  # fmt: skip
_BY = (
    r"(?:d'ici(?: a)?|avant|pour|sur|en|au|a|jusqu'(?:a|en|au)|fin|des|courant|dans|durant"
    r"|pendant|by|before|in|within|for|until|over|during|at|this|through|par)"
)
_ORDINALS = {
    "premier": 1, "1er": 1, "1ere": 1, "first": 1, "1st": 1, "deuxieme": 2, "second": 2,
    "2e": 2, "2eme": 2, "2nd": 2, "troisieme": 3, "third": 3, "3e": 3, "3eme": 3,
    "3rd": 3, "quatrieme": 4, "dernier": 4, "fourth": 4, "4e": 4, "4eme": 4, "4th": 4,
    "last": 4, "final": 4,
}  # fmt: skip
_ORDINAL = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_YEAR = r"20[2-9]\d"
_END = (
    r"(?:(?:d'ici|avant|a|pour|jusqu'a|des|by|before|until|at|sur|over|in|within|during|dans"
    r"|au cours de|d'ici a|on|toute?|tout au long de|all|throughout|across|finir|terminer|boucler"
    r"|finissons|terminons|finish|close(?: out)?|end)? ?(?:la |le |l'|the |de |du |cette? |ce |this |our )*"
    r"(?:(?:fin|terme|cloture|end|close|issue|bout)(?: de| du| d'| of)?(?: la| l'| cette?"
    r"| ce| the| this| our)* ?)?)"
)


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a goal is due, by the guide's kinds; `value` is None where it is implied."""

    kind: str
    value: str | float | None
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Per:
    """The rhythm and the bearer of a target, and the places of their words."""

    period: str | None
    who: str | None
    spans: tuple[tuple[int, int], ...] = ()


_RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "span",
        re.compile(
            r"^ ?(?P<u>jours?|days?|semaines?|weeks?|mois|months?) \d+ ?(?:-|a|to) ?(?P<n>\d+) ?[:-]"
        ),
    ),
    (
        "between_months",
        re.compile(
            rf"\b(?:entre|between|de|from) (?:le )?(?:1er )?(?P<m1>{_MONTH}) (?:et|and|a|to) (?P<m2>{_MONTH}) (?P<y>{_YEAR})\b"
        ),
    ),
    ("iso", re.compile(rf"\b(?P<y>{_YEAR})-(?P<m>\d\d)-(?P<d>\d\d)\b")),
    (
        "slashed",
        re.compile(rf"\b(?P<d>\d{{1,2}})[/.](?P<m>\d{{1,2}})[/.](?P<y>{_YEAR}|\d\d)\b"),
    ),
    (
        "day_month",
        re.compile(
            rf"\b(?:(?:d'ici|avant|au|le|du|on|by|before|until|jusqu'au|pour le|des le|a|the) )*(?:le |the )?"
            rf"(?P<d>\d{{1,2}})(?:er|st|nd|rd|th)?(?: of)? (?P<m>{_MONTH})\b\.?(?:,? (?P<y>{_YEAR}))?"
        ),
    ),
    (
        "month_day",
        re.compile(
            rf"\b(?:(?:by|before|on|until) )?(?P<m>{_MONTH})\.? (?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?! ?(?:%|€|\$|k))(?:,? (?P<y>{_YEAR}))?"
        ),
    ),
    (
        "quarter",
        re.compile(
            rf"\b(?:[tq](?P<q>[1-4])|(?P<q2>[1-4])q|(?:le |the )?(?P<o>{_ORDINAL})[- ](?:trimestre|quarter)(?!s))\b(?:[ /,-]*(?:de |of |d')?(?:l'annee )?(?:fy)?(?P<y>{_YEAR}|'?2\d\b))?"
        ),
    ),
    ("quarter_y", re.compile(rf"\b(?P<y>{_YEAR})[ -][tq](?P<q>[1-4])\b")),
    (
        "half",
        re.compile(
            rf"\b(?:[hs](?P<h>[12])|(?:le |the )?(?P<o>{_ORDINAL})[- ](?:semestre|half)(?!s))\b(?:[ -]*(?:de |of )?(?P<y>{_YEAR}))?"
        ),
    ),
    (
        "next_one",
        re.compile(
            r"\b(?:over|within|during) the (?:next|coming|following) (?P<u>week|month|quarter|half|year)\b"
        ),
    ),
    (
        "next",
        re.compile(
            r"\b(?:(?P<next1>next) (?P<u1>week|month|quarter|half|year)|(?:(?:la |le |l'|au |du |d'ici |fin |sur )*(?P<u2>semaine|mois|trimestre|semestre|annee|an|exercice) (?P<next2>prochaine?|suivante?|qui vient)|(?:au |le |du |d'ici le |d'ici la |la |au cours du |sur le )?(?:prochaine?) (?P<u3>semaine|mois|trimestre|semestre|exercice)|(?:the |in the |by the end of the |over the )?(?:following|coming) (?P<u4>week|month|quarter|half|year)))\b"
        ),
    ),
    (
        "in_n",
        re.compile(
            rf"\b(?:d'ici(?: a)?|en moins de|en l'espace de|a l'horizon de|a horizon(?: de)?|en|sous|dans(?: les| un delai de)?|sur(?: les)?|within(?: the)?(?: next)?|in(?: the)?(?: next| under| less than)?|over(?: the)?(?: next| coming)?|a|au bout de|after|pendant|durant|for(?: the)? next|during the next|inside(?: of)?|prochains|coming|horizon)"
            rf" (?P<n>{_NUMBER})(?: (?:prochaines?|prochains|next|coming|petits?|a venir))? ?-?(?P<u>{'|'.join(_UNITS.values())})\b(?! de (?:mise|vie|retard|delai)| of (?:life|delay))"
        ),
    ),
    (
        "in_n_later",
        re.compile(
            rf"\b(?P<n>{_NUMBER})[- ](?P<u>{'|'.join(_UNITS.values())})(?:'s?)? (?:from now|from today|a compter|max(?:imum)?|a partir)"
        ),
    ),
    (
        "end_year",
        re.compile(
            rf"\b(?:(?:d'ici|avant|a|by|before|in|en|pour|until|jusqu'(?:en|a)|courant|sur|over|during|for|objectifs?|goals?|targets?|ca|cibles?|plan|sales|ventes|revenue|the|la|fin|de|end|of|late|fy|year[- ]end|l'annee|exercice|fiscal|l'exercice)[ -]?)+(?:fy)?(?P<y>{_YEAR}|(?<=fy)2\d|(?<=fin )2\d|(?<=fy )2\d)\b"
        ),
    ),
    (
        "end",
        re.compile(
            rf"\b{_END}(?P<u>semaine|week|mois|month|trimestre|quarter|semestre|half(?:[- ]year)?|annee|year|exercice|fiscal year|an)(?:[- ](?:end|ends|closes|is over|finishes|en cours|fiscale?|civile?|courante?))*\b"
        ),
    ),
    (
        "year_end",
        re.compile(
            r"\b(?P<u>year|quarter|month|half|week)[- ](?:end|close)\b|\bend[- ]of[- ](?P<u2>year|quarter|month|half|week)\b|\b(?:eoy|fin d'annee)\b|\b(?:eoq)\b|\b(?:eom)\b"
        ),
    ),
    (
        "month",
        re.compile(
            rf"\b(?:d'ici(?: a)?|avant|en|fin|a fin|by|before|in|until+|jusqu'(?:a|en)|pour|courant|des|end of|the end of|au mois de|mi-?|debut|this|de|of|late|early)(?: la| le| fin| fin de| the end of| end of| debut| mi)* ?(?P<m>{_MONTH})\b(?! \d{{1,2}}\b)(?: (?P<y>{_YEAR}))?"
        ),
    ),
    ("last_year", re.compile(r"\b(?P<y>20[2-3]\d)(?= ?[.!]?$)")),
)
_UNIT_OF = {
    "semaine": "week", "week": "week", "mois": "month", "month": "month",
    "trimestre": "quarter", "quarter": "quarter", "semestre": "half", "half": "half",
    "half-year": "half", "half year": "half", "annee": "year", "year": "year",
    "exercice": "year", "fiscal year": "year", "an": "year",
}  # fmt: skip
_COMPARISON = re.compile(
    r"\b(?:vs\.?|versus|par rapport (?:a|au|aux)|compare\w* (?:a|to|with|au|aux)|contre|against|over|than|que|"
    r"relative to|l'an dernier|last year|de l'annee (?:precedente|derniere|passee)|on)"
    r" (?:la |le |l'|the |meme |same |periode |period |in |de |of |du |au |a |en |fin )*$"
)
_COHORT = re.compile(
    r"(?:retention|churn|retenu\w*|kept|retained|rate|taux\w*|actifs|active|ltv) (?:\w+ ){0,2}$"
)
_KEEPING = re.compile(
    r"\b(?:retention|reten|conserv|fidelis|retain|keep|kept|gard(?:er|ons))"
)
_AFTER_COHORT = re.compile(
    r" ?(?:premiers?|premieres?|first|d'anciennete|of (?:service|life|use)|apres|after (?:launch|signup|start))"
)
_WITHIN_SERVICE = re.compile(
    r"(?:relanc\w+|litiges|tickets|requests|demandes|reclamations|answer\w*|repond\w*|traite\w*|resolv\w*|solve\w*|replied|livr\w+|delivered|handled|resolus?|rappel\w+) (?:\S+ ){0,5}$"
)


_LEVEL = re.compile(r"(?:a|at|de|of|sous|under) ")


# Letters one of which any match of a rule holds: most rules are left out at once.
_MONTH_HEADS = tuple(sorted({name[:3] for name in MONTHS}))
_NEEDS: dict[str, tuple[str, ...]] = {
    "between_months": ("20",),
    "iso": ("20",),
    "slashed": ("/", "."),
    "day_month": _MONTH_HEADS,
    "month_day": _MONTH_HEADS,
    "month": _MONTH_HEADS,
    "quarter_y": ("20",),
    "half": ("h1", "h2", "s1", "s2", "half", "semestre"),
    "next": ("next", "proch", "suiv", "qui vient", "following", "coming"),
    "next_one": ("the next", "the coming", "the following"),
    "end_year": ("20", "fy", "fin 2"),
    "last_year": ("20",),
    "year_end": ("end", "close", "eo", "fin d'annee"),
    "in_n_later": ("from", "a compter", "max", "a partir"),
}


def _may_hold(text: str, needed: tuple[str, ...] | None) -> bool:
    return needed is None or any(one in text for one in needed)


def deadline(text: str, *, levels: bool = True) -> Deadline | None:
    """Return the deadline of a folded sentence: the most precise, then the last.

    « à 40 jours » is a deadline unless another one is told, or `levels` is False: then
    it is the figure of a duration.
    """
    aside: Deadline | None = None
    for name, pattern in _RULES:
        if not _may_hold(text, _NEEDS.get(name)):
            continue
        for match in pattern.finditer(text):
            found = _deadline(name, match, text)
            if found is None:
                continue
            level = name == "in_n" and _LEVEL.match(match.group(0)) is not None
            if level and not levels:
                continue
            if not level and not _bracketed(text, found.start):
                return found
            aside = aside or found
    return aside


def leveled(text: str, found: Deadline) -> bool:
    """Return whether a deadline could be the figure of a duration: « à 40 jours »."""
    return _LEVEL.match(text, found.start) is not None


def _bracketed(text: str, place: int) -> bool:
    left = text.rfind("(", 0, place)
    return left >= 0 and text.find(")", left, place) < 0


def _deadline(name: str, match: re.Match[str], text: str) -> Deadline | None:
    before = text[max(0, match.start() - 60) : match.start()]
    if _COMPARISON.search(before) or _past(match, text):
        return None
    said = _RULE_VALUES[name](match, text)
    if said is None:
        return None
    kind, value = said
    return Deadline(kind, value, match.start(), match.end())


def _past(match: re.Match[str], text: str) -> bool:
    """Return whether the words speak of the past: last year, precedent."""
    after = text[match.end() : match.end() + 14]
    return bool(
        re.match(
            r" ?(?:dernier|derniere|precedente?|passee?|last|ago|plus tot|earlier)",
            after,
        )
        or re.search(
            r"(?:last|previous|past) $", text[max(0, match.start() - 9) : match.start()]
        )
    )


Said = tuple[str, str | float | None] | None


def _between(match: re.Match[str], text: str) -> Said:
    del text
    last = MONTHS[match["m2"]]
    return (
        ("end_of_year", match["y"])
        if last == 12
        else ("date", _last_of(match["y"], last))
    )


def _last_of(year: str, month: int) -> str:
    days = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    return f"{year}-{month:02d}-{days:02d}"


def _iso(match: re.Match[str], text: str) -> Said:
    del text
    return "date", match.group(0)


def _slashed(match: re.Match[str], text: str) -> Said:
    del text
    day, month = int(match["d"]), int(match["m"])
    if not (1 <= day <= 31 and 1 <= month <= 12):
        return None
    year = match["y"] if len(match["y"]) == 4 else f"20{match['y']}"
    return "date", f"{year}-{month:02d}-{day:02d}"


def _day_month(match: re.Match[str], text: str) -> Said:
    del text
    day, month = int(match["d"]), MONTHS[match["m"]]
    if not 1 <= day <= 31:
        return None
    year = f"{match['y']}-" if match["y"] else ""
    return "date", f"{year}{month:02d}-{day:02d}"


def _quarter(match: re.Match[str], text: str) -> Said:
    named = match.groupdict()
    rank = named.get("q") or named.get("q2") or _ORDINALS.get(named.get("o") or "")
    if not rank or int(rank) > 4:
        return None
    if not re.search(
        rf"{_BY}(?: la| le| the| end of| fin| fin de| de| du| l'| of| our)* ?$",
        text[: match.start()],
    ) and _compared_only(match, text):
        return None
    year = named.get("y") or ""
    year = f"20{year.strip(chr(39))}" if year and len(year.strip("'")) == 2 else year
    return "quarter", f"{year}-Q{rank}" if year else f"Q{rank}"


def _compared_only(match: re.Match[str], text: str) -> bool:
    return bool(
        re.search(
            r"(?:vs\.?|contre|than|from|depuis|since|in|of) $", text[: match.start()]
        )
    )


def _half(match: re.Match[str], text: str) -> Said:
    del text
    named = match.groupdict()
    rank = named.get("h") or _ORDINALS.get(named.get("o") or "")
    if rank is None:
        return None
    rank = 2 if int(rank) > 1 else 1
    year = named.get("y")
    return "half", f"{year}-H{rank}" if year else f"H{rank}"


def _next(match: re.Match[str], text: str) -> Said:
    del text
    unit = _UNIT_OF[match["u1"] or match["u2"] or match["u3"] or match["u4"]]
    return f"end_of_{unit}", "+1"


def _next_one(match: re.Match[str], text: str) -> Said:
    """Return "over the next year" as one year from now."""
    del text
    months = {"quarter": 3.0, "half": 6.0}.get(match["u"])
    return ("in_months", months) if months else (f"in_{match['u']}s", 1.0)


def _in_n(match: re.Match[str], text: str) -> Said:  # noqa: PLR0911
    if re.match(r"a \S+-", match.group(0)):
        return None
    if re.search(
        r"(?:\d|%|-days?|-months?|jours?|days?|mois|months?|weeks?|semaines?|hours?|\bto|€|\$|k)\+? ?$",
        text[: match.start()],
    ) and re.match(r"a |to ", match.group(0)):
        return None
    if _COHORT.search(text[: match.start()]) and match.group(0).startswith(
        ("at ", "a ")
    ):
        return None
    if match.group(0).startswith(("a ", "at ")) and _KEEPING.search(
        text[: match.start()]
    ):
        return None
    if _AFTER_COHORT.match(text[match.end() :]):
        return None
    unit = next(
        name for name, words in _UNITS.items() if re.fullmatch(words, match["u"])
    )
    dated = match.group(0).startswith("d'ici")
    if unit == "day" and not dated and _WITHIN_SERVICE.search(text[: match.start()]):
        return None
    number = _number(match["n"])
    if unit in {"quarter", "half"}:
        months = {"quarter": 3, "half": 6}[unit]
        return "in_months", None if number is None else number * months
    return f"in_{unit}s", number


def _number(written: str) -> float | None:
    if written.isdigit():
        return float(written)
    return float(_NUMBERS[written]) if written in _NUMBERS else None


def _end_year(match: re.Match[str], text: str) -> Said:
    del text
    year = match["y"]
    return "end_of_year", year if len(year) == 4 else f"20{year}"


def _end(match: re.Match[str], text: str) -> Said:
    words = match.group(0).strip()
    unit = _UNIT_OF[match["u"]]
    bounded = re.match(
        r"(?:d'ici|avant|ce\b|cette|this|fin|by|before|end|close|sur (?:le|l'|la)|pour (?:le|l'|la)|a la (?:fin|cloture)"
        r"|au (?:terme|cours)|toute?\b|all (?:this |the )?(?:quarter|year|month|half)|throughout|across the|finir|terminer|boucler|finissons|terminons|finish|over the|in the|within the|during the|for the|until|jusqu'a|the end|on the year|dans (?:le|l'|la)|a fin|en fin|the close|au bout|a l'issue|l'issue|issue|d'ici a|the (?:quarter|year|month|half|week) (?:ends|closes|is over))",
        words,
    )
    if not bounded:  # noqa: SIM102
        if not re.search(
            r"(?:fin|en fin|a fin|\b(?:objectifs?|cibles?|goals?|targets?|plan)) ?$",
            text[: match.start()],
        ):
            return None
    if re.search(
        r"(?:\bpar|\bper|\ba|chaque|each|every|each|une fois) $", text[: match.start()]
    ):
        return None
    if unit == "week" and re.match(r" \d", text[match.end() :]):
        return None
    if words in {"by half", "over half", "in half"}:
        return None
    return f"end_of_{unit}", None


def _year_end(match: re.Match[str], text: str) -> Said:
    del text
    unit = match["u"] or match["u2"]
    if unit is None:
        unit = {"eoq": "quarter", "eom": "month"}.get(match.group(0), "year")
    return f"end_of_{unit}", None


def _month(match: re.Match[str], text: str) -> Said:
    if match.group(0).startswith(("de ", "of ")) and not re.search(
        r"(?:fin|end|mois|debut|mi) ?$", text[: match.start()]
    ):
        return None
    if match["m"] in {"may", "mars", "march"} and match.group(0).startswith(
        ("pour", "this")
    ):
        return None
    month = MONTHS[match["m"]]
    if match["y"]:
        if month == 12:
            return "end_of_year", match["y"]
        return "date", _last_of(match["y"], month)
    return "month", f"{month:02d}"


_RULE_VALUES = {
    "span": _in_n,
    "between_months": _between,
    "iso": _iso,
    "slashed": _slashed,
    "day_month": _day_month,
    "month_day": _day_month,
    "quarter": _quarter,
    "quarter_y": _quarter,
    "half": _half,
    "next": _next,
    "next_one": _next_one,
    "in_n": _in_n,
    "in_n_later": _in_n,
    "end_year": _end_year,
    "last_year": _end_year,
    "end": _end,
    "year_end": _year_end,
    "month": _month,
}

_PER = (
    (
        "day",
        re.compile(
            r"(?:/ ?(?:jour|j|day)\b|\b(?:par|chaque|each|per|every|a|one|tous les) (?:jour|jours|day)\b|\bquotidien\w*|\bdaily\b|\bjournalier\w*)"
        ),
    ),
    (
        "week",
        re.compile(
            r"(?:/ ?(?:semaine|sem|week|wk)\b|\b(?:par|chaque|each|per|every|a|la|toutes les) (?:semaines?|week)\b(?! prochaine)|\bhebdo(?:madaire)?s?\b|\bweekly\b)"
        ),
    ),
    (
        "month",
        re.compile(
            r"(?:/ ?(?:mois|month|mo)\b|\b(?:par|chaque|each|per|every|a|tous les) (?:mois|month)\b|\bmensuel(?:s|les|le)?\b|\bmensuellement\b|\bmonthly\b|\bpcm\b)"
        ),
    ),
    (
        "quarter",
        re.compile(
            r"(?:/ ?(?:trimestre|quarter|qtr)\b|\b(?:par|chaque|each|per|every|a|tous les) (?:trimestres?|quarter)\b|\btrimestriel\w*|\bquarterly\b)"
        ),
    ),
    (
        "year",
        re.compile(
            r"(?:/ ?(?:an|annee|year|yr)\b|\b(?:par|chaque|each|per|every|a|tous les) (?:ans?|annee|year)\b|\bannuel(?:s|les|le)?\b|\bannuellement\b|\bannual(?:ly|ized|ised)?\b|\byearly\b|\bannualise\w*)"
        ),
    ),
)
_PERSON = re.compile(
    r"\b(?:(?:par|per|chaque|each|every|chacun(?:e)? (?:de (?:nos|ses|mes|vos)|des)|pour chaque|for each)"
    r" (?:commercial(?:e)?s?|commerciaux|vendeurs?|vendeuses?|rep|reps|sales ?(?:person|rep|people)|salesperson|seller|agents?|sdr|bdr|ae|kam|csm|personne|person|tete|head|collaborateurs?|conseillers?|consultants?|account (?:executive|manager)|team member|membre|employee|chargee? d'affaires|ingenieur commercial|tele(?:vendeur|prospecteur)|telephone agent|advisor|business developer))\b"
    r"|/ ?(?:rep|commercial(?:e)?|vendeur|seller|sdr|bdr|ae|personne|person|head|agent|tete)\b"
    r"|\b(?:chacun|a piece|apiece)\b"
)
_TEAM = re.compile(
    r"\b(?:collecti(?:f|fs|ve|ves|vement|vely)|par equipe|per team|each team|chaque equipe|every team|by team|en equipe|team-wide|as a team)\b"
)
_NAMES = re.compile(
    r"annual recurring|monthly recurring|recurrents? (?:mensuels?|annuels?)|(?:mensuels?|annuels?) recurrents?|revenus? (?:mensuels?|annuels?) recurrents?|(?:annual|monthly|yearly) (?:contracts?|plans?|subscriptions?|licen[cs]es?)|\b(?:contrats?|abonnements?|formules?|licences?|plans?) (?:annuels?|mensuels?)|pluriannuel\w*|ca mensuel recurrent|sondage annuel|multi-?annual"
)


_ONE_UNIT = re.compile(
    r"(?:^|\b(?:in|within|for|over|half|after|once|take|takes|about|around|than|under|of|by|to|from|d'ici|en|dans|sous|sur|until|every|is|be)) ?$"
)


_PER_NEEDS = {
    "day": ("jour", "day", "/j", "/ j", "quotidien", "dail"),
    "week": ("sem", "week", "wk", "hebdo"),
    "month": ("mois", "month", "/mo", "/ mo", "mensuel", "pcm"),
    "quarter": ("trimestr", "quarter", "qtr"),
    "year": ("an", "year", "yr"),
}


def per(text: str, hidden: Sequence[tuple[int, int]] = ()) -> Per:
    """Return the rhythm and the bearer of a folded sentence, asides left out."""
    named = [*hidden, *(match.span() for match in _NAMES.finditer(text))]
    spans: list[tuple[int, int]] = []
    period = None
    for name, pattern in _PER:
        if not _may_hold(text, _PER_NEEDS[name]):
            continue
        for match in pattern.finditer(text):
            if any(a <= match.start() < b for a, b in named):
                continue
            if match.group(0).startswith("a ") and _ONE_UNIT.search(
                text[: match.start()]
            ):
                continue
            if period is None or match.start() < spans[0][0]:
                period = name
                spans.insert(0, match.span())
    person = _PERSON.search(text)
    team = _TEAM.search(text)
    who = "person" if person else "team" if team else None
    mark = person or team
    if mark:
        spans.append(mark.span())
    return Per(period, who, tuple(spans))
