"""Change the classes of objections, and say of which class a point is.

The company's own classes are one file of the workspace, written whole; the words of
points are counted anew the next time a page is read. A tag is about what was said,
never about who said it: who tags may read the point already.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

from django.db import transaction

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries.field_words import OWN, Written, lexicon
from jalon.records.check_ins import CheckIn
from jalon.records.reviews import PointTag
from jalon.usecases.acting import Actor, authorise, note
from jalon.workspace.folder import Workspace

NAME = re.compile(r"^[a-z][a-z0-9_]{1,40}$")
MOST_CLASSES, MOST_TERMS, LONGEST = 40, 80, 60
LANGUAGES = ("fr", "en")
_NAME = "{found} is no name of a class. Expected small letters, e.g. price."
_EMPTY = "The class {name} has no word. Expected one at least, e.g. expensive."
_NONE = "A lexicon has one class at least."
_MANY = "There are too many classes or words. Expected 40 classes of 80 words at most."
_UNKNOWN = "This point does not exist."
_NO_CLASS = "No class is called {found}. Expected one of the lexicon, e.g. price."


class LexiconRefusedError(Refusal):
    """The lexicon or the tag cannot be written so, and why."""


def write_lexicon(
    workspace: Workspace, classes: Written, *, actor: Actor, at: datetime.datetime
) -> None:
    """Write the company's own classes, whole.

    Raises:
        ForbiddenError: If the actor may not change them.
        LexiconRefusedError: If a name is badly formed or a class has no word.
    """
    authorise(actor, Act.WRITE_LEXICON)
    kept = _checked(classes)
    former = lexicon(workspace)
    path = workspace.folder / OWN
    with transaction.atomic():
        note(
            actor,
            "write",
            "lexicon",
            "objections",
            at=at,
            before=sorted(former),
            after=sorted(kept),
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".toml.new")
        aside.write_text(_toml(kept), "utf-8")
        aside.replace(path)


def tag_point(
    workspace: Workspace,
    check_in: int,
    tag: str,
    *,
    actor: Actor,
    at: datetime.datetime,
) -> None:
    """Say of which class a point is; "" takes the tag away.

    Raises:
        ForbiddenError: If the actor may not read the point.
        LexiconRefusedError: If there is no such point or class.
    """
    with transaction.atomic():
        found = CheckIn.objects.filter(pk=check_in, handed_at__isnull=False).first()
        if found is None:
            raise LexiconRefusedError(_UNKNOWN)
        authorise(actor, Act.SEE_NOTES, f"person:{found.person_id}")
        if not tag:
            PointTag.objects.filter(check_in=found).delete()
        elif tag not in lexicon(workspace):
            raise LexiconRefusedError(_NO_CLASS, found=tag)
        else:
            PointTag.objects.update_or_create(
                check_in=found, defaults={"tag": tag, "by": actor.name, "at": at}
            )
        note(actor, "tag", "check_in", str(found.pk), at=at, after=tag)


def _checked(classes: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Written:
    if not classes:
        raise LexiconRefusedError(_NONE)
    kept: Written = {}
    for name, written in classes.items():
        if not NAME.match(name):
            raise LexiconRefusedError(_NAME, found=name)
        terms = {
            language: tuple(
                dict.fromkeys(" ".join(one.split()).lower() for one in said)
            )
            for language, said in written.items()
            if language in LANGUAGES
        }
        terms = {
            language: tuple(one[:LONGEST] for one in said if one)
            for language, said in terms.items()
        }
        if not any(terms.values()):
            raise LexiconRefusedError(_EMPTY, name=name)
        if any(len(said) > MOST_TERMS for said in terms.values()):
            raise LexiconRefusedError(_MANY)
        kept[name] = terms
    if len(kept) > MOST_CLASSES:
        raise LexiconRefusedError(_MANY)
    return kept


def _toml(classes: Written) -> str:
    """Return the file: one table a class, one list of terms a language."""
    parts = ["# Classes of what customers object; written from the page of themes."]
    for name, terms in classes.items():
        parts.append(f"\n[{name}]")
        for language, said in terms.items():
            listed = ", ".join(_quoted(one) for one in said)
            parts.append(f"{language} = [{listed}]")
    return "\n".join(parts) + "\n"


def _quoted(text: str) -> str:
    inner = "".join(one for one in text if one.isprintable())
    inner = inner.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{inner}"'
