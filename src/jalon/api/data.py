"""Data: files to import by HTTP and where they stand; sources and their readings."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Path, Router, Status
from ninja.files import UploadedFile

from jalon.api import shapes
from jalon.api.asking import reads, writes
from jalon.api.door import actor, asker
from jalon.api.here import now
from jalon.api.problems import Problem
from jalon.domain.people.permission import Act
from jalon.domain.refusals import Refusal
from jalon.queries import sources as sources_of
from jalon.queries import uploads
from jalon.queries.machines import Asker
from jalon.usecases.acting import authorise
from jalon.usecases.runs import ask
from jalon.usecases.start_upload import start
from jalon.usecases.tokens import Scope
from jalon.usecases.upload import receive

router = Router(tags=["Data"])
Key = Path[shapes.Id]


@writes(router, "/imports", {202: shapes.Import}, scope=Scope.DATA)
def import_files(
    request: HttpRequest, response: HttpResponse, files: File[list[UploadedFile]]
) -> Any:  # noqa: ANN401 - a document, checked by its shape
    """Give files to import (CSV, XLSX, Parquet, JSON lines, or a zip of them).

    What they hold is recognised, as by `jalon import`; ask where it stands after.
    """
    who = asker(request)
    key = receive(who.workspace, files, actor=actor(request, who), at=now())
    start(who.workspace, key, on=who.on, at=now(), through=True)
    response["Location"] = f"{request.path}/{key}"
    return Status(202, _told(who, key))


@reads(router, "/imports/{key}", shapes.Import, scope=Scope.DATA)
def read_import(request: HttpRequest, key: Key) -> Any:  # noqa: ANN401
    """Read where an import stands: its state, its report, or why it was refused."""
    who = asker(request)
    authorise(actor(request, who), Act.IMPORT_DATA)
    return _told(who, key)


@reads(router, "/sources", list[shapes.Source], scope=Scope.DATA)
def list_sources(request: HttpRequest) -> Any:  # noqa: ANN401
    """List the sources connected, and their last readings; never their keys."""
    authorise(actor(request, asker(request)), Act.SEE_DATA)
    return [_source(one) for one in sources_of.sources()]


@reads(router, "/sources/{key}", shapes.Source, scope=Scope.DATA)
def read_source(request: HttpRequest, key: Key) -> Any:  # noqa: ANN401
    """Read one source and its readings."""
    authorise(actor(request, asker(request)), Act.SEE_DATA)
    return _source(_known(key))


@writes(router, "/sources/{key}/runs", {202: shapes.Asked}, scope=Scope.DATA)
def read_now(request: HttpRequest, key: Key) -> Any:  # noqa: ANN401
    """Have a source read soon, by the worker."""
    does = actor(request, asker(request))
    authorise(does, Act.IMPORT_DATA)
    _known(key)
    return Status(202, {"run": ask(key, actor=does, at=now())})


def _known(name: str) -> sources_of.SourceView:
    found = sources_of.source(name)
    if found is None:
        raise Problem("not_found", "No source is called {name}.", name=name)
    return found


def _told(who: Asker, key: str) -> dict[str, Any]:
    found = uploads.upload(who.workspace, key)
    if found is None:
        raise Problem("not_found", "There is no import {key}.", key=key)
    told = found.refusal
    return {
        "id": found.key,
        "state": found.state,
        "step": found.progress.step if found.at_work else None,
        "share": found.progress.share if found.at_work else None,
        "files": list(found.files),
        "refusal": _said(told) if told else None,
        "report": dict(found.report) if found.report else None,
    }


def _said(told: uploads.Fault) -> str:
    sentence = told.sentence or f"import.refused.{told.code}"
    return Refusal(sentence, **dict(told.parameters)).told(_)


def _source(one: sources_of.SourceView) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "title": one.title,
        "every": one.every,
        "read_at": one.read_at,
        "checked_at": one.checked_at,
        "runs": [_run(run) for run in one.runs],
    }


def _run(one: sources_of.RunView) -> dict[str, Any]:
    fault = None
    if one.fault:
        sentence, parameters = sources_of.fault_message(one.fault)
        fault = Refusal(sentence, **parameters).told(_)
    return {
        "id": one.run_id,
        "why": one.why,
        "by": one.by,
        "state": one.state,
        "at": one.at,
        "seconds": one.seconds,
        "attempts": one.attempts,
        "counts": dict(one.counts),
        "generation": one.generation or None,
        "fault": fault,
    }
