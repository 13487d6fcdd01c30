"""A review as a file: PDF, slides or workbook, what its reader may read and no more."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from jalon.domain.refusals import Refusal
from jalon.queries import kpi_values
from jalon.queries.reviews import ReviewPage, review
from jalon.reports.printed import pdf
from jalon.reports.review.laid import laid
from jalon.reports.review.sheets import sheets
from jalon.reports.review.slides import slides
from jalon.reports.review.words import Telling
from jalon.usecases.acting import Actor, note
from jalon.workspace.folder import Workspace

KINDS = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_UNKNOWN = "This review does not exist."
_KIND = "Cannot write {kind}. Expected one of: pdf, pptx, xlsx."


@dataclass(frozen=True, slots=True)
class Printed:
    """A file and the review it says."""

    page: ReviewPage
    content: bytes
    content_type: str
    name: str


def print_review(  # noqa: PLR0913 - which, as what, in which language, for whom, when
    workspace: Workspace,
    wanted: int,
    kind: str,
    *,
    lang: str,
    actor: Actor,
    on: datetime.date,
    at: datetime.datetime,
) -> Printed:
    """Return the file; that it left is written to the journal.

    Raises:
        Refusal: If there is no such review for the actor, or no such kind of file.
    """
    if kind not in KINDS:
        raise Refusal(_KIND, kind=kind)
    page = review(workspace, actor.viewer, wanted, on=on)
    if page is None:
        raise Refusal(_UNKNOWN)
    with override(lang):
        content = _written(workspace, page, kind, lang)
    with transaction.atomic():
        note(actor, "export", "review", str(wanted), at=at, after=kind)
    document = page.document
    name = f"jalon-{document.kind}-{document.first:%Y-%m}-{wanted}.{kind}"
    return Printed(page, content, KINDS[kind], name)


def _written(workspace: Workspace, page: ReviewPage, kind: str, lang: str) -> bytes:
    told = Telling(page.document, lang)
    labels = kpi_labels(workspace, lang)
    if kind == "xlsx":
        return sheets(told, labels)
    if kind == "pptx":
        return slides(told, labels)
    html = render_to_string(
        "reviews/print.html",
        {
            **laid(told, labels),
            "page": page,
            "document": page.document,
            "told_notes": told.notes,
            "lang": lang,
            "printed": True,
            "open": False,
            "step": 0,
        },
    )
    return pdf(html, identifier=page.digest or f"review-{page.id}")


def kpi_labels(workspace: Workspace, lang: str) -> dict[str, str]:
    """Return the names of KPIs in a language, by key."""
    return {
        key: kpi.label.get(lang) or key
        for key, kpi in kpi_values.catalogue(workspace).items()
    }
