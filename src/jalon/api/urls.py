"""The API whole, at /api/v1/: operations, OpenAPI document, and nothing else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from jalon.api import data, figures, objectives
from jalon.api.answers import Renderer
from jalon.api.door import Replayed, replayed
from jalon.api.problems import KIND, answer_problems, of_status
from jalon.api.reference import PUBLIC, reference

FIRST_REFUSAL = 400
TOKEN = "token"  # noqa: S105 - a rule: who may is said by the token


class Api(NinjaAPI):
    """The API, its document saying that refusals are problems (RFC 9457)."""

    def get_openapi_schema(self, **told: Any) -> OpenAPISchema:  # noqa: ANN401 - ninja's
        """Return the OpenAPI document."""
        document = super().get_openapi_schema(**told)
        for methods in document["paths"].values():
            for operation in methods.values():
                for status, answer in operation["responses"].items():
                    content = answer.get("content", {})
                    if int(status) >= FIRST_REFUSAL and "application/json" in content:
                        content[KIND] = content.pop("application/json")
        return document


api = Api(
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


operations: Any = api.urls
for one in operations[0]:  # the rule of a page's view, told of an operation's
    one.callback.rule = PUBLIC if one.name == "openapi-json" else TOKEN
nothing_here.rule = TOKEN  # type: ignore[attr-defined]

urlpatterns = [
    path("v1/", operations),
    path("docs/", reference(api), name="api_reference"),
    re_path(r"^v1/.*$", nothing_here, name="api_nothing"),
]
