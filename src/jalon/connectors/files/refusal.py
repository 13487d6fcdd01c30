"""What an import refuses outright: a code and its parameters, put in words at the door.

A bad row is never a refusal (it goes to the quarantine); a bad file or mapping is.
"""

from __future__ import annotations

from jalon.domain.refusals import quoted


class ImportRefusedError(Exception):
    """The import cannot start or go on; nothing was written.

    `code` names the sentence (`import.refused.<code>`), `parameters` fill its
    placeholders.
    """

    def __init__(self, code: str, **parameters: str) -> None:
        self.code = code
        self.parameters = {name: quoted(text) for name, text in parameters.items()}
        given = ", ".join(f"{name}={value}" for name, value in self.parameters.items())
        super().__init__(f"{code} ({given})" if given else code)
