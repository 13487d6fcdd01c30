"""The tools of an assistant: each reads what its user may read, and nothing else."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any, Literal, TypeVar

import anyio.to_thread
from django.db import close_old_connections
from django.utils import translation
from django.utils.translation import gettext as _
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import AccessToken
from mcp.server.auth.settings import AuthSettings
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import AnyHttpUrl

from jalon.domain.refusals import Refusal
from jalon.mcp.whose import asked_by
from jalon.notifications import alert_document
from jalon.queries import machines
from jalon.queries.json_text import json_text
from jalon.queries.machines import Asker
from jalon.usecases.tokens import Scope, bearer
from jalon.workspace.folder import Workspace

T = TypeVar("T")
Document = dict[str, Any]
READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
INSTRUCTIONS = (
    "Sales objectives of a company, from the facts of its CRM. Every figure comes with "
    "its period and snapshot; null means no value, and `reason` says why: never take "
    "it for zero. Money is in `currency`, shares are fractions of 1, periods end "
    "before `after`. Start with list_objectives; explain_objective lists the rows "
    "behind a figure, gap_of_objective says why it is off. You see what your user sees."
)
MOST = 200


def server(workspace: Workspace, token: str, *, lang: str | None = None) -> MCPServer:
    """Return the server of one workspace, acting with one token."""
    return _made(_Asking(workspace, lambda: token, lang))


def open_server(
    workspace: Workspace, address: str, *, lang: str | None = None
) -> MCPServer:
    """Return the server of many people: each question acts with the token it carries.

    `address` is where it is served; a question without a token that opens is refused.
    Tokens are Jalon's own: no authorization server is told of.
    """
    return _made(
        _Asking(workspace, _token_of_question, lang),
        token_verifier=_Opening(),
        auth=AuthSettings(issuer_url=AnyHttpUrl(address), resource_server_url=None),
    )


def _made(asking: _Asking, **more: Any) -> MCPServer:  # noqa: ANN401 - the SDK's own
    made: MCPServer = MCPServer(
        "jalon",
        title="Jalon",
        instructions=INSTRUCTIONS,
        version=version("jalon"),
        log_level="ERROR",
        **more,
    )
    for group in (_of_objectives, _of_figures, _of_people):
        group(made, asking)
    return made


class _Opening:
    """Says whether a token opens; what it is good for is looked at by each question."""

    async def verify_token(self, token: str) -> AccessToken | None:
        """Return the token with its account and scopes, None where it opens nothing."""
        return await anyio.to_thread.run_sync(self._opened, token)

    def _opened(self, token: str) -> AccessToken | None:
        close_old_connections()
        try:
            found = bearer(token, at=datetime.datetime.now(datetime.UTC))
        finally:
            close_old_connections()
        if found is None:
            return None
        scopes = sorted(found.scopes)
        return AccessToken(token=token, client_id=found.user.email, scopes=scopes)


def _token_of_question() -> str:
    found = get_access_token()
    return found.token if found else ""


class _Asking:
    """Asks in a thread of its own, as the token's account, and writes plain JSON."""

    def __init__(
        self, workspace: Workspace, token: Callable[[], str], lang: str | None
    ) -> None:
        self._workspace, self._token, self._lang = workspace, token, lang

    async def __call__(
        self, question: Callable[[Asker], object], *, scope: Scope = Scope.READ
    ) -> Any:  # noqa: ANN401 - any document
        token = self._token()
        return await anyio.to_thread.run_sync(self._answer, question, scope, token)

    def _answer(
        self, question: Callable[[Asker], object], scope: Scope, token: str
    ) -> object:
        close_old_connections()
        try:
            asker = asked_by(self._workspace, token, scope=scope, lang=self._lang)
            with translation.override(asker.lang):
                return json.loads(json_text(_answered(question, asker)))
        except Refusal as refusal:
            raise ToolError(refusal.told(_)) from refusal
        finally:
            close_old_connections()


def _answered(question: Callable[[Asker], T], asker: Asker) -> T:
    try:
        return question(asker)
    except Refusal as refusal:
        raise ToolError(refusal.told(_)) from refusal


