"""The help of the commands in the language asked: `jalon --lang fr kpi --help`.

What a command and its options say of themselves is written once, in English, where they
are; it is translated paragraph by paragraph when the command is called. What a
docstring tells developers (`Raises:`) is no help to people.
"""

from __future__ import annotations

import gettext
import inspect
from collections.abc import Iterator

import click

FOR_DEVELOPERS = "Raises:"
_written: dict[int, str] = {}  # by command or option, which live as long as the process


def spoken(command: click.Command) -> click.Command:
    """Give the help of a command, its options and its sub-commands one language."""
    for one in said_by(command):
        one.help = translated(_written.setdefault(id(one), one.help or ""))
    return command


def said_by(command: click.Command) -> Iterator[click.Command | click.Option]:
    """Yield all that has words of help: a command, its options, what is below it."""
    if command.help:
        yield command
    for one in command.params:
        if isinstance(one, click.Option) and one.help:
            yield one
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from said_by(below)


def translated(text: str) -> str:
    """Return a text of help in the language of the command line."""
    return "\n\n".join(gettext.gettext(one) for one in paragraphs(text))


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a help, each on one line, those for people alone."""
    found = [" ".join(one.split()) for one in inspect.cleandoc(text).split("\n\n")]
    return [one for one in found if one and not one.startswith(FOR_DEVELOPERS)]
