"""The worker of one upload: `python -m jalon.jobs.imports KEY --on DATE`.

It is started by the pages with the lock of the upload's folder already held (`--lock`):
as long as this process lives, the upload is at work. The lock is let go as soon as the
work is written, since whoever reads it may ask for the next step at once.
"""

from __future__ import annotations

import argparse
import datetime
import logging
import os

LOG = logging.getLogger(__name__)


def main() -> None:
    """Do what the upload waits for, then end."""
    parser = argparse.ArgumentParser(prog="jalon.jobs.imports")
    parser.add_argument("key")
    parser.add_argument("--on", type=datetime.date.fromisoformat, required=True)
    parser.add_argument("--lock", type=int, required=True)
    parser.add_argument("--through", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")

    import django  # noqa: PLC0415 - a process of its own starts here

    django.setup()
    try:
        done(asked.key, on=asked.on, through=asked.through)
    finally:
        os.close(asked.lock)


def done(key: str, *, on: datetime.date, through: bool = False) -> None:
    """Work on an upload to its end, whatever happens."""
    from jalon.usecases.upload import give_up, work, work_through  # noqa: PLC0415 - needs Django
    from jalon.workspace.folder import current  # noqa: PLC0415

    at = datetime.datetime.now(datetime.UTC)
    try:
        (work_through if through else work)(current(), key, on=on, at=at)
    except Exception:
        LOG.exception("the upload %s could not be worked on", key)
        give_up(key, at=at)
        raise


if __name__ == "__main__":
    main()
