"""`jalon report review|quarterly|monthly`: a review, written to a file."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext as _

from jalon.cli.door import Day, Door, UserError, door, reason
from jalon.domain.people.permission import COMPANY
from jalon.domain.reviews.review import Kind, period_of
from jalon.queries import reviews as queries
from jalon.queries.review_document import Document
from jalon.queries.reviews import ReviewPage
from jalon.reports.review.words import Telling
from jalon.usecases.acting import OPERATOR, plain
from jalon.usecases.prepare_database import prepare_database
from jalon.usecases.print_review import KINDS, print_review
from jalon.usecases.review import prepare

_ENDING_REVIEW = "Cannot write {file}: expected a name ending in .pdf, .pptx or .xlsx."
_UNREADABLE_REVIEW = "Cannot write {file}: {why}."


def commands() -> tuple[click.Command, ...]:
    """Return the commands: one that asks for its kind, one for each kind."""
    return (
        _command("review", None, "Prepare a review, or tell a frozen one."),
        _command("quarterly", Kind.QUARTERLY, "The review of a quarter."),
        _command("monthly", Kind.MONTHLY, "The review of a month."),
    )


def _command(name: str, kind: Kind | None, told: str) -> click.Command:
    @click.option("--owner", metavar="OWNER", default=COMPANY, help="team:…, person:…")
    @click.option("--first", type=Day(), metavar="DATE", help="The period's first day.")
    @click.option(
        "--to", type=click.Path(path_type=Path), metavar="FILE", help="Write this file."
    )
    @door
    def run(found: Door, **options: Any) -> None:  # noqa: ANN401 - what click gives
        asked = options.pop("kind", None)
        chosen = kind or Kind(asked or Kind.QUARTERLY.value)
        _told(found, chosen, **options)

    run.__doc__ = told
    made: Callable[..., Any] = run
    if kind is None:
        names = [one.value for one in Kind]
        made = click.option("--kind", type=click.Choice(names), help="How long.")(made)
    return click.command(name, help=told)(made)


def _told(
    found: Door, kind: Kind, *, owner: str, first: datetime.date | None, to: Path | None
) -> None:
    prepare_database(found.workspace)
    if to is not None and to.suffix.lower().lstrip(".") not in KINDS:
        raise UserError(_ENDING_REVIEW, file=to.name)
    now = datetime.datetime.now().astimezone()
    page = _page(found, kind, owner, first, now)
    if to is not None:
        printed = print_review(
            found.workspace,
            page.id,
            to.suffix.lower().lstrip("."),
            lang=found.lang,
            actor=OPERATOR,
            on=found.on,
            at=now,
        )
        _written(to, printed.content)
    if found.json:
        found.emit(_document(page) | ({"file": str(to)} if to else {}))
    elif to is not None:
        found.echo(_("Written: {file}").format(file=to))
    else:
        for line in lines(page.document, found.lang):
            found.echo(line)


def _page(
    found: Door,
    kind: Kind,
    owner: str,
    first: datetime.date | None,
    now: datetime.datetime,
) -> ReviewPage:
    """Return the frozen review where there is one, else the one prepared anew."""
    period = period_of(
        kind,
        on=found.on,
        first_month=found.workspace.settings.fiscal_first_month,
        first=first,
    )
    known = queries.found(owner, kind.value, period.first)
    page = known and queries.review(
        found.workspace, OPERATOR.viewer, known, on=found.on
    )
    if not page or not page.frozen:
        number = prepare(
            found.workspace,
            owner,
            kind,
            actor=OPERATOR,
            on=found.on,
            at=now,
            first=period.first,
        )
        page = queries.review(found.workspace, OPERATOR.viewer, number, on=found.on)
    assert isinstance(page, ReviewPage)  # noqa: S101 - the operator may read it
    return page


def lines(document: Document, lang: str) -> list[str]:
    """Return a review as lines of a terminal."""
    told = Telling(document, lang)
    shown = [told.title, "", *(f"- {one}" for one in told.summary), ""]
    for one in document.results:
        shown.append(
            _(
                "{name} ({span}): {actual}, {first} first, {target} in force, {share}"
            ).format(
                name=told.named(one),
                span=told.span(one),
                actual=told.value(one.actual, one),
                first=told.value(one.original_target, one),
                target=told.value(one.target, one),
                share=told.share(one.attainment),
            )
        )
        shown += [f"  {sentence}" for sentence in told.revised(one)]
    if document.causes:
        shown += ["", *(told.cause(one) for one in document.causes)]
    return shown


def _document(page: ReviewPage) -> dict[str, Any]:
    told = plain(page.document)
    assert isinstance(told, dict)  # noqa: S101 - a record becomes a mapping
    return {
        "id": page.id,
        "state": "frozen" if page.frozen else "open",
        "digest": page.digest,
        **told,
    }


def _written(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise UserError(_UNREADABLE_REVIEW, file=path, why=reason(error)) from error
