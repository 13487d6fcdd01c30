"""What is said of a sentence: faults and letters in words, with or without Django."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from importlib import resources

from jalon.domain.smart.critique.faults import Fault
from jalon.domain.smart.critique.letters import Verdict
from jalon.domain.smart.rewrite import names

Look = Callable[[str], str]
_ARTICLES = ("le ", "la ", "les ", "l'", "the ")


@cache
def look_up(lang: str) -> Look:
    """Return the translation of codes into a language; the code itself if unknown."""
    folder = str(resources.files("jalon.locale"))
    found = gettext.translation("django", folder, languages=[lang], fallback=True)
    return found.gettext


def told(fault: Fault, part: str, *, lang: str) -> str:
    """Return a fault's "message", "why" or "suggestion" in words."""
    sentence = look_up(lang)(f"smart.{fault.code}.{part}")
    joined = _joined([kpi_name(one, lang) for one in fault.choices], lang)
    return sentence.format(**{**fault.parameters, "choices": joined})


def reason(verdict: Verdict, *, lang: str) -> str:
    """Return why a letter got its answer."""
    return look_up(lang)(f"smart.{verdict.why}").format(**verdict.figures)


def kpi_name(key: str, lang: str) -> str:
    """Return a KPI's name without its article; the text itself if it is no KPI."""
    name = names().get(key, {}).get(lang, key)
    for article in _ARTICLES:
        name = name.removeprefix(article)
    return name


def _joined(words: list[str], lang: str) -> str:
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return "".join(words)
    link = look_up(lang)("smart.choice.or")
    return f"{', '.join(words[:-1])} {link} {words[-1]}"
