"""Numbers in a sentence, with their units: digits and words, French and English.

A quantity is one value; "8 to 12" counts as its lower bound. Money keeps its currency,
shares are percentages as written (12 for 12 %), durations keep their unit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

PERCENT, POINT, COUNT, SCORE, RATIO = "%", "pt", "count", "score", "ratio"
CURRENCIES = ("EUR", "USD", "GBP", "CHF")
DURATIONS = ("second", "minute", "hour", "day", "week", "month", "year")
MINUTES = {"second": 1 / 60, "minute": 1, "hour": 60, "day": 1440, "week": 10080}
MINUTES |= {"month": 43200, "year": 525600}

_DIGITS = r"(?:\d{1,3}(?:[ .,']\d{3})+(?!\d)(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
_SCALE = (
    r"(?: ?(?:k|m|md|mds|mrd|bn|b|me|ke)(?![a-z'])|k(?=eur|usd)| ?milliers?(?: d[e'])?"
    r"| ?thousand| ?millions?(?: d[e'])?| ?milliards?(?: d[e'])?| ?billions?"
    r"| ?mille(?! ?\d))"
)
_MONEY_BEFORE = r"(?:€|\$|us\$|£|eur|usd|gbp|chf|fcfa)"
_MONEY_AFTER = (
    r"(?:€|euros?\b|eur\b|e(?![a-z0-9'])|\$|usd\b|dollars?\b|£|gbp\b|pounds?\b|chf\b"
    r"|francs?(?: suisses?)?\b|fcfa\b|f cfa\b|xof\b)"
)
_UNIT = (
    r"(?P<pct>%|pct\b|percent\b|per cent\b|pour ?cents?\b)"
    r"|(?P<pt>(?:percentage |% )?points?\b(?! de vente| of sale| de contact)|pts?\b|pp\b)"
    r"|(?P<second>secondes?\b|seconds?\b|secs?\b|(?<=\d)s\b)"
    r"|(?P<minute>minutes?\b|mins?\b|mn\b)"
    r"|(?P<hour>heures?\b|hours?\b|hrs?\b|h\b)"
    r"|(?P<day>(?:working |business |calendar )?days?\b|jours?(?: ouvres?| ouvrables?)?\b|j\b)"
    r"|(?P<week>semaines?\b|weeks?\b|wks?\b)"
    r"|(?P<month>mois\b|months?\b|mos\b)"
    r"|(?P<year>ans?\b|annees?\b|years?\b|yrs?\b)"
    r"|(?P<score>/ ?(?:5|10|20|100)\b|sur (?:5|10|20|100)\b|out of (?:5|10|20|100)\b"
    r"|etoiles?\b|stars?\b)"
    r"|(?P<ratio>[:x] ?1\b(?![ .,']\d)|to 1\b|pour 1\b)"
    r"|(?P<times>x\b|fois\b|times\b)"
)
_WORD_NUMBERS = {
    "zero": 0,
    "deux": 2,
    "trois": 3,
    "quatre": 4,
    "cinq": 5,
    "six": 6,
    "sept": 7,
    "huit": 8,
    "neuf": 9,
    "dix": 10,
    "onze": 11,
    "douze": 12,
    "treize": 13,
    "quatorze": 14,
    "quinze": 15,
    "seize": 16,
    "vingt": 20,
    "trente": 30,
    "quarante": 40,
    "cinquante": 50,
    "soixante": 60,
    "cent": 100,
    "cents": 100,
    "mille": 1000,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "thirteen": 13,
    "fourteen": 14,
    "fifteen": 15,
    "sixteen": 16,
    "seventeen": 17,
    "eighteen": 18,
    "nineteen": 19,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "hundred": 100,
    "thousand": 1000,
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "centaine": 100,
    "millier": 1000,
    "dozen": 12,
    "un": 1,
    "une": 1,
    "one": 1,
}
_COLLECTIVE = frozenset(
    {"dizaine", "douzaine", "quinzaine", "vingtaine", "trentaine"}
    | {"quarantaine", "cinquantaine", "centaine", "millier", "dozen"}
)
_ONE_NEW = re.compile(
    r" (?:new|nouveau|nouvel|nouvelle|gros|grand|big|large|premier|premiere|first|additional|extra|millions?|milliard|billion)\b"
    r"|(?: [\w'-]+){1,3}?(?: (?:par|per|chaque|every|each|a) (?:jour|day|semaine|week|mois|month|trimestre|quarter)\b| ?/ ?(?:jour|j|sem|week|mois|month)\b)"
)
_HEADING = re.compile(
    r"^ ?(?:objecti(?:f|ve)|goal|okr|kr|o|but|cible|target|axe|priorit(?:e|y)|step|etape"
    r"|phase) ?(?:n[°o]? ?)?$"
)
_DIGIT_WORD = re.compile(r"[ -](?:chiffres|digits?)\b")
_OFTEN = re.compile(r" (?:a|an|par|per|each|every|chaque) ")
_MOST_TIMES = 30  # beyond, "x200" is a name
_STEP = re.compile(
    r"\b(?:week|semaine|sprint|step|etape|phase|lot|version|tier|level|palier|niveau) ?$"
)
_ALONE = {"un", "une", "one"}  # numbers only beside another word of number, or a time
_NUMBER_WORD = "|".join(sorted(_WORD_NUMBERS, key=len, reverse=True))
_WORDS = rf"(?:{_NUMBER_WORD})(?:(?:[ -]| et | and )(?:{_NUMBER_WORD}))*(?: millions?| milliards?)?"
_QUANTITY = re.compile(
    rf"(?<![\w.,/#°-])(?P<before>{_MONEY_BEFORE} ?)?(?P<sign>[+-](?= ?[\d$€£]))? ?"
    rf"(?P<before2>[€$£] ?)?"
    rf"(?:(?P<times0>x ?)(?=\d))?(?:(?P<digits>{_DIGITS})(?P<scale>{_SCALE})?(?: ?- ?(?:{_DIGITS})(?P<scale2>{_SCALE})?)?"
    rf"|(?P<words>\b{_WORDS}\b))"
    rf"(?P<plus>\+(?!\w))?(?P<hyphen>-(?=[a-z]))?"
    rf"(?:(?: ?|(?<=million) d'|(?<=millions) d'|(?<=milliard) d'|(?<=milliards) d')(?P<money>{_MONEY_AFTER})| ?(?P<unit>{_UNIT}))?(?P<plus2>\+(?!\w))?"
)
_PLACEHOLDER_UNIT = (
    r"(?P<unit> ?%| ?€| ?\$| ?£| points?\b| pts?\b| days?\b| jours?\b| months?\b| mois\b"
    r"| weeks?\b| semaines?\b| hours?\b| heures?\b| minutes?\b| euros?\b| k€| k\b)?"
)
_PLACEHOLDER = re.compile(
    rf"(?:(?:(?<=\s)|^)(?P<name>\[[^\]]{{0,14}}\]|<[^>]{{1,14}}>|_{{2,}}|\?{{1,3}}|XX+|xx+)"
    rf"|(?:(?<=\s)|^|(?<=[+$€£]))(?P<letter>[B-HJ-Z]|A(?= ?%)|(?<=from )A|(?<=to )A|(?<=by )A|(?<=de )A|(?<=à )A|(?<=of )A)(?![\w'&/.])(?! ?(?:period|période)\b)){_PLACEHOLDER_UNIT}"
)
_PLACED = re.compile(
    r"(?:\bfrom|\bto|\bby|\bde|\bà|\bof|\bunder|\bsous|\bd'ici|\bthan|→|\+|>|<|\$|€|\bgagner|\bsigner|\bgénérer|\bwin|\bsign|\bgenerate|\bobtenir|\batteindre|\breach|\bget|\bbook|\bclose|\breturn|\bgain|^) ?$",
    re.IGNORECASE,
)
_CURRENCY = (
    ("USD", ("$", "usd", "dollar", "us$")),
    ("GBP", ("£", "gbp", "pound")),
    ("CHF", ("chf", "franc")),
    ("EUR", ("€", "eur", "e")),
)
_SCALES = (
    (1e9, ("md", "mrd", "milliard", "bn", "billion", "b")),
    (1e6, ("me", "million", "m")),
    (1e3, ("ke", "k", "millier", "thousand", "mille")),
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number found from `start` to `end`; `value` is None for a placeholder."""

    value: float | None
    unit: str | None
    start: int
    end: int
    sign: str = ""
    multiplier: bool = False
    hyphened: bool = False
    scale: float = 1.0

    @property
    def kind(self) -> str:
        """Return what sort of unit it has: %, pt, money, time, score, ratio, bare."""
        if self.unit in CURRENCIES:
            return "money"
        if self.unit in DURATIONS:
            return "time"
        return self.unit or "bare"


