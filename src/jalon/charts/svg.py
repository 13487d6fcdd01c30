"""SVG elements as text: every shape has a presentation attribute and a class.

Browsers let the class win (colours of the theme); paper and mail read the attribute.
No `style=` and no script, so that the page's strict policy lets it through.
"""

from __future__ import annotations

from functools import cache
from html import escape


def element(name: str, *inside: str, **attributes: object) -> str:
    """Return one element; `class_` is `class`, `stroke_width` is `stroke-width`."""
    pairs = "".join(
        f' {_name(key)}="{_text(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    content = "".join(inside)
    return f"<{name}{pairs}>{content}</{name}>" if content else f"<{name}{pairs}/>"


def label(text: str, *, x: float, y: float, **attributes: object) -> str:
    """Return a text element, its content escaped."""
    return element("text", escape(text), x=x, y=y, **attributes)


def polyline(points: list[tuple[float, float]]) -> str:
    """Return the `d` of a path through the points."""
    return "M" + "L".join(f"{_text(x)} {_text(y)}" for x, y in points)


@cache
def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return str(value) if isinstance(value, int) else escape(str(value))
