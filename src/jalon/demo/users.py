"""The three logins of the sample company; nothing but the demo creates them."""

from __future__ import annotations

from dataclasses import dataclass

from jalon.demo import company
from jalon.demo.staff import email
from jalon.records.accounts import Role, User


@dataclass(frozen=True, slots=True)
class Login:
    """What to type to come in as somebody."""

    role: str
    name: str
    email: str
    password: str


_WHO = (
    (Role.DIRECTOR, company.DIRECTOR, "demo-direction"),
    (Role.MANAGER, company.MANAGERS[company.SME], "demo-manager"),
    (Role.SALESPERSON, company.SALESPERSON, "demo-commercial"),
)


def logins() -> tuple[Login, ...]:
    """Return the three logins: the director, a manager, one of her salespeople."""
    names = {person.person_id: person.name for person in company.PEOPLE}
    return tuple(
        Login(role.value, names[who], email(names[who]), password)
        for role, who, password in _WHO
    )


def create_users() -> None:
    """Write the three users."""
    for login, (_, person_id, _) in zip(logins(), _WHO, strict=True):
        User.objects.create_user(
            login.email,
            login.password,
            name=login.name,
            person_id=person_id,
            role=login.role,
        )