_YEAR_BEFORE = re.compile(
    r"(?:\ben|\bin|\bfin|\bd'ici|\bby|\bavant|\bbefore|\bend of|\bannee|\b(?:ca|objectifs?|goals?|targets?|plan|cibles?|sales|ventes|revenue)|\bsince|\bdepuis|\buntil|\bjusqu'en|\bpour|\bfor|\bfy|\bvs|\bque|\bthan|-) ?$"
)


def quantities(text: str, original: str) -> list[Quantity]:
    """Return the numbers of a folded text, in order; ranges count once."""
    shares = _shares_in_words(text)
    found = [one for one in map(_read, _QUANTITY.finditer(text)) if one]
    found = [one for one in found if not _overlaps(one, shares)] + shares
    found = [
        one for one in found if not _is_year(one, text) and not _is_rank(one, text)
    ]
    found += _placeholders(original, found)
    found.sort(key=lambda one: one.start)
    return _without_ranges(found, text)


_FRACTIONS = (
    (50.0, "la moitie", "half(?= (?:of|our|the))"),
    (33.333, "un tiers", "le tiers", "(?:a|one) third"),
    (66.667, "(?:les )?deux[- ]tiers", "two[- ]thirds"),
    (
        25.0,
        "un quart(?! d'heure)",
        "le quart",
        "(?:a|one) quarter(?= of)",
        "(?<=by )a quarter",
    ),
    (75.0, "(?:les )?trois[- ]quarts", "three[- ]quarters(?= of)"),
)
_FRACTION = tuple(
    (share, re.compile(rf"\b(?:{'|'.join(words)})\b")) for share, *words in _FRACTIONS
)
_SMALL = (
    r"\d{1,3}|un|une|one|deux|two|trois|three|quatre|four|cinq|five|six|sept|seven|huit"
    r"|eight|neuf|nine|dix|ten|vingt|twenty|cent"
)
_THINGS = (
    r"(?:nouveaux |new )?(?:clients?|customers?|contrats?|contracts?|leads?|prospects?|deals?"
    r"|affaires?|opportunites?|opportunit(?:y|ies)|devis|abonnes?|comptes?|accounts?"
    r"|visiteurs?|visitors?|demos?|trials?|essais?|quotes?|rdv|appels?|calls?|tenders?|appels d'offres|meetings?|acheteurs?|buyers?|users?|utilisateurs?|shoppers?|subscribers?|proposals?|propositions?|rendez-vous|commerciaux|vendeurs?|reps?)"
)
_OUT_OF = re.compile(
    rf"\b(?P<some>{_SMALL}) (?:(?P<thing>{_THINGS})(?: [a-z]+)? (?:sur|out of|in) (?P<all>{_SMALL})\b"
    rf"|(?:sur|out of|in) (?P<all2>{_SMALL}) (?={_THINGS}))"
)


