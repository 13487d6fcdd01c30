"""Amounts of the grid as people type, paste and read them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from jalon.domain.objectives.fields import plain_number
from jalon.domain.quantities import LARGEST
from jalon.domain.refusals import Refusal
from jalon.locale.figures import NARROW
from jalon.web.language import current

SHARE = "share"
_SUFFIXES: Mapping[str, int] = {"k": 1_000, "m": 1_000_000}
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?[km]?")
_NO_NUMBER = '"{found}" is no amount. Expected e.g. 12500, 12 500,50 or 12,5 k.'


def amount(text: str) -> Decimal:
    """Return the amount typed; nothing typed is 0, `12,5 k` is 12,500.

    `12,345` is twelve thousand to an English reader, twelve and a bit to a French one.

    Raises:
        Refusal: If it is no amount.
    """
    bare = re.sub(r"[\s\u00a0\u202f€$£]", "", text).lower()
    if not bare:
        return Decimal(0)
    if current() == "en" and _THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    times = _SUFFIXES.get(bare[-1], 1)
    try:
        found = plain_number(bare[:-1] if times > 1 else bare) * times
    except InvalidOperation as error:
        raise Refusal(_NO_NUMBER, found=text) from error
    if abs(found) >= LARGEST:
        raise Refusal(_NO_NUMBER, found=text)
    return found


def read(text: str, unit: str) -> Decimal:
    """Return the figure typed in a KPI's unit: of a share, `28` and `28 %` are 0.28.

    Raises:
        Refusal: If it is no figure.
    """
    if unit != SHARE:
        return amount(text)
    return amount(text.replace("%", "")) / 100


def shown(value: Decimal, unit: str, lang: str) -> str:
    """Return a figure as its field shows it: a share in percent, without its sign."""
    if unit != SHARE:
        return typed(value, lang)
    text = f"{100 * value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if lang == "fr" else text


def typed(value: Decimal, lang: str) -> str:
    """Return an amount as its field shows it: `12 500` or `12 500,50`, no unit."""
    whole = value == value.to_integral_value()
    text = f"{value:,.0f}" if whole else f"{value:,.2f}"
    if lang == "fr":
        return text.replace(",", NARROW).replace(".", ",")
    return text


def block(text: str) -> list[list[str]]:
    """Return the cells of what a spreadsheet put on the clipboard."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n").split("\n")
    return [line.split("\t") for line in lines]
