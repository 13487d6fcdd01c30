"""What somebody is in the company; what each role may do stands in `permission`."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The five roles, from the one who sets the course to the one who reads."""

    DIRECTOR = "director"
    MANAGER = "manager"
    SALESPERSON = "salesperson"
    REVOPS = "revops"
    READER = "reader"
