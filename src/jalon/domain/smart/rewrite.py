"""An objective said again, in one good sentence that holds every field.

A rewrite is read again before it is given: it says the same goal or it is not given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from jalon.domain.smart.filtering import Filter
from jalon.domain.smart.goal import Amount
from jalon.domain.smart.reading import Reading, read
from jalon.domain.smart.times import Deadline, Per
from jalon.domain.smart.words import document

THIN, NARROW = "\u00a0", "\u202f"
_MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre"
    " décembre",
    "en": "January February March April May June July August September October November"
    " December",
}
_PERIODS = {
    "fr": {
        "day": "jour",
        "week": "semaine",
        "month": "mois",
        "quarter": "trimestre",
        "half": "semestre",
        "year": "année",
    },
    "en": {
        "day": "day",
        "week": "week",
        "month": "month",
        "quarter": "quarter",
        "half": "half",
        "year": "year",
    },
}
_UNITS = {
    "fr": {
        "second": "secondes",
        "minute": "minutes",
        "hour": "heures",
        "day": "jours",
        "week": "semaines",
        "month": "mois",
        "year": "ans",
        "pt": "points",
    },
    "en": {
        "second": "seconds",
        "minute": "minutes",
        "hour": "hours",
        "day": "days",
        "week": "weeks",
        "month": "months",
        "year": "years",
        "pt": "points",
    },
}
_SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "CHF": "CHF"}
_FILTERS = {
    "fr": {
        "segment": "sur le segment {value}",
        "sector": "dans le secteur {value}",
        "region": "en {value}",
        "channel": "via {value}",
        "product": "pour {value}",
        "deal_amount": "sur les deals {value}",
        "deal_type": "sur {value}",
        "customer_type": "chez {value}",
        "store": "pour {value}",
    },
    "en": {
        "segment": "in the {value} segment",
        "sector": "in the {value} sector",
        "region": "in {value}",
        "channel": "from {value}",
        "product": "for {value}",
        "deal_amount": "on deals {value}",
        "deal_type": "on {value}",
        "customer_type": "among {value}",
        "store": "for {value}",
    },
}
_WORDS_OF_PERSON = {"fr": "par commercial", "en": "per rep"}
_WORDS_OF_TEAM = {"fr": "par équipe", "en": "per team"}
_OPENINGS = {
    "fr": {
        "change": {"increase": "Augmenter de", "decrease": "Réduire de"},
        "level": {
            "increase": "Augmenter",
            "decrease": "Réduire",
            "maintain": "Maintenir",
            "reach": "Porter",
        },
        "count": {
            "increase": "Augmenter à",
            "decrease": "Réduire à",
            "maintain": "Maintenir",
            "reach": "Obtenir",
        },
        "bare": {
            "increase": "Augmenter",
            "decrease": "Réduire",
            "maintain": "Maintenir",
            "reach": "Atteindre",
        },
    },
    "en": {
        "change": {"increase": "Increase", "decrease": "Reduce"},
        "level": {
            "increase": "Increase",
            "decrease": "Reduce",
            "maintain": "Keep",
            "reach": "Bring",
        },
        "count": {
            "increase": "Grow to",
            "decrease": "Reduce to",
            "maintain": "Keep",
            "reach": "Reach",
        },
        "bare": {
            "increase": "Increase",
            "decrease": "Reduce",
            "maintain": "Keep",
            "reach": "Reach",
        },
    },
}


def rewrite(reading: Reading, *, lang: str | None = None) -> str | None:
    """Return the objective in one sentence, None where it cannot be said so.

    Only the first goal of a compound is said. A sentence that means something else
    when read again is never given.
    """
    tongue = lang or reading.lang
    for sentence in _sentences(reading, tongue):
        if same(read(sentence, lang=tongue), reading):
            return sentence
    return None


def same(one: Reading, other: Reading) -> bool:
    """Return whether two readings say the same first goal."""
    return _fields(one) == _fields(other)


def _fields(reading: Reading) -> tuple[object, ...]:
    amount = reading.amount
    said = amount and (
        amount.kind,
        None if amount.value is None else round(amount.value, 6),
        None if amount.base is None else round(amount.base, 6),
        amount.unit,
    )
    when = reading.deadline and (reading.deadline.kind, reading.deadline.value)
    kept = {(one.dimension, one.value.casefold()) for one in reading.filters}
    rhythm = (reading.per.period, reading.per.who)
    return reading.kpi, reading.direction, said, kept, rhythm, when


def _sentences(reading: Reading, lang: str) -> Iterator[str]:
    name = names().get(reading.kpi or "")
    if name is None:
        return
    tail = [
        *(_filter(one, lang) for one in reading.filters),
        *_rhythm(reading.per, lang),
        *_deadline(reading.deadline, lang),
    ]
    for head in _heads(reading, name, lang):
        sentence = " ".join(part for part in [head, *tail] if part)
        yield f"{sentence}."


def _heads(reading: Reading, name: dict[str, str], lang: str) -> Iterator[str]:
    amount, way = reading.amount, reading.direction or "reach"
    openings = _OPENINGS[lang]
    measure, counted = name[lang], name.get(f"count_{lang}", "")
    if amount is None:
        yield f"{openings['bare'][way]} {measure}"
        return
    if amount.value is None:
        return
    said = figure(amount.value, amount.unit, lang)
    if amount.kind == "from_to":
        yield from _moves(amount, measure, way, lang)
    elif amount.kind in {"relative_percent", "points", "delta"}:
        yield from _changes(said, measure, way, lang)
    elif amount.kind == "count" and counted:
        yield f"{openings['count'][way]} {said} {counted}"
    else:
        yield from _levels(said, measure, way, lang)


def _moves(amount: Amount, measure: str, way: str, lang: str) -> Iterator[str]:
    if amount.base is None or amount.value is None:
        return
    low = figure(amount.base, amount.unit, lang)
    high = figure(amount.value, amount.unit, lang)
    if lang == "fr":
        yield f"Faire passer {measure} de {low} à {high}"
        yield f"Passer de {low} à {high} pour {measure}"
    else:
        opening = _OPENINGS["en"]["level"][way]
        yield f"{opening} {measure} from {low} to {high}"


def _changes(said: str, measure: str, way: str, lang: str) -> Iterator[str]:
    opening = _OPENINGS[lang]["change"].get(way)
    if opening is None:
        return
    if lang == "fr":
        yield f"{opening} {said} {measure}"
    else:
        yield f"{opening} {measure} by {said}"


def _levels(said: str, measure: str, way: str, lang: str) -> Iterator[str]:
    opening = _OPENINGS[lang]["level"][way]
    if lang == "fr":
        yield f"{opening} {measure} à {said}"
        yield f"Atteindre {said} pour {measure}"
        yield f"Atteindre {measure} de {said}"
        return
    link = "at" if way == "maintain" else "to"
    if way == "reach":
        yield f"Reach {said} {measure}"
        yield f"Reach {measure} of {said}"
    yield f"{opening} {measure} {link} {said}"


@cache
def names() -> dict[str, dict[str, str]]:
    """Return how each KPI is named in a sentence."""
    return document("names.toml")


def figure(value: float, unit: str | None, lang: str) -> str:
    """Return a number with its unit as people of the language write it."""
    number = _number(value, lang)
    if unit in _SYMBOLS:
        symbol = _SYMBOLS[unit]
        if lang == "en" and symbol != "CHF":
            return f"{symbol}{number}"
        return f"{number}{THIN}{symbol}"
    if unit == "%":
        return f"{number}%" if lang == "en" else f"{number}{NARROW}%"
    if unit == "ratio":
        return f"{number}:1"
    worded = _UNITS[lang].get(unit or "")
    return f"{number} {worded}" if worded else number


def _number(value: float, lang: str) -> str:
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    if lang == "en":
        return text
    return text.replace(",", NARROW).replace(".", ",")


def _filter(one: Filter, lang: str) -> str:
    value = one.value
    if one.dimension == "deal_amount":
        value = _deal(value, lang)
    return _FILTERS[lang][one.dimension].format(value=value)


def _deal(value: str, lang: str) -> str:
    sign, rest = value[0], value[1:]
    number, _, unit = rest.partition(" ")
    said = figure(float(number), unit or None, lang)
    words = {
        "fr": {"<": "de moins de", ">": "de plus de"},
        "en": {"<": "under", ">": "over"},
    }
    return f"{words[lang].get(sign, '')} {said}"


def _rhythm(per: Per, lang: str) -> Iterator[str]:
    if per.period is not None:
        word = _PERIODS[lang][per.period]
        word = "an" if word == "année" else word
        yield f"par {word}" if lang == "fr" else f"per {word}"
    if per.who == "person":
        yield (
            f"et {_WORDS_OF_PERSON[lang]}"
            if lang == "fr" and per.period
            else (_WORDS_OF_PERSON[lang])
        )
    elif per.who == "team":
        yield _WORDS_OF_TEAM[lang]


def _deadline(when: Deadline | None, lang: str) -> Iterator[str]:
    if when is None:
        return
    kind, value = when.kind, when.value
    if kind.startswith("in_") and value is not None:
        yield _counted(kind[3:-1], float(value), lang)
    elif kind.startswith("end_of_"):
        yield _end(kind[7:], value, lang)
    elif kind in {"quarter", "half"} and value is not None:
        yield _named(str(value), lang)
    elif kind == "month" and value is not None:
        name = month_name(int(str(value)[-2:]), lang)
        yield f"d'ici fin {name}" if lang == "fr" else f"by the end of {name}"
    elif kind == "date" and value is not None:
        yield _dated(str(value), lang)


def said_deadline(when: Deadline, lang: str) -> str:
    """Return a deadline in words."""
    return " ".join(_deadline(when, lang))


def _counted(unit: str, value: float, lang: str) -> str:
    word = _UNITS[lang][unit]
    if value == 1:
        word = {"fr": {"ans": "an"}}.get(lang, {}).get(word, word.rstrip("s"))
        word = "mois" if word == "moi" else word
    number = _number(value, lang)
    return f"d'ici {number} {word}" if lang == "fr" else f"within {number} {word}"


def _end(unit: str, value: str | float | None, lang: str) -> str:
    word = _PERIODS[lang][unit]
    if lang == "en":
        if value == "+1":
            return f"next {word}"
        return f"by the end of {value}" if value else f"by the end of the {word}"
    feminine = {"semaine", "année"}
    if value == "+1":
        article = "la " if word == "semaine" else "l'" if word == "année" else "le "
        coming = "prochaine" if word in feminine else "prochain"
        return f"d'ici {article}{word} {coming}"
    if value:
        return f"d'ici fin {value}"
    article = {"semaine": "de la ", "année": "de l'"}.get(word, "du ")
    return f"d'ici la fin {article}{word}"


def _named(value: str, lang: str) -> str:
    year, _, rank = value.rpartition("-")
    if lang == "fr":
        rank = rank.replace("Q", "T").replace("H", "S")
        return f"d'ici fin {rank} {year}".rstrip()
    return f"by the end of {rank} {year}".rstrip()


def _dated(value: str, lang: str) -> str:
    *year, month, day = value.split("-")
    name = month_name(int(month), lang)
    dated = f" {year[0]}" if year and lang == "fr" else f", {year[0]}" if year else ""
    if lang == "fr":
        rank = "1er" if int(day) == 1 else str(int(day))
        return f"d'ici le {rank} {name}{dated}"
    return f"by {name} {int(day)}{dated}"


def month_name(month: int, lang: str) -> str:
    """Return the name of a month."""
    return _MONTHS[lang].split()[month - 1]


def completed(reading: Reading, *, amount: Amount, deadline: Deadline) -> Reading:
    """Return the reading with an amount and a deadline proposed where it has none."""
    return replace(
        reading,
        amount=reading.amount or amount,
        deadline=reading.deadline or (None if reading.per.period else deadline),
    )