def _shares_in_words(text: str) -> list[Quantity]:
    """Return the shares told as fractions: un tiers, 9 contrats sur 10."""
    found = [
        Quantity(share, PERCENT, *match.span())
        for share, pattern in _FRACTION
        for match in pattern.finditer(text)
    ]
    for match in _OUT_OF.finditer(text):
        part = _small(match["some"])
        whole = _small(match["all"] or match["all2"])
        if part is None or not whole or part >= whole:
            continue
        end = match.start("thing") if match["thing"] else match.end()
        found.append(Quantity(100 * part / whole, PERCENT, match.start(), end))
    return found


def _small(written: str) -> float | None:
    return _from_digits(written) if written.isdigit() else _from_words(written)


def _overlaps(one: Quantity, others: list[Quantity]) -> bool:
    return any(one.start < each.end + 8 and each.start < one.end for each in others)


def _read(match: re.Match[str]) -> Quantity | None:
    words = match["words"]
    value = _from_words(words) if words else _from_digits(match["digits"])
    if value is None or _DIGIT_WORD.match(match.string, match.end()):
        return None
    if match["times0"] is not None and value > _MOST_TIMES:
        return None
    if (
        words
        and words in _ALONE
        and not _timed(match)
        and not _ONE_NEW.match(match.string, match.end())
    ):
        return None
    scale = _scaled(match["scale"] or match["scale2"] or "")
    unit = _unit(match)
    if match["scale"] and match["scale"].strip() == "m" and not _has_money(match):  # noqa: SIM102
        if value < 100 and unit is None:
            unit = None
    if match["scale"] and match["scale"].strip() in {"me", "ke"}:
        unit = unit or "EUR"
    often = _OFTEN.match(match.string, match.end()) is not None
    times = not often and (match["times0"] is not None or _group(match, "times"))
    return Quantity(
        value=value * scale,
        unit=None if times else unit,
        start=match.start(),
        end=match.end(),
        sign=match["sign"] or "",
        multiplier=times,
        hyphened=match["hyphen"] is not None,
        scale=scale,
    )