def _of_objectives(made: MCPServer, asking: _Asking) -> None:
    @made.tool(annotations=READS)
    async def list_objectives(
        owner: str = "",
        kpi: str = "",
        status: str = "",
        when: Literal["now", "past", "next", "all"] = "now",
    ) -> Document:
        """List objectives with target, actual, attainment, gap, status and landing.

        `owner` is company, team:<id> or person:<id>; `status` is on_track, watch,
        off_track, reached, missed, not_started or no_data.
        """

        def found(asker: Asker) -> Document:
            lines = machines.listed(
                asker, owner=owner, kpi=kpi, status=status, when=when
            )
            return {
                "on": asker.on,
                "count": len(lines),
                "objectives": [machines.told(one) for one in lines[:MOST]],
            }

        return await asking(found)  # type: ignore[no-any-return]

    @made.tool(annotations=READS)
    async def read_objective(objective: str) -> Document:
        """Read one objective whole: figures, status, re-targets, plan of actions."""
        return await asking(  # type: ignore[no-any-return]
            lambda asker: machines.told(machines.seen(asker, objective))
        )

    @made.tool(annotations=READS)
    async def explain_objective(objective: str, limit: int = 100) -> Document:
        """List the rows counted in an objective's figure, and how each entered."""
        rows = min(max(limit, 1), 1000)
        return await asking(  # type: ignore[no-any-return]
            lambda asker: machines.rows_of(asker, objective, limit=rows),
            scope=Scope.ROWS,
        )

    @made.tool(annotations=READS)
    async def gap_of_objective(
        objective: str, against: Literal["", "target", "N-1", "previous"] = ""
    ) -> Document:
        """Say why an objective is off: drivers that add up to the gap, and levers."""
        return await asking(  # type: ignore[no-any-return]
            lambda asker: machines.gap(asker, objective, against=against)
        )

    @made.tool(annotations=READS)
    async def landing_of_objective(objective: str) -> Document:
        """Say where an objective will land (P10, P50, P90), how probable its target."""
        return await asking(  # type: ignore[no-any-return]
            lambda asker: machines.landing(asker, objective)
        )


def _of_figures(made: MCPServer, asking: _Asking) -> None:
    @made.tool(annotations=READS)
    async def list_kpis() -> Document:
        """List the KPIs: key, label, question answered, unit, formula."""
        return await asking(lambda asker: {"kpis": machines.kpis(asker)})  # type: ignore[no-any-return]

    @made.tool(annotations=READS)
    async def kpi_value(
        kpi: str,
        first: datetime.date | None = None,
        after: datetime.date | None = None,
        by: list[str] | None = None,
        where: list[str] | None = None,
    ) -> Document:
        """Compute a KPI from `first` until before `after`, cut and filtered.

        `by` holds dimensions (person, team, product, segment, month…), `where`
        filters such as segment=PME or amount<10000. Without dates: the fiscal year.
        """
        cut = {"by": tuple(by or ()), "where": tuple(where or ())}

        def found(asker: Asker) -> Document:
            asked = machines.question(asker, kpi, first=first, after=after, cut=cut)
            return machines.value(asker, asked)

        return await asking(found)  # type: ignore[no-any-return]

    @made.tool(annotations=READS)
    async def forecast(
        kpi: str = "revenue",
        by: Literal["company", "team", "person"] = "company",
        first: datetime.date | None = None,
        after: datetime.date | None = None,
    ) -> Document:
        """Forecast a KPI to the end of a period; without dates, the fiscal quarter."""
        return await asking(  # type: ignore[no-any-return]
            lambda asker: machines.forecast(asker, kpi, by=by, first=first, after=after)
        )

    @made.tool(annotations=READS)
    async def list_alerts(*, waiting: bool = False) -> Document:
        """List alerts: objectives and funnels that changed state, newest first."""

        def found(asker: Asker) -> Document:
            lines = machines.alerts(asker, waiting=waiting)
            told = [alert_document.document(one, lang=asker.lang) for one in lines]
            return {"alerts": told}

        return await asking(found)  # type: ignore[no-any-return]


def _of_people(made: MCPServer, asking: _Asking) -> None:
    @made.tool(annotations=READS)
    async def list_check_ins() -> Document:
        """List your user's own check-ins, and those of the week of whom they lead."""
        return await asking(  # type: ignore[no-any-return]
            lambda asker: {"check_ins": machines.points(asker)}, scope=Scope.NOTES
        )

    @made.tool(annotations=READS)
    async def list_people() -> Document:
        """List teams and people: who is where, who leads whom."""
        return await asking(  # type: ignore[no-any-return]
            lambda asker: {
                "teams": machines.teams(asker),
                "people": machines.people(asker),
            }
        )
