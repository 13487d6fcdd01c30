"""What is wrong with one field of what somebody wrote, and what was expected.

The sentence is a code with parameters; it lives in `locale/`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, slots=True)
class Fault:
    """One fault: which field, which rule, what was found, an example of good."""

    field: str
    code: str
    found: str = ""
    example: str = ""
    details: Mapping[str, str] = dataclasses.field(default_factory=dict)
