"""`python -m jalon.web.explorer.bundle` writes Vega, Vega-Lite and Vega-Embed.

They come out of the locked vl-convert-python package, interpreter included, as one
file of our own static folder; it is made at set-up and never committed.
"""

from __future__ import annotations

import os
from pathlib import Path

TARGET = Path(__file__).parent.parent / "static" / "vega.js"


def written(target: Path = TARGET) -> Path:
    """Write the file beside its place, then put it there; return it."""
    import vl_convert  # noqa: PLC0415 - 80 MB, at set-up only

    aside = target.with_suffix(f".{os.getpid()}.part")
    bundle = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    aside.write_text(bundle, "utf-8")
    aside.replace(target)
    return target


if __name__ == "__main__":
    written()
