"""The one transport: which addresses it calls, how long it waits, what it never says."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import pytest

from jalon.connectors.contract import (
    LimitReachedError,
    SourceError,
    UnreachableError,
    UnreadableAnswerError,
)
from jalon.connectors.transport import address, policy
from jalon.connectors.transport.client import Client
from jalon.connectors.transport.policy import Policy
from tests.simulators.server import Asked, Reply, Simulator, served
from tests.simulators.world import World

HASTY = Policy(attempts=3, first_wait=0.001, longest_wait=0.05, timeout=5, per_second=0)


class Echo(Simulator):
    """Answers what the test says."""

    reply = Reply(data={})

    def answer(self, asked: Asked) -> Reply:
        self.asked.append(asked.path)
        return Reply(self.reply.status, self.reply.data, dict(self.reply.headers))


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Echo, str]]:
    monkeypatch.setenv("JALON_PRIVATE_HOSTS", "127.0.0.1")
    found = Echo(World())
    with served(found) as url:
        yield found, url


def asked(url: str, patience: Policy = HASTY) -> Any:
    with Client(url, vendor="Acme", policy=patience) as client:
        return client.get("/rows", token="s3cret")


@pytest.mark.parametrize(
    ("ip", "public"),
    [
        ("8.8.8.8", True),
        ("2001:4860:4860::8888", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.20.0.1", False),
        ("192.168.1.1", False),
        ("169.254.169.254", False),  # where clouds keep their keys
        ("100.64.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_only_addresses_of_the_internet_are_public(ip: str, public: bool) -> None:
    assert address.is_public(ip) is public


@pytest.mark.parametrize(
    ("host", "allowed", "opened"),
    [
        pytest.param("crm.internal", ("CRM.internal",), True, id="by name"),
        pytest.param("crm.internal", ("10.1.0.0/16",), True, id="by network"),
        pytest.param("crm.internal", ("10.2.0.0/16",), False, id="another network"),
        pytest.param("crm.internal", ("internal",), False, id="not by a part of it"),
    ],
)
def test_a_private_host_is_opened_by_who_runs_the_server(
    host: str, allowed: tuple[str, ...], opened: bool
) -> None:
    assert address.is_allowed(host, "10.1.2.3", allowed) is opened


def test_a_name_with_one_private_address_among_public_ones_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("JALON_PRIVATE_HOSTS", raising=False)
    found = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443))
        for ip in ("93.184.215.14", "169.254.169.254")
    ]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)

    with pytest.raises(address.AddressRefusedError):
        address.callable_at("rebinding.example.com", 443)


@pytest.mark.parametrize(
    ("given", "root"),
    [
        ("acme.odoo.com", "https://acme.odoo.com"),
        ("https://acme.odoo.com/", "https://acme.odoo.com"),
        ("http://erp.acme.fr:8069/x/?k=1", "http://erp.acme.fr:8069/x"),
        ("https://me:pass@acme.fr", "https://acme.fr"),
    ],
)
def test_an_address_is_cleaned(given: str, root: str) -> None:
    assert address.cleaned(given, example="https://acme.fr") == root


@pytest.mark.parametrize(
    "given", ["file:///etc/passwd", "ftp://a.fr", "https://", "https://a:x"]
)
def test_what_is_no_address_is_refused_with_an_example(given: str) -> None:
    with pytest.raises(SourceError, match=r"Expected e.g. https://acme.fr"):
        address.cleaned(given, example="https://acme.fr")


@pytest.mark.parametrize(
    ("header", "date", "seconds"),
    [
        pytest.param("12", None, 12.0, id="seconds"),
        pytest.param("-3", None, 0.0, id="never in the past"),
        pytest.param(
            "Mon, 02 Mar 2026 09:01:30 GMT",
            "Mon, 02 Mar 2026 09:00:00 GMT",
            90.0,
            id="a moment, by the vendor's own clock",
        ),
        pytest.param("soon", "Mon, 02 Mar 2026 09:00:00 GMT", None, id="nonsense"),
        pytest.param(None, None, None, id="nothing"),
    ],
)
def test_how_long_a_vendor_asks_to_wait(
    header: str | None, date: str | None, seconds: float | None
) -> None:
    assert policy.asked_wait(header, date=date) == seconds


def test_waits_double_up_to_the_longest_and_never_are_shorter_than_asked() -> None:
    patient = Policy(first_wait=1.0, longest_wait=8.0)
    for tried, most in ((1, 1), (2, 2), (3, 4), (4, 8), (9, 8)):
        drawn = [policy.wait(patient, tried, None) for _ in range(50)]
        assert most / 2 <= min(drawn) <= max(drawn) <= most
        assert len(set(drawn)) > 1, "readers do not come back together"
    assert policy.wait(patient, 1, 30.0) == 30.0


def test_who_asks_for_hours_is_left_at_once(echo: tuple[Echo, str]) -> None:
    simulator, url = echo
    simulator.reply = Reply(429, {}, {"Retry-After": "7200"})

    with pytest.raises(LimitReachedError) as refused:
        asked(url)

    assert (refused.value.daily, refused.value.retry_after) == (True, 7200)
    assert len(simulator.asked) == 1


def test_a_redirection_is_not_followed(echo: tuple[Echo, str]) -> None:
    simulator, url = echo
    simulator.reply = Reply(302, {}, {"Location": "http://169.254.169.254/keys"})

    with pytest.raises(UnreachableError, match="sends elsewhere"):
        asked(url)


def test_an_answer_without_end_is_cut(echo: tuple[Echo, str]) -> None:
    simulator, url = echo
    simulator.reply = Reply(data={"rows": "x" * 5000})

    with pytest.raises(UnreadableAnswerError):
        asked(url, Policy(attempts=1, largest_answer=4096, per_second=0))


def test_a_fault_is_told_without_the_question_s_secrets(
    echo: tuple[Echo, str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    simulator, url = echo
    simulator.reply = Reply(500, {"message": "s3cret"})

    with pytest.raises(UnreachableError) as failed:
        asked(url)

    assert len(simulator.asked) == HASTY.attempts
    assert "s3cret" not in str(failed.value) + repr(failed.value)
    assert "s3cret" not in caplog.text


def test_numbers_are_read_as_written(echo: tuple[Echo, str]) -> None:
    """0.1 + 0.2 of a vendor is not 0.30000000000000004 here."""
    simulator, url = echo
    simulator.reply = Reply(data={"amount": 1234567.89, "count": 3})

    assert asked(url) == {"amount": "1234567.89", "count": 3}
