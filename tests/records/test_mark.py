"""A mark of the database stays while nobody writes, and changes with every write."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction

from jalon.records.mark import Unmoved, mark


def _write(name: str) -> None:
    get_user_model().objects.create(email=f"{name}@exemple.fr", is_active=False)


def _write_elsewhere(name: str) -> None:
    """Write from another connection, as another process of the server does."""

    def written() -> None:
        try:
            _write(name)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        other.submit(written).result()


@pytest.mark.django_db(transaction=True)
def test_nothing_written_is_the_same_mark() -> None:
    before = mark()
    get_user_model().objects.count()

    assert before is not None
    assert mark() == before


@pytest.mark.django_db(transaction=True)
def test_every_write_changes_it_whoever_writes() -> None:
    marks = [mark()]
    _write("here")
    marks.append(mark())
    _write_elsewhere("there")
    marks.append(mark())
    get_user_model().objects.filter(email="here@exemple.fr").update(is_active=True)
    marks.append(mark())
    get_user_model().objects.filter(email="there@exemple.fr").delete()
    marks.append(mark())

    assert len(set(marks)) == len(marks)


@pytest.mark.django_db(transaction=True)
def test_a_connection_opened_anew_has_a_mark_of_its_own() -> None:
    before = mark()
    connection.close()
    _write_elsewhere("between")

    assert mark() != before


@pytest.mark.django_db(transaction=True)
def test_within_a_transaction_nothing_is_kept() -> None:
    made: list[int] = []
    kept: Unmoved[int] = Unmoved()

    def count() -> int:
        made.append(1)
        return int(get_user_model().objects.count())

    with transaction.atomic():
        assert mark() is None
        assert [kept.found("people", count) for _ in range(2)] == [0, 0]
    assert len(made) == 2


@pytest.mark.django_db(transaction=True)
def test_what_was_worked_out_is_worked_out_again_after_a_write() -> None:
    made: list[int] = []
    kept: Unmoved[int] = Unmoved()

    def count() -> int:
        made.append(1)
        return int(get_user_model().objects.count())

    assert [kept.found("people", count) for _ in range(3)] == [0, 0, 0]
    assert len(made) == 1
    _write_elsewhere("there")
    assert [kept.found("people", count) for _ in range(3)] == [1, 1, 1]
    assert len(made) == 2
