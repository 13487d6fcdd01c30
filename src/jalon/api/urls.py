"""The API whole, at /api/v1/: operations, OpenAPI document, and nothing else."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from jalon.api import data, figures, objectives
from jalon.api.answers import Renderer
from jalon.api.door import Replayed, replayed
from jalon.api.problems import answer_problems, of_status
from jalon.api.reference import PUBLIC, reference

TOKEN = "token"  # noqa: S105 - a rule: who may is said by the token

api = NinjaAPI(
    title="Jalon",
    version="1",
    description=(
        "The same use cases and the same answers as `jalon … --json`, with no more "
        "rights than the account of the token. Refusals are application/problem+json."
    ),
    urls_namespace="api",
    docs_url=None,
    renderer=Renderer(),
)
api.add_router("/objectives", objectives.router)
api.add_router("", figures.router)
api.add_router("", figures.people_router)
api.add_router("", data.router)
answer_problems(api)
api.add_exception_handler(Replayed, replayed)  # type: ignore[arg-type]


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """Say that nothing is at this address, as a problem."""
    return of_status(request, 404)


operations, *named = api.urls
for one in operations:  # the rule of a page's view, told of an operation's
    public = one.name in {"openapi-json", "api-root"}
    one.callback.rule = PUBLIC if public else TOKEN
nothing_here.rule = PUBLIC  # type: ignore[attr-defined]

urlpatterns = [
    path("v1/", (operations, *named)),
    path("docs/", reference(api), name="api_reference"),
    re_path(r"^v1/.*$", nothing_here, name="api_nothing"),
]