def _is_year(one: Quantity, text: str) -> bool:
    """Return whether a bare 20xx names a year."""
    whole = one.value is not None and one.unit is None and 2000 < one.value < 2100
    written = text[one.start : one.end].strip()
    if not (whole and written.isdigit()):
        return False
    last = re.fullmatch(r" ?[.!]?", text[one.end :]) is not None
    return last or bool(_YEAR_BEFORE.search(text[: one.start]))


def _is_rank(one: Quantity, text: str) -> bool:
    """Return whether a bare number only tells which one: week 8, « Objectif 2 : »."""
    before = text[: one.start]
    headed = _HEADING.match(before) and re.match(r" ?[:.)]", text[one.end :])
    return one.unit is None and bool(headed or _STEP.search(before))


def _timed(match: re.Match[str]) -> bool:
    return any(_group(match, name) for name in DURATIONS)


def _has_money(match: re.Match[str]) -> bool:
    return bool(match["before"] or match["before2"] or match["money"])


def _group(match: re.Match[str], name: str) -> bool:
    return match[name] is not None


def _unit(match: re.Match[str]) -> str | None:
    written = (match["before"] or match["before2"] or match["money"] or "").strip()
    if written:
        return next(
            (
                code
                for code, names in _CURRENCY
                if any(
                    written == name or (len(name) > 1 and written.startswith(name))
                    for name in names
                )
            ),
            None,
        )
    if _group(match, "pct"):
        return PERCENT
    if _group(match, "pt"):
        return POINT
    for name in (*DURATIONS, SCORE, RATIO):
        if _group(match, name):
            return name
    return None


