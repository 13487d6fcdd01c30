"""The reference page of the API: drawn from its OpenAPI document, nothing fetched."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from jalon.api.problems import TITLES

PUBLIC = "public"  # the rule of the pages: anybody may read how to ask
METHODS = ("get", "post", "put", "patch", "delete")


def reference(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """Return the view of the reference of an API."""

    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        document = api.get_openapi_schema(path_prefix="/api/v1/")
        problems = [(code, status, title()) for code, (status, title) in TITLES.items()]
        context = {
            "groups": grouped(document),
            "problems": problems,
            "title": document["info"]["title"],
        }
        return render(request, "reference/page.html", context)

    page.rule = PUBLIC  # type: ignore[attr-defined]
    return page


def grouped(document: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the operations of an OpenAPI document by tag, in its order."""
    found: dict[str, list[dict[str, Any]]] = {}
    for one in operations(document):
        found.setdefault(one["tag"], []).append(one)
    return list(found.items())


def operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield each operation: its address, what it takes, what it gives."""
    known = document["components"]["schemas"]
    for path, methods in document["paths"].items():
        for method in METHODS:
            told = methods.get(method)
            if told is None:
                continue
            yield {
                "id": told["operationId"].rpartition("_api_")[2],
                "method": method.upper(),
                "path": path,
                "tag": in_words(told.get("tags", [""])[0]),
                "summary": in_words(told.get("description") or told["summary"]),
                "scope": told.get("x-scope", ""),
                "parameters": [
                    _field(one["name"], one["schema"], one.get("required"), one)
                    for one in told.get("parameters", [])
                ],
                "body": _fields(told.get("requestBody"), known),
            }


def in_words(text: str) -> str:
    """Return a text of the document in the reader's language, paragraph by paragraph.

    The document itself, which machines read, stays in English.
    """
    return " ".join(_(one) for one in paragraphs(text))


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text, each on one line."""
    found = (" ".join(one.split()) for one in text.split("\n\n"))
    return [one for one in found if one]


def _fields(body: Mapping[str, Any] | None, known: Mapping[str, Any]) -> list[Any]:
    if not body:
        return []
    (kind,) = body["content"].values()
    shape = kind["schema"]
    name = shape.get("$ref", "").rpartition("/")[2]
    shape = known.get(name, shape)
    required = shape.get("required", [])
    return [
        _field(field, one, field in required, one)
        for field, one in shape.get("properties", {}).items()
    ]


def _field(
    name: str,
    shape: Mapping[str, Any],
    required: object,
    told: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": _kind(shape),
        "required": bool(required),
        "default": shape.get("default"),
        "description": in_words(told.get("description", "")),
    }


def _kind(shape: Mapping[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(str(one) or '""' for one in shape["enum"])
    if "const" in shape:
        return str(shape["const"])
    if "anyOf" in shape:
        kinds = [_kind(one) for one in shape["anyOf"]]
        return " | ".join(one for one in kinds if one != "null")
    if shape.get("type") == "array":
        return f"[{_kind(shape.get('items', {}))}]"
    return str(shape.get("format") or shape.get("type") or "")
