"""Refuse to write over what somebody wrote since one read it: who, when, what is there.

A form carries the mark of what it showed; the write compares it with what stands, while
it holds the row or the lock: of two at once one is second. Without a mark (a file, a
command) nothing was shown, and nothing is compared.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from django.utils.translation import get_language, gettext

from jalon.domain.refusals import Refusal
from jalon.locale import figures
from jalon.records.audit import AuditLine
from jalon.usecases.acting import plain

MOST_LINES, LONGEST = 4, 160
_CHANGED = (
    "{who} wrote here on {day} at {time}, after you opened the page. What stands now: "
    "{theirs}. What you typed is still in the form and is not kept: send it again to "
    "keep yours."
)
_NOTHING = "nothing that you do not say too"


class WrittenMeanwhileError(Refusal):
    """Somebody wrote since it was read: who, when, what theirs says besides."""


def mark(value: object) -> str:
    """Return what names a value shown in a form: the same for the same value."""
    text = json.dumps(plain(value), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def must_stand(
    seen: str | None,
    now: object,
    asked: object,
    *,
    noun: str,
    key: str,
    zone: str = "UTC",
) -> None:
    """Do nothing where what stands is what was read, or is what is asked already.

    Raises:
        WrittenMeanwhileError: If it is neither.
    """
    if not seen or mark(now) == seen or mark(now) == mark(asked):
        return
    last = AuditLine.objects.filter(noun=noun, key=key).order_by("-at", "-pk").first()
    at: datetime.datetime | None = last.at.astimezone(ZoneInfo(zone)) if last else None
    lang = (get_language() or "fr")[:2]
    theirs = only_theirs(plain(now), plain(asked))
    raise WrittenMeanwhileError(
        _CHANGED,
        who=last.by if last else "?",
        day=figures.day(at.date(), lang=lang) if at else "?",
        time=f"{at:%H:%M}" if at else "?",
        theirs=theirs or Refusal(_NOTHING),
    )


def only_theirs(now: object, asked: object) -> str:
    """Return the fields, or the lines of a text, that stand and are not asked."""
    if isinstance(now, Mapping) and isinstance(asked, Mapping):
        told = [
            f"{field_word(name)} {_short(value)}"
            for name, value in now.items()
            if asked.get(name) != value
        ]
    else:
        mine = set(str(asked).splitlines())
        told = [_short(line) for line in str(now).splitlines() if line not in mine]
    more = ["…"] if len(told) > MOST_LINES else []
    return "; ".join(told[:MOST_LINES] + more)


def field_word(name: str) -> str:
    """Return the word of a field in the reader's language, else its name."""
    code = f"journal.field.{name}"
    found = gettext(code)
    return name if found == code else found


def _short(value: object) -> str:
    text = "–" if value in (None, "", [], {}) else str(value)
    text = " ".join(text.split())
    return text[:LONGEST] + ("…" if len(text) > LONGEST else "")
