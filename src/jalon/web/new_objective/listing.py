"""A list of sentences, pasted or from a file: a table to settle line by line."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.domain.smart.critique.review import critique
from jalon.domain.smart.reading import Reading, read
from jalon.domain.smart.rewrite import figure, said_deadline
from jalon.locale.sentences import kpi_name, told
from jalon.usecases.acting import ForbiddenError
from jalon.usecases.write_sentence import write_sentence
from jalon.web.access import actor, for_some
from jalon.web.language import current
from jalon.web.new_objective.views import LONGEST, owners_for
from jalon.web.today import today, workspace

MOST = 200  # sentences of one list
BIGGEST = 200_000  # bytes of a file


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence of the list: what it sets, what lacks, what became of it."""

    text: str
    lang: str
    kpi: str
    amount: str
    deadline: str
    ready: bool
    lacks: tuple[str, ...]
    rewrite: str
    told: str = ""


@for_some(Act.PROPOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def sentences(request: HttpRequest) -> HttpResponse:
    """Read a list, show what each line sets and lacks; set those ticked."""
    lines = _lines(request) if request.method == "POST" else []
    setting = request.POST.get("do") == "set"
    owners = owners_for(request)
    owner = request.POST.get("owner", owners[0][0] if owners else "company")
    if owner not in dict(owners):
        raise PermissionDenied
    said = _set(request, owner) if setting else {}
    done = sum(not text for text in said.values())
    left = [one for one in lines if said.get(one) != ""]
    context = {
        "rows": [_row(read(one), said.get(one, "")) for one in left],
        "pasted": "\n".join(left),
        "owners": owners,
        "owner": owner,
        "done": done,
        "done_words": ngettext(
            "{count} objective is set.", "{count} objectives are set.", done
        ).format(count=done),
        "posted": request.method == "POST",
    }
    return render(request, "new_objective/list.html", context)


def _lines(request: HttpRequest) -> list[str]:
    text = request.POST.get("pasted", "")
    given = request.FILES.get("file")
    if given is not None and given.size and given.size <= BIGGEST:
        text += "\n" + given.read().decode("utf-8-sig", errors="replace")
    plain = (line.strip(" \t\r•-*") for line in text.splitlines())
    kept = dict.fromkeys(line[:LONGEST] for line in plain if line)
    return list(kept)[:MOST]


def _set(request: HttpRequest, owner: str) -> dict[str, str]:
    """Return what became of each line ticked: "" when set, else why not."""
    said: dict[str, str] = {}
    for text in request.POST.getlist("ticked"):
        try:
            write_sentence(
                workspace(),
                read(text[:LONGEST]),
                owner=owner,
                actor=actor(request),
                on=today(),
                at=timezone.now(),
            )
        except ForbiddenError:
            raise
        except Refusal as refusal:
            said[text] = refusal.told(_)
        else:
            said[text] = ""
    return said


def _row(reading: Reading, became: str) -> Row:
    lang = current()
    found = critique(reading, on=today())
    amount = reading.amount
    figures = [] if amount is None else [amount.base, amount.value]
    unit = amount.unit if amount is not None else None
    told_amount = [figure(one, unit, lang) for one in figures if one is not None]
    return Row(
        text=reading.text,
        lang=reading.lang,
        kpi=kpi_name(reading.kpi or "", lang) if reading.kpi != "other" else "",
        amount=" → ".join(told_amount),
        deadline=(
            said_deadline(reading.deadline, lang)
            if reading.deadline is not None
            else ""
        ),
        ready=reading.smart and reading.kpi != "other",
        lacks=tuple(
            told(one, "message", lang=lang) for one in found.faults if one.blocks
        ),
        rewrite=found.rewrites[0] if found.rewrites else "",
        told=became,
    )
