"""What the forms of people say, read; a value that cannot be has its sentence."""

from __future__ import annotations

import datetime
from decimal import Decimal, InvalidOperation

from django.http import QueryDict
from django.utils.translation import gettext_noop as noop

from jalon.domain.people.pasted import day_of
from jalon.domain.refusals import Refusal
from jalon.usecases.people import PersonTold

_NO_DAY = noop("{value} is no day. Expected e.g. {example}.")
_NO_NUMBER = noop("{value} is no number. Expected e.g. {example}.")
_EXAMPLE = "2026-06-30"
_HUNDRED = 100


def day(told: QueryDict, name: str) -> datetime.date:
    """Return the day of a field.

    Raises:
        Refusal: If it is none.
    """
    found = day_of(told.get(name, ""))
    if found is None:
        raise Refusal(_NO_DAY, value=told.get(name) or "«»", example=_EXAMPLE)
    return found


def day_or_none(told: QueryDict, name: str) -> datetime.date | None:
    """Return the day of a field that may be empty.

    Raises:
        Refusal: If it is neither empty nor a day.
    """
    return day(told, name) if told.get(name, "").strip() else None


def person_told(told: QueryDict) -> PersonTold:
    """Return what the form says of somebody; capacity is written in percent.

    Raises:
        Refusal: If a day or a number cannot be read.
    """
    capacity = _number(told, "capacity", "80")
    ramp = _number(told, "ramp_days", "90")
    return PersonTold(
        name=told.get("name", ""),
        email=told.get("email", ""),
        role=told.get("role", ""),
        manager_id=told.get("manager_id", ""),
        started_on=day_or_none(told, "started_on"),
        capacity=None if capacity is None else capacity / _HUNDRED,
        ramp_days=None if ramp is None else int(ramp),
    )


def _number(told: QueryDict, name: str, example: str) -> Decimal | None:
    text = told.get(name, "").strip().replace(",", ".").removesuffix("%").strip()
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation as error:
        raise Refusal(_NO_NUMBER, value=text, example=example) from error
    if not found.is_finite():
        raise Refusal(_NO_NUMBER, value=text, example=example)
    return found
