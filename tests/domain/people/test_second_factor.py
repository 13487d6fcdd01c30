"""Codes of RFC 6238, by its own test vectors."""

from __future__ import annotations

import base64

import pytest

from jalon.domain.people.second_factor import (
    code_of,
    recovery_form,
    step_at,
    step_of,
    written,
)

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [  # RFC 6238, appendix B, SHA-1; the last six of its eight digits
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_vectors_of_the_rfc(seconds: int, code: str) -> None:
    assert code_of(SECRET, step_at(seconds)) == code


def test_the_code_before_and_the_one_after_are_taken_and_no_other() -> None:
    now = 1_111_111_111
    taken = {
        late
        for late in range(-4, 5)
        if step_of(
            code_of(SECRET, step_at(now) + late), secret=SECRET, seconds=now, after=0
        )
    }
    assert taken == {-1, 0, 1}


def test_a_code_used_is_over_and_so_are_those_before() -> None:
    step = step_at(59)
    assert step_of("287 082", secret=SECRET, seconds=59, after=step - 1) == step
    assert step_of("287082", secret=SECRET, seconds=59, after=step) is None


@pytest.mark.parametrize("typed", ["", "28708", "2870820", "२८७०८२", "abcdef"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert step_of(typed, secret=SECRET, seconds=59, after=0) is None


def test_a_secret_is_written_without_padding_and_read_back() -> None:
    assert code_of(written(b"12345678901234567890").lower(), 1) == "287082"


def test_a_recovery_code_is_compared_without_dash_case_or_space() -> None:
    assert recovery_form(" ABCDE-fgh23 ") == "abcdefgh23"
