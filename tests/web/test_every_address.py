"""Every address, every reader, reading and writing: who is let in, said by hand.

Letters: D Alice directs, M Mona leads Bob's team, X Marc leads another team, O Bob owns
what is looked at, I Inès is his team-mate, S Charlie is a stranger to him, R Olga is
RevOps, L René reads. Whoever is not logged in is sent to log in, or told 405.

An address that is not in the table fails: say who may read it, and who may write.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from jalon.api.urls import TOKEN
from jalon.queries.territories import Asked
from jalon.usecases.acting import SYSTEM
from jalon.usecases.territories import draw_up
from jalon.workspace.folder import Workspace
from tests.worlds import followed, paid

pytestmark = pytest.mark.django_db
READERS = {
    "D": "alice",
    "M": "mona",
    "X": "marc",
    "O": "bob",
    "I": "ines",
    "S": "charlie",
    "R": "olga",
    "L": "rene",
}
ALL, NOBODY = "DMXOISRL", ""
PUBLIC = {
    *("login", "login_code", "logout", "language", "theme"),
    *("sign_on", "sign_on_back"),
    *("invitation", "password_asked", "password_chosen", "check_in_by_mail"),
    "tv",
    "source_knock",
    *("api_reference", "openapi-json"),
    *("survey_form", "survey_out", "survey_click"),
    "digest_out",
}
LEADS = "DMXR"  # whoever changes somebody's things; the use case says whose
OF_BOB = "DMR"  # whoever may change Bob

# name: who may read, who may write ("" where the address does not answer the method)
TABLE: dict[str, tuple[str, str]] = {
    # one's own session and account
    "login": (ALL, ALL),
    "logout": (NOBODY, ALL),
    "language": (NOBODY, ALL),
    "theme": (NOBODY, ALL),
    "invitation": (ALL, ALL),
    "password_asked": (ALL, ALL),
    "password_chosen": (ALL, ALL),
    "my_account": (ALL, ALL),
    "my_password": (NOBODY, ALL),
    "log_out_everywhere": (NOBODY, ALL),
    "login_code": (ALL, ALL),
    "sign_on": (ALL, NOBODY),
    "sign_on_back": (ALL, NOBODY),
    "second_factor": (ALL, ALL),
    "second_factor_off": (NOBODY, ALL),
    "end_session": (NOBODY, NOBODY),  # this one is nobody's
    # search finds what the reader may see
    "search": (ALL, NOBODY),
    "shortcuts": (ALL, NOBODY),
    # accounts: a manager those of the teams led; grants are a director's
    "accounts": (LEADS, NOBODY),
    "invite": (NOBODY, OF_BOB),
    "accounts_import": ("DR", "DR"),
    "withdraw_invitation": (NOBODY, LEADS),
    "account": (OF_BOB, OF_BOB),
    "account_active": (NOBODY, OF_BOB),
    "account_grants": (NOBODY, "D"),
    "account_log_out": (NOBODY, OF_BOB),
    "account_second_factor_off": (NOBODY, OF_BOB),
    # machines: one's own tokens; webhooks are of who connects; how to ask is public
    "my_tokens": (ALL, ALL),
    "token_revoke": (NOBODY, "O"),
    "webhooks": ("DR", "DR"),
    "webhook": ("DR", NOBODY),
    "webhook_change": (NOBODY, "DR"),
    "who_sees": (ALL, NOBODY),
    "api_reference": (ALL, NOBODY),
    "openapi-json": (ALL, ALL),
    # people: everybody reads who is where, those above Bob write of Bob
    "people": (ALL, NOBODY),
    "people_add": (LEADS, LEADS),
    "team_add": (NOBODY, LEADS),
    "person": (ALL, OF_BOB),
    "person_move": (NOBODY, OF_BOB),
    "person_leave": (NOBODY, OF_BOB),
    "person_away": (NOBODY, OF_BOB),
    "person_back": (NOBODY, OF_BOB),
    "erase_person": ("D", "D"),
    # one's own: lists kept, tiles, what one may take back; another's do not exist
    "my_views": (ALL, ALL),
    "view": ("O", NOBODY),
    "view_change": (NOBODY, "O"),
    "shared_view": (ALL, NOBODY),  # its list is read with the reader's own rights
    "my_tiles": (ALL, ALL),
    "undo": (NOBODY, "O"),
    # the company's settings
    "company_settings": ("DR", "DR"),
    # the journal
    "journal": ("DR", NOBODY),
    "journal_csv": ("DR", NOBODY),
    "journal_xlsx": ("DR", NOBODY),
    # results are everybody's, rows are their owner's and those above
    "my_objectives": (ALL, NOBODY),
    "objectives": (ALL, NOBODY),
    "objective": (ALL, NOBODY),
    "explain": ("DMOR", NOBODY),
    "export_rows": ("DMOR", NOBODY),
    "plan": (ALL, "DMO"),
    "assess": (ALL, ALL),  # this one is no graded statement: nothing to write
    "objective_path": (ALL, NOBODY),
    # alerts: whose they are and who leads them; this one is Bob's
    "alerts": ("DMXOIS", NOBODY),
    "alerts_seen": (NOBODY, "DMXOIS"),
    "alert_note": (NOBODY, "DMO"),
    "alert_action": (NOBODY, "DMO"),
    "notifications": (ALL, ALL),
    "send_notice_again": (NOBODY, ALL),
    "track_record": (ALL, NOBODY),
    "gap": (ALL, NOBODY),
    "export_gap": (ALL, NOBODY),
    "weekly": (ALL, NOBODY),
    "funnel": (ALL, NOBODY),
    # reviews: prepared by who leads; this one is of Bob's team, and open
    "reviews": (ALL, "DM"),
    "review": ("DM", NOBODY),
    "review_write": (NOBODY, "DM"),
    "review_export": ("DM", NOBODY),
    "learnings": (ALL, NOBODY),
    "new_learning": ("DMXOIS", "DMXOIS"),
    # what customers answered: of those one answers for; surveys are the company's
    "surveys": ("DMXOISR", NOBODY),
    "new_survey": (NOBODY, "DR"),
    "switch_survey": (NOBODY, "DR"),
    "send_survey": (NOBODY, "DR"),
    "survey_act": (NOBODY, "DMXOIS"),
    "survey_done": (NOBODY, "DMXOIS"),
    "survey_form": (ALL, ALL),  # its token says whose answer it is; this one is forged
    "survey_click": (ALL, NOBODY),
    "survey_out": (ALL, ALL),
    "digest_out": (ALL, ALL),  # its token says whose digest it is; this one is forged
    "wish_digest": (NOBODY, ALL),
    # what the field says: whoever may read the notes of those concerned
    "themes": ("DMX", NOBODY),
    "tag_point": (NOBODY, "DMX"),
    "lexicon": (LEADS, LEADS),
    "objective_field": ("DMO", NOBODY),
    "calls": ("DMOR", "DMO"),
    "coaching": ("MO", NOBODY),  # between the two of them
    "what_if": ("DMOR", NOBODY),  # it names deals
    "retarget": (ALL, "DM"),
    "adjust": ("DM", NOBODY),
    "direction": ("DMXRL", NOBODY),  # a salesperson has the boards
    "pacing": (ALL, NOBODY),
    "diagram": (ALL, NOBODY),
    "team": (ALL, NOBODY),
    "export_board": (ALL, NOBODY),
    "balance": (ALL, NOBODY),
    # the weekly point: one's own; the team's is read by who leads it
    "check_in": ("DMXOISR", "DMXOISR"),
    "check_in_draft": (NOBODY, "DMXOISR"),
    "check_in_by_mail": (ALL, ALL),  # its token says whose it is; this one is forged
    "check_ins": ("DMX", NOBODY),
    "check_in_read": (NOBODY, "DMX"),
    "check_in_rhythm": (NOBODY, "DM"),
    # successes: greeted by who leads, thanked for by anybody who works here
    "wall": (ALL, NOBODY),
    "wall_thank": (NOBODY, "DMXOISR"),
    "wall_choose": (NOBODY, "DMXOISR"),  # for oneself
    "words": ("DMX", NOBODY),
    "word_say": (NOBODY, "DM"),  # this one is Bob's
    "word_let_go": (NOBODY, "DM"),
    "word_withdraw": (NOBODY, ALL),  # one's own; another's is left as it is
    "screens": ("DR", "DR"),
    "screen_close": (NOBODY, "DR"),
    "room_add": (NOBODY, "DR"),
    "room_remove": (NOBODY, "DR"),
    "tv": (ALL, NOBODY),  # whoever holds the link of the screen
    # preparing: whoever answers for somebody
    "new_statement": ("DMXOIS", "DMXOIS"),
    # sentences: whoever may propose; the use case says for whom
    "new_objective": ("DMXOIS", "DMXOIS"),
    "smart_card": ("DMXOIS", NOBODY),
    "smart_list": ("DMXOIS", "DMXOIS"),
    "models": (ALL, NOBODY),
    "model": (ALL, NOBODY),
    "new_model": (LEADS, LEADS),
    "edit_model": (LEADS, LEADS),
    "remove_model": (LEADS, LEADS),
    # understanding
    "explorer": (ALL, NOBODY),
    "explorer_values": (ALL, NOBODY),
    "explorer_rows": ("DR", NOBODY),  # the rows of the whole company
    "explorer_rows_export": ("DR", NOBODY),
    "explorer_export": (ALL, NOBODY),
    "catalogue": (ALL, NOBODY),
    "kpi": (ALL, NOBODY),
    "kpi_value": (ALL, NOBODY),
    "new_kpi": ("DR", "DR"),
    "edit_kpi": ("DR", "DR"),
    "remove_kpi": (NOBODY, "DR"),
    # data and the first run
    "data": ("DR", NOBODY),
    "quarantine": ("DR", NOBODY),
    "quarantine_csv": ("DR", NOBODY),
    "quality": ("DR", NOBODY),
    "quality_rows": ("DR", NOBODY),
    "quality_csv": ("DR", NOBODY),
    "source_kinds": ("DR", NOBODY),
    "source_new": ("DR", "DR"),
    "source": ("DR", "DR"),
    "source_settings": ("DR", "DR"),
    "source_state": ("DR", NOBODY),
    "source_targets": ("DR", "DR"),
    "crm_use": ("DMXOIS", NOBODY),
    "source_knock": (NOBODY, ALL),  # the address is the secret
    "new_upload": ("DR", "DR"),
    "upload": ("DR", "DR"),
    "upload_state": ("DR", NOBODY),
    "upload_again": (NOBODY, "DR"),
    "upload_discard": (NOBODY, "DR"),
    "first_run": ("DR", "DR"),
    "first_run_data": ("DR", "DR"),
    "first_run_people": ("DR", "DR"),
    "first_run_objectives": ("DR", "DR"),
    "first_run_resume": ("DR", NOBODY),
    "first_run_end": (NOBODY, "DR"),
    # sharing a target out: the grid says itself what each may do in it
    "plannings": (ALL, ALL),
    # accounts shared out: a director's and a manager's, each for the teams led
    "territories": ("DMX", "DM"),
    "distribution": ("DM", "DM"),
    "distribution_decide": (NOBODY, "DM"),
    "distribution_moves": ("DM", NOBODY),
    "planning": (ALL, NOBODY),
    "planning_edit": (NOBODY, ALL),
    "planning_sheet": (ALL, NOBODY),
    "planning_import": (NOBODY, ALL),
    "agreement": (ALL, ALL),
    "evidence": ("DMO", "DMO"),  # the person, who leads them, the director
    "evidence_pdf": ("DMO", NOBODY),
    "evidence_json": ("DMO", NOBODY),
    # pay: the person, who leads them, the director; plans are RevOps' too, unseen pay
    "pay": ("DMXOIS", NOBODY),  # one's own, or of whom one leads
    "pay_statement": ("DMO", NOBODY),
    "pay_statement_pdf": ("DMO", NOBODY),
    "pay_ask": (NOBODY, "O"),
    "pay_answer": (NOBODY, "DMX"),  # this question is nobody's; the use case says whose
    "pay_reward": (NOBODY, "DMX"),  # nobody's here; the use case says whose
    "pay_accept": (NOBODY, "O"),
    "pay_plans": ("DR", NOBODY),
    "pay_check": (NOBODY, "DR"),
    "pay_plan": ("DR", "DR"),
    "pay_publish": (NOBODY, "D"),
    "pay_noted": (NOBODY, "OI"),
    "pay_terms": (NOBODY, "DM"),
    "pay_runs": ("DMX", "D"),
    "pay_run": ("DMX", NOBODY),  # each sees the statements of whom they lead
    "pay_run_state": (NOBODY, "D"),
    "pay_run_export": ("D", NOBODY),
    "pay_simulation": ("DMX", NOBODY),
}
KEYS = {
    "objective_id": "ca-t2-bob",
    "person_id": "bob",
    "person": "bob",
    "token": "unknown",
    "user": "unknown",
    "kind": "csv",
    "key": "revenue",
    "upload_key": "0" * 32,
    "planning": "unknown",
    "check_in_id": "0",
    "delivery": "0",
    "answer_id": "unknown",
    "action": "0",
    "score": "9",
    "session_id": "0",
    "source_name": "unknown",
    "source_kind": "folder",
    "word": "unknown",
    "code": "unknown",
}
KEYS_OF = {
    "model": {"key": "revenue_growth"},
    "edit_model": {"key": "unknown"},
    "remove_model": {"key": "unknown"},
    "edit_kpi": {"key": "unknown"},
    "remove_kpi": {"key": "unknown"},
    "switch_survey": {"key": "unknown"},
    "send_survey": {"key": "unknown"},
    "explorer_export": {"kind": "csv"},
    "review_export": {"kind": "xlsx"},
    "pay_plan": {"plan": paid.PLAN},
    "pay_publish": {"plan": paid.PLAN},
    "pay_noted": {"plan": paid.PLAN},
    "pay_terms": {"plan": paid.PLAN},
}
# What is posted, where an empty form would be refused before anybody's right to it.
BODIES: dict[str, dict[str, str]] = {
    "invite": {"email": "new@exemple.fr", "role": "salesperson", "person_id": "emil"},
    "account": {"role": "salesperson", "person_id": "bob"},
    "retarget": {
        "new": "40000",
        "effective_on": "2025-06-16",
        "reason": "market",
        "text": "Un appel d'offres reporté",
    },
    "territories": {"scope": "team:nouveaux"},
    "pay_noted": {"number": "1"},
    "pay_accept": {"rank": "1"},
    "pay_terms": {"person": "bob", "first": "2025-01-01"},
    "pay_runs": {"plan": paid.PLAN, "day": "2025-02-01"},
    "pay_run_state": {"state": "published"},
    "pay_publish": {"number": "1", "notice": "Plan"},
    "review_write": {"do": "note", "part": "results", "text": "Un bon mois"},
    "reviews": {"owner": "team:nouveaux", "kind": "quarterly"},
    "plan": {"do": "plan", "action": "Rappeler les dix propositions"},
    "alert_action": {"action": "Rappeler", "objective": "ca-t2-bob"},
}
MADE_UP = {"unknown", "0" * 32}  # nothing has this key: 404 is for who is let in


@dataclass
class World:
    """The company behind clients, one for each reader."""

    clients: dict[str, Client]
    bob: int
    plan: int
    alert: int
    run: int
    statement: int
    review: int
    token: int
    hook: int
    word: int
    screen: str
    view: int
    link: str
    undoable: int

    def outcome(self, who: str, name: str, path: str, method: str) -> str:
        """Return "in", "out", "login" or "closed"; nothing the request did stays."""
        client = Client(raise_request_exception=False)
        if who:
            client.cookies = deepcopy(self.clients[who].cookies)
        with transaction.atomic():
            body = BODIES.get(name, {}) if method == "post" else {}
            response = getattr(client, method)(path, body)
            transaction.set_rollback(True)
        status, where = response.status_code, response.headers.get("Location", "")
        assert status < 500, f"{method} {path} by {who or 'nobody'}: {status}"
        if status == 302 and where.startswith("/login/?next="):
            return "login"
        if status == 405:
            return "closed"
        hidden = status == 404 and not any(key in path for key in MADE_UP)
        return "out" if status == 403 or hidden else "in"


@pytest.fixture(scope="module")
def world(
    django_db_setup: None,
    django_db_blocker: Any,
    facts: Workspace,
) -> Iterator[World]:
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        transaction.atomic(),
    ):
        patch.setenv("JALON_TODAY", followed.ON.isoformat())
        patch.setattr(settings, "WORKSPACE", facts)
        hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
        patch.setattr(settings, "PASSWORD_HASHERS", hashers)
        yield world_of(facts)
        transaction.set_rollback(True)


def world_of(company: Workspace) -> World:
    """Write the followed company, its pay, a review and the rest; a client for each."""
    followed.people(company)
    users = {user.person_id: user for user in get_user_model().objects.all()}
    clients = {}
    for letter, key in READERS.items():
        clients[letter] = Client()
        clients[letter].force_login(users[key])
    plan = draw_up(
        company,
        "Nouveaux clients",
        Asked(scope="team:nouveaux"),
        actor=SYSTEM,
        on=followed.ON,
        at=followed.AT,
    )
    paid.published(company)
    pay = paid.first_quarter(company)
    alert, review = followed.alert_of_bob(), followed.review_of_the_team(company)
    machines = followed.token_and_hook(company, users["bob"], users["olga"])
    words = followed.word_to_bob_and_screen()
    pay = (*pay, review, *machines, *words, *followed.views_of_bob(followed.AT))
    return World(clients, users["bob"].pk, plan, alert, *pay)


def patterns(
    resolver: URLResolver, before: str = "/"
) -> Iterator[tuple[str, URLPattern]]:
    for part in resolver.url_patterns:
        address = before + str(part.pattern)
        if isinstance(part, URLResolver):
            yield from patterns(part, address)
        else:
            yield address, part


ADDRESSES = [
    (address, str(part.name))
    for address, part in patterns(get_resolver())
    if part.callback.rule != TOKEN  # the API's: tests/api/test_every_operation
]


def filled(address: str, name: str, *, world: World) -> str:
    """Return the address with a key for each of its parts."""
    made = {"user_id": str(world.bob), "plan": str(world.plan)}
    made["alert"] = str(world.alert)
    made["review_id"] = str(world.review)
    made |= {"word_id": str(world.word), "screen_id": "0", "room_id": "0"}
    made |= {"token": world.screen} if name == "tv" else {}
    made |= {"token_id": str(world.token), "hook_id": str(world.hook)}
    made |= {
        "run": str(world.run),
        "statement": str(world.statement),
        "question": "0",
        "reward": "0",
    }
    made |= {"view_id": str(world.view), "link": world.link}
    made |= {"number": str(world.undoable)}
    keys = {**KEYS, **made, **KEYS_OF.get(name, {})}
    for part, key in keys.items():
        for kind in ("str", "int", "path", "slug"):
            address = address.replace(f"<{kind}:{part}>", key)
    assert "<" not in address, f"say in KEYS what fills {address}"
    return address


def let_in(world: World, name: str, path: str, method: str) -> str:
    return "".join(
        letter
        for letter in READERS
        if world.outcome(letter, name, path, method) == "in"
    )


@pytest.mark.parametrize(
    ("address", "name"), [pytest.param(*pair, id=pair[0]) for pair in ADDRESSES]
)
def test_who_reads_and_who_writes(world: World, address: str, name: str) -> None:
    assert name in TABLE, f"say in TABLE who may read and write {address} ({name})"
    path = filled(address, name, world=world)

    found = tuple(let_in(world, name, path, method) for method in ("get", "post"))

    assert found == TABLE[name]


@pytest.mark.parametrize(
    ("address", "name"), [pytest.param(*pair, id=pair[0]) for pair in ADDRESSES]
)
def test_whoever_is_not_logged_in_meets_the_door(
    world: World, address: str, name: str
) -> None:
    path = filled(address, name, world=world)

    found = {world.outcome("", name, path, method) for method in ("get", "post")}

    expected = {"in", "closed"} if name in PUBLIC else {"login", "closed"}
    assert found <= expected
    assert found != {"closed"}


@pytest.mark.parametrize(
    ("address", "name"), [pytest.param(*pair, id=pair[0]) for pair in ADDRESSES]
)
def test_no_other_method_opens_what_reading_and_writing_do_not(
    world: World, address: str, name: str
) -> None:
    left = [letter for letter in READERS if letter not in "".join(TABLE[name])]
    path = filled(address, name, world=world)

    found = {
        (letter, method)
        for letter in left[:1]
        for method in ("put", "patch", "delete")
        if world.outcome(letter, name, path, method) == "in"
    }

    assert not found


def test_the_table_names_no_address_that_is_gone() -> None:
    assert set(TABLE) <= {name for _, name in ADDRESSES}
