"""Phrases with columns and codes in them, said with people's words."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from jalon.queries.formula_words import term, worded

TECHNICAL = re.compile(
    r"(?<![\w.])(?:[a-z]+(?:_[a-z]+)+|deals|leads|activities|subscriptions|answers"
    r"|tickets|spend|markets|people|amount|cost|mrr|quantity|score|size|scale|kind"
    r"|channel"
    r"|survey|outcome|held|won|lost|open|call|meeting|demo|email|proposal|complaint"
    r"|upsell|nps|csat|engagement|renewed|role|manager|director|true|false|∅)"
    r"(?![\w.])"
)
PREFIX = re.compile(r"\b(?:product|deal|person|account|activities)\.(?=[a-z])")
OTHERWISE = re.compile(r"coalesce\(([\w.]+), ([\w.]+)\)")
SIDE = re.compile(
    r"\b(?:start|end|before)\b(?=\s*[=<>≠≤≥−,)])"
    r"|(?:(?<=[=<>−,] )|(?<=somme de )|(?<=sum of ))(?:start|end)\b"
)
DATED = re.compile(r", on (?=dans|within)")
LEAST = re.compile(r"least\(([\w.]+), ([\w.]+)\)")
DIFFERENT = re.compile(
    r"nombre de (\w+_id|coalesce\(\w+, \w+\)) différents"
    r"|number of different (\w+_id|coalesce\(\w+, \w+\))"
)
GIVEN = re.compile(r"(?<=^donné : )\w+$|(?<=^given: )\w+$")
BOUND = re.compile(r"\b(?:first|after)\b(?= −| dans| within)|(?<=− )first\b")
DAYS_BEFORE = re.compile(r"\bon ?[-−] ?(\d+)\b")
OWN = re.compile(r"\battributes\.")
FAMILIES = ("phrase", "table", "column", "value")
ONE_WORD = {"∅": "phrase.nothing"}


def plainly(phrase: str) -> str:
    """Return the phrase, each technical word replaced by people's where known."""
    plain = GIVEN.sub(lambda found: term(found[0]), phrase)
    plain = DIFFERENT.sub(_different, OWN.sub("", plain).replace(" * ", " × "))
    plain = PREFIX.sub("", DATED.sub(f", {_('phrase.on')} ", plain))
    plain = DAYS_BEFORE.sub(_("phrase.days_before").format(days=r"\1"), plain)
    plain = BOUND.sub(lambda found: worded(f"column.{found[0]}", found[0]), plain)
    plain = LEAST.sub(_("phrase.least").format(one=r"\1", other=r"\2"), plain)
    plain = OTHERWISE.sub(_("phrase.otherwise").format(one=r"\1", other=r"\2"), plain)
    plain = SIDE.sub(lambda found: _(f"phrase.{found[0]}"), plain)  # noqa: INT001
    return TECHNICAL.sub(_plain_word, plain)


def _different(found: re.Match[str]) -> str:
    """Return what is counted once each, in the plural."""
    one = found[1] or found[2]
    code = one.replace("coalesce(", "").replace(", ", "_or_").rstrip(")")
    return worded(f"phrase.different.{code}", found[0])


def _plain_word(found: re.Match[str]) -> str:
    name = found[0]
    if name in ONE_WORD:
        return worded(ONE_WORD[name], name)
    for family in FAMILIES:
        told = worded(f"{family}.{name}", "")
        if told:
            return told
    return name
