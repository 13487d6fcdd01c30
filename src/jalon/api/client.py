"""Write the Python client from the OpenAPI document: `python -m jalon.api.client FILE`.

One method an operation, its words as arguments; what is generated is never committed
(make client). It needs httpx alone.
"""

from __future__ import annotations

import keyword
import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Template
from typing import Any

METHODS = ("get", "post", "put", "patch", "delete")
MULTIPART = "multipart/form-data"
HEADERS = {"Idempotency-Key", "If-Match"}

HEAD = Template('''"""A client of Jalon's API $version, from its OpenAPI document."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import httpx


class Refused(Exception):
    """A refusal of the API: `status`, `code`, and `problem`, the whole document."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(problem.get("detail") or problem.get("title") or str(status))
        self.status, self.problem = status, problem
        self.code = problem.get("code", "")


class Client:
    """Asks one Jalon with a token; writes are sent once, whatever the line does.

    `etag` is the mark of the last answer: give it to the change of what was read.
    """

    def __init__(
        self, address: str, *, token: str, lang: str = "en", tries: int = 3
    ) -> None:
        self.etag, self._tries = "", tries
        self._http = httpx.Client(
            base_url=address.rstrip("/"),
            headers={"Authorization": f"Bearer {token}", "Accept-Language": lang},
            timeout=60,
        )

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_told: object) -> None:
        self._http.close()

    def pages(self, operation: Callable[..., Any], **told: Any) -> Iterator[Any]:
        """Yield everything of a list, page after page."""
        cursor = ""
        while True:
            page = operation(**told, cursor=cursor)
            yield from page["items"]
            cursor = page["next"]
            if not cursor:
                return

    def _ask(self, method: str, path: str, **told: Any) -> Any:
        for left in range(self._tries - 1, -1, -1):
            try:
                answer = self._http.request(method, path, **told)
                break
            except httpx.TransportError:
                if not left:
                    raise
        self.etag = answer.headers.get("ETag", "")
        if answer.status_code >= 400:
            try:
                problem = answer.json()
            except ValueError:
                problem = {}
            raise Refused(answer.status_code, problem)
        return answer.json()
''')

METHOD = Template('''
    def $name(self$arguments) -> Any:
        """$summary"""
        return self._ask($sent)
''')


def written(document: Mapping[str, Any]) -> str:
    """Return the source of the client."""
    body = "".join(_method(*one) for one in operations(document))
    return HEAD.substitute(version=document["info"]["version"]) + body


def operations(
    document: Mapping[str, Any],
) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each operation: method, path, what the document says of it."""
    for path, methods in document["paths"].items():
        for method in METHODS:
            if method in methods:
                yield method, path, methods[method]


def name_of(told: Mapping[str, Any]) -> str:
    """Return the name of an operation's method: that of its view."""
    module, _, view = (
        str(told["operationId"]).rpartition("jalon_api_")[2].partition("_")
    )
    return view or module


def _method(method: str, path: str, told: Mapping[str, Any]) -> str:
    parameters = told.get("parameters", [])
    in_path = [one["name"] for one in parameters if one["in"] == "path"]
    in_query = [one["name"] for one in parameters if one["in"] == "query"]
    headers = {one["name"] for one in parameters if one["in"] == "header"} & HEADERS
    content = told.get("requestBody", {}).get("content", {})
    arguments = [f"{_safe(name)}: Any" for name in in_path]
    arguments += ["files: Any"] if MULTIPART in content else []
    named = [f"{_safe(name)}: Any = None" for name in in_query]
    named += ["if_match: str"] if "If-Match" in headers else []
    named += ["once: str | None = None"] if "Idempotency-Key" in headers else []
    more = ["**body: Any"] if content and MULTIPART not in content else []
    star = ["*"] if named else []
    sent = [f'"{method.upper()}"', _address(path)]
    if in_query:
        pairs = ", ".join(f'"{name}": {_safe(name)}' for name in in_query)
        sent.append(
            f"params={{k: v for k, v in {{{pairs}}}.items() if v not in (None, '')}}"
        )
    if headers:
        marks = ['"Idempotency-Key": once or str(uuid.uuid4())']
        marks += ['"If-Match": if_match'] if "If-Match" in headers else []
        sent.append(f"headers={{{', '.join(marks)}}}")
    sent += ["json=body"] if more else []
    sent += ["files=[('files', one) for one in files]"] if MULTIPART in content else []
    summary = str(told.get("description") or told["summary"]).strip().split("\n")[0]
    return METHOD.substitute(
        name=name_of(told),
        arguments="".join(f", {one}" for one in [*arguments, *star, *named, *more]),
        summary=summary.replace('"', "'"),
        sent=", ".join(sent),
    )


def _address(path: str) -> str:
    return f'f"{path}"' if "{" in path else f'"{path}"'


def _safe(name: str) -> str:
    return f"{name}_" if keyword.iskeyword(name) else name


def main() -> None:
    """Write the client where asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
    import django  # noqa: PLC0415 - a process of its own starts here

    django.setup()
    from jalon.api.urls import api  # noqa: PLC0415 - needs Django

    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    target.write_text(written(document), "utf-8")


if __name__ == "__main__":
    main()
