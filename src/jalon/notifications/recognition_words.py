"""Why somebody deserves a word, a draft of it, and a word told in a chat room."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from jalon.domain.recognition.merits import Kind
from jalon.domain.recognition.standing import Badge
from jalon.locale import figures
from jalon.queries.recognition import WordLine


def reason(line: WordLine, *, lang: str) -> str:
    """Return why, in one sentence."""
    return _filled(_REASONS[Kind(line.kind)], line, lang=lang)


def draft(line: WordLine, *, lang: str) -> str:
    """Return words to start from; whoever says them makes them their own."""
    return _filled(_DRAFTS[Kind(line.kind)], line, lang=lang)


def title(kind: str) -> str:
    """Return the kind in two or three words."""
    return _(_TITLES[Kind(kind)])


def badge(name: str) -> tuple[str, str]:
    """Return the name of a badge and what it is worn for."""
    told, what = _BADGES[Badge(name)]
    return _(told), _(what)


def cheer(line: WordLine, *, company: str) -> tuple[str, str]:
    """Return the title and the text of a word told in a chat room."""
    told = _("{company}: {title}, {person}").format(
        company=company, title=title(line.kind), person=line.person_name
    )
    text = _("“{text}” – {by}").format(text=line.text, by=line.by_name)
    return told, text


def _filled(sentence: str, line: WordLine, *, lang: str) -> str:
    told: Mapping[str, str] = {
        "person": line.person_name,
        "first": line.person_name.partition(" ")[0],
        "objective": line.statement or line.objective,
        "periods": line.facts.get("periods", ""),
        "about": line.facts.get("about", ""),
        "rise": _points(line.facts.get("rise", ""), lang),
    }
    return _(sentence).format(**told)


def _points(rise: str, lang: str) -> str:
    if not rise:
        return ""
    points = round(Decimal(rise) * 100)
    return figures.difference(Decimal(points), "count", lang=lang)


def _marked(text: str) -> str:
    """Return the text: a mark for whoever looks for sentences to translate."""
    return text


_TITLES = {
    Kind.REACHED: _marked("Objective reached"),
    Kind.PROGRESS: _marked("Best progress"),
    Kind.BEST: _marked("Personal best"),
    Kind.STREAK: _marked("In a row"),
    Kind.PRACTICE: _marked("Practice shared"),
    Kind.HELP: _marked("Help given"),
    Kind.LESSON: _marked("Lesson shared"),
    Kind.THANKS: _marked("Thanks"),
}
_REASONS = {
    Kind.REACHED: _marked("{person} reached “{objective}”."),
    Kind.PROGRESS: _marked(
        "{person} made the best progress of the team on “{objective}”: {rise} points "
        "of the target from one period to the next."
    ),
    Kind.BEST: _marked(
        "{person} never did better on “{objective}” in {periods} periods before."
    ),
    Kind.STREAK: _marked("{person}: {periods} periods in a row, “{objective}”."),
    Kind.PRACTICE: _marked("{person} shared a practice: “{about}”"),
    Kind.HELP: _marked("{person} helped a colleague: “{about}”"),
    Kind.LESSON: _marked("{person} wrote a lesson for the others: “{about}”"),
    Kind.THANKS: _marked("{person} was thanked."),
}
_DRAFTS = {
    Kind.REACHED: _marked("{first}, “{objective}”: reached. Well done!"),
    Kind.PROGRESS: _marked("{first}, what a progress: {rise} points. Well done!"),
    Kind.BEST: _marked("{first}, your best period so far. Well done!"),
    Kind.STREAK: _marked("{first}, {periods} periods in a row. Well done!"),
    Kind.PRACTICE: _marked("{first}, thank you for sharing what works for you."),
    Kind.HELP: _marked("{first}, thank you for helping a colleague."),
    Kind.LESSON: _marked("{first}, thank you for what you taught us."),
    Kind.THANKS: _marked("Thank you, {first}!"),
}
_BADGES = {
    Badge.FIRST: (_marked("First step"), _marked("a first objective reached")),
    Badge.REGULAR: (_marked("Steady"), _marked("three periods reached in a row")),
    Badge.BEYOND: (_marked("Beyond"), _marked("a personal best")),
    Badge.SHARER: (
        _marked("Passes it on"),
        _marked("three practices, helps or lessons shared"),
    ),
    Badge.THANKED: (_marked("Counted on"), _marked("thanked by three colleagues")),
}
