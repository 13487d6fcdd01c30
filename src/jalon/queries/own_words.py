"""What somebody wrote and chose in Jalon, for the document they take away.

Two parts: what others may read as well (points handed in, calls, words of reviews, of
recognition), and what is theirs alone (drafts, private lines, views, tiles, how they
are told, sessions), which leaves only with themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db.models import QuerySet

from jalon.records import notice_rows
from jalon.records.accounts import User
from jalon.records.calls import Call
from jalon.records.check_ins import CheckIn, PointRhythm
from jalon.records.machines import Token
from jalon.records.notices import Message
from jalon.records.recognition import SAID, Shown, Word
from jalon.records.reviews import ReviewWord
from jalon.records.sessions import OpenSession
from jalon.records.surveys import Digest, NoDigest
from jalon.records.views import SavedView, Tiles

Rows = list[dict[str, object]]
_SHARED = ("first", "rhythm", "confidence", "blocks", "field", "kind", "about")
_READ = ("handed_at", "read_by", "read_at", "answer")


def shared_words(key: str, emails: Sequence[str]) -> dict[str, object]:
    """Return what somebody wrote and was told that others may read too."""
    points = CheckIn.objects.filter(person_id=key, handed_at__isnull=False)
    words = Word.objects.filter(state=SAID)
    told = ("person_id", "kind", "text", "earned_on", "by", "at", "wall")
    return {
        "points": _rows(points.order_by("first"), *_SHARED, *_READ),
        "point_rhythm": _rows(
            PointRhythm.objects.filter(person_id=key), "rhythm", "by"
        ),
        "calls": _rows(
            Call.objects.filter(by__in=emails).order_by("at"),
            *("objective_id", "side", "committed", "best", "text", "on"),
        ),
        "review_words": _rows(
            ReviewWord.objects.filter(by__in=emails).order_by("at"),
            *("review_id", "side", "level", "proud", "harder", "needs", "at"),
        ),
        "words_to_me": _rows(words.filter(person_id=key).order_by("at"), *told),
        "words_of_mine": _rows(words.filter(by__in=emails).order_by("at"), *told),
    }


def own_words(key: str, accounts: Sequence[User]) -> dict[str, object]:
    """Return what nobody but the person themselves reads."""
    ids = [one.pk for one in accounts]
    mine = {"user_id__in": ids}
    return {
        "points": _rows(
            CheckIn.objects.filter(person_id=key).order_by("first"),
            *(*_SHARED, "private", "handed_at", "written_at"),
        ),
        "shown": _rows(Shown.objects.filter(person_id=key), "wall", "compared", "at"),
        "told": [asdict(notice_rows.wishes_of(one)) for one in ids],
        "views": _rows(
            SavedView.objects.filter(**mine).order_by("at"),
            *("screen", "name", "query", "link", "at"),
        ),
        "tiles": _rows(Tiles.objects.filter(**mine), "screen", "order", "hidden"),
        "messages": _rows(
            Message.objects.filter(**mine).order_by("at"),
            *("kind", "about", "way", "at", "state"),
        ),
        "digests": _rows(Digest.objects.filter(**mine).order_by("at"), "week", "at"),
        "no_digest_since": _rows(NoDigest.objects.filter(**mine), "at"),
        "sessions": _rows(
            OpenSession.objects.filter(**mine).order_by("began_at"),
            *("began_at", "seen_at", "agent", "address"),
        ),
        "tokens": _rows(
            Token.objects.filter(**mine).order_by("made_at"),
            *("name", "scopes", "made_at", "expires_at", "revoked_at", "used_at"),
        ),
    }


def _rows(found: QuerySet[Any], *names: str) -> Rows:
    return list(found.values(*names))
