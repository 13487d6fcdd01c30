"""A refusal: what happened, what was expected, an example, in the reader's language.

The sentence is English with named placeholders; doors look its translation up.
"""

from __future__ import annotations

from collections.abc import Callable

LONGEST = 1_000  # letters of a value quoted in a sentence
_HEAD, _TAIL = 160, 40


def quoted(value: str) -> str:
    """Return a value as a sentence may quote it: the middle of a long one left out."""
    if len(value) <= LONGEST:
        return value
    return f"{value[:_HEAD]} […] {value[-_TAIL:]}"


class Refusal(Exception):  # noqa: N818 - the base of errors that end in Error
    """Something asked cannot be done: a sentence and what fills its placeholders.

    A parameter may itself be a refusal: the reason inside a longer sentence.
    """

    def __init__(self, sentence: str, /, **parameters: object) -> None:
        super().__init__(sentence, parameters)
        self.sentence = sentence
        self.parameters = parameters

    def told(self, translated: Callable[[str], str]) -> str:
        """Return the whole sentence, each part as `translated` gives it."""
        filled = {
            name: _filling(value, translated) for name, value in self.parameters.items()
        }
        sentence = translated(self.sentence)
        return sentence.format(**filled) if filled else sentence

    def __str__(self) -> str:
        return self.told(str)


def _filling(value: object, translated: Callable[[str], str]) -> object:
    if isinstance(value, Refusal):
        return value.told(translated)
    return quoted(value) if isinstance(value, str) else value