def _from_digits(digits: str) -> float | None:
    bare = digits.replace(" ", "").replace("'", "")
    if re.fullmatch(r"[1-9]\d{0,2}(?:[.,]\d{3})+", bare):
        return float(re.sub(r"[.,]", "", bare))
    if "," in bare and "." in bare:
        last = max(bare.rfind(","), bare.rfind("."))
        whole = re.sub(r"[.,]", "", bare[:last])
        return float(f"{whole}.{bare[last + 1 :]}")
    try:
        return float(bare.replace(",", "."))
    except ValueError:
        return None


def _from_words(words: str) -> float | None:
    total, current = 0.0, 0.0
    scale = 1.0
    for word in re.split(r"[ -]", words):
        if word in {"et", "and", ""}:
            continue
        if word.startswith(("million", "milliard")):
            scale = 1e9 if word.startswith("milliard") else 1e6
            continue
        number = _WORD_NUMBERS[word]
        if number == 1000:
            total += (current or 1) * 1000
            current = 0
        elif number == 100 and word != "centaine":
            current = (current or 1) * 100
        elif (word == "vingt" and current == 4) or (number == 20 and current == 4):
            current = 80
        elif word in _COLLECTIVE:
            current = (max(1, current)) * number
        else:
            current += number
    return (total + current) * scale


def _scaled(written: str) -> float:
    bare = written.strip()
    for scale, names in _SCALES:
        if any(
            bare == name or (len(name) > 3 and bare.startswith(name)) for name in names
        ):
            return scale
    return 1.0


def _placeholders(original: str, found: list[Quantity]) -> Iterator[Quantity]:
    units = {"%": PERCENT, "€": "EUR", "$": "USD", "£": "GBP", "k€": "EUR"}
    for match in _PLACEHOLDER.finditer(original[:2000]):
        if any(one.start < match.end() and match.start() < one.end for one in found):
            continue
        written = (match["unit"] or "").strip().lower()
        lettered = match["letter"] is not None
        if lettered and not written and not _PLACED.search(original[: match.start()]):
            continue
        unit = units.get(written) or next(
            (code for start, code in _UNIT_STARTS if written.startswith(start)), None
        )
        start = match.start()
        sign = original[start - 1 : start] if start else ""
        if unit is None and sign in units:
            unit, start = units[sign], start - 1
        yield Quantity(None, unit, start, match.end())


_UNIT_STARTS = (
    ("point", POINT), ("pt", POINT), ("day", "day"), ("jour", "day"),
    ("month", "month"), ("mois", "month"), ("week", "week"), ("sem", "week"),
    ("hour", "hour"), ("heure", "hour"), ("min", "minute"), ("euro", "EUR"),
)  # fmt: skip
_RANGE = re.compile(r"\s*(?:-|a|to|et|and|ou|or|/)\s*[<>~]?\s*")
_FROM = re.compile(r"(?:\bde|\bd'|\bfrom|\bdu|passer de|\bof|→|\ba) ?(?:[<>~] ?)?$")
_BETWEEN = re.compile(r"(?:\bentre|\bbetween) ?$")


def _without_ranges(found: list[Quantity], text: str) -> list[Quantity]:
    """Return the numbers with each range told once, by its lower bound."""
    kept: list[Quantity] = []
    skip = -1
    for rank, one in enumerate(found):
        if rank == skip:
            continue
        after = found[rank + 1] if rank + 1 < len(found) else None
        if after is not None and _is_range(one, after, text):
            unit = one.unit or after.unit
            kept.append(replace(one, unit=unit, end=after.end))
            skip = rank + 1
        else:
            kept.append(one)
    return kept


def _is_range(one: Quantity, after: Quantity, text: str) -> bool:
    between = text[one.end : after.start]
    if not _RANGE.fullmatch(between) and not (between == "" and after.sign == "-"):
        return False
    if one.unit and one.unit != after.unit:
        return False
    before = text[max(0, one.start - 14) : one.start]
    link = between.strip()
    if link in {"-", ""}:
        return True
    if link in {"et", "and"}:
        return bool(_BETWEEN.search(before))
    if link in {"ou", "or", "/"}:
        return True
    return not _FROM.search(before) and one.unit is None
