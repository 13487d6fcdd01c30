"""Who may see, propose, decide what: one table, role by act, giving how far it reaches.

An owner is "company", "team:<id>" or "person:<id>". A result is *published* once its
objective is agreed: everybody may see published results, which is the company's
transparency. Rows, notes and pay are never public: they follow the table alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from jalon.domain.people.roles import Role

COMPANY = "company"


class Act(StrEnum):
    """What somebody wants to do with an objective, or with the workspace itself."""

    SEE_RESULT = "see_result"
    SEE_COURSE = "see_course"  # where the company stands: Direction, its segments
    SEE_ROWS = "see_rows"  # the facts behind a figure, and their export
    SEE_NOTES = "see_notes"  # private notes and one-to-ones
    COACH = "coach"  # a person's funnel beside the team's: the two of them alone
    SEE_PAY = "see_pay"
    WRITE_PAY_PLAN = "write_pay_plan"  # versions of a plan, their notice
    SETTLE_PAY = "settle_pay"  # target pays, runs, answers to questions
    PROPOSE = "propose"  # write a draft, hand it in, answer for it
    DECIDE = "decide"  # agree, publish, re-target, abandon
    CALL = "call"  # say one's own forecast of a figure: committed, best case
    ACT = "act"  # tick, add and change the actions of a plan
    CHECK_IN = "check_in"  # take one's own point, every week
    RECOGNISE = "recognise"  # say a word that a success deserves
    THANK = "thank"  # thank anybody of the company
    SEE_ANSWERS = "see_answers"  # what customers answered, and what is done about it
    SURVEY = "survey"  # make surveys, send them, leave an address alone
    SEE_ALERTS = "see_alerts"  # what left its path, and take note of it
    SEE_DATA = "see_data"  # sources, quarantine, freshness
    IMPORT_DATA = "import_data"  # upload files, correct mappings
    CONNECT = "connect"  # sources: their keys, their stages, when they are read
    WRITE_LEXICON = "write_lexicon"  # the classes the field's words are counted by
    DEFINE_KPI = "define_kpi"  # the company's own KPIs
    SAVE_MODEL = "save_model"  # the company's own models of objectives
    MANAGE_PEOPLE = "manage_people"  # teams, moves, absences, ramp, leavers
    INVITE = "invite"  # accounts: invite, change a role, deactivate
    SEE_JOURNAL = "see_journal"  # who changed what, when
    CHANGE_SETTINGS = "change_settings"
    ERASE = "erase"  # somebody's name, for ever; figures stay


class Reach(IntEnum):
    """How far an act reaches; each reach holds the smaller ones, except PUBLISHED."""

    NOTHING = 0
    OWN = 1
    TEAMS = 2  # the teams managed, their sub-teams, their people, and one's own
    ALL = 3


@dataclass(frozen=True, slots=True)
class Viewer:
    """The person who looks: role, own person, teams managed, acts granted over all."""

    role: Role
    person_id: str = ""
    teams: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    grants: frozenset[Act] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Subject:
    """What is looked at: whose it is, and whether its result is published."""

    owner: str
    published: bool = True


_N, _O, _T, _A = Reach.NOTHING, Reach.OWN, Reach.TEAMS, Reach.ALL

#                     director     manager     salesperson     revops     reader
_ROWS: dict[Act, tuple[Reach, Reach, Reach, Reach, Reach]] = {
    Act.SEE_RESULT: (_A, _T, _O, _A, _N),  # unpublished; published ones: everybody
    Act.SEE_COURSE: (_A, _A, _N, _A, _A),
    Act.SEE_ROWS: (_A, _T, _O, _A, _N),
    Act.SEE_NOTES: (_A, _T, _O, _N, _N),
    Act.COACH: (_O, _T, _O, _N, _N),  # not the director's: it is no report
    Act.SEE_PAY: (_A, _T, _O, _N, _N),
    Act.WRITE_PAY_PLAN: (_A, _N, _N, _A, _N),
    Act.SETTLE_PAY: (_A, _T, _N, _N, _N),
    Act.PROPOSE: (_A, _T, _O, _N, _N),
    Act.DECIDE: (_A, _T, _N, _N, _N),
    Act.CALL: (_A, _T, _O, _N, _N),
    Act.ACT: (_A, _T, _O, _N, _N),
    Act.CHECK_IN: (_O, _O, _O, _O, _N),
    Act.RECOGNISE: (_A, _T, _N, _N, _N),
    Act.THANK: (_A, _A, _A, _A, _N),
    Act.SEE_ANSWERS: (_A, _T, _O, _A, _N),
    Act.SURVEY: (_A, _N, _N, _A, _N),
    Act.SEE_ALERTS: (_A, _T, _O, _N, _N),
    Act.SEE_DATA: (_A, _N, _N, _A, _N),
    Act.IMPORT_DATA: (_A, _N, _N, _A, _N),
    Act.CONNECT: (_A, _N, _N, _A, _N),
    Act.WRITE_LEXICON: (_A, _A, _N, _A, _N),
    Act.DEFINE_KPI: (_A, _N, _N, _A, _N),
    Act.SAVE_MODEL: (_A, _A, _N, _A, _N),
    Act.MANAGE_PEOPLE: (_A, _T, _N, _A, _N),
    Act.INVITE: (_A, _T, _N, _A, _N),
    Act.SEE_JOURNAL: (_A, _N, _N, _A, _N),
    Act.CHANGE_SETTINGS: (_A, _N, _N, _A, _N),
    Act.ERASE: (_A, _N, _N, _N, _N),
}
TABLE: dict[Role, dict[Act, Reach]] = {
    role: {act: reaches[rank] for act, reaches in _ROWS.items()}
    for rank, role in enumerate(Role)
}


def may(viewer: Viewer, act: Act, *, subject: Subject) -> bool:
    """Return whether the viewer may do this with that."""
    if act is Act.SEE_RESULT and subject.published:
        return True
    reach = Reach.ALL if act in viewer.grants else TABLE[viewer.role][act]
    return _reaches(reach, viewer=viewer, owner=subject.owner)


GIVES: dict[Role, tuple[Role, ...]] = {
    Role.DIRECTOR: tuple(Role),
    Role.MANAGER: (Role.SALESPERSON,),
    Role.SALESPERSON: (),
    Role.REVOPS: (Role.MANAGER, Role.SALESPERSON, Role.REVOPS, Role.READER),
    Role.READER: (),
}


def may_give(viewer: Viewer, role: Role) -> bool:
    """Return whether the viewer may give that role to an account, or take it away."""
    return role in GIVES[viewer.role]


def roles_for(act: Act) -> tuple[Role, ...]:
    """Return the roles that may do this over somebody at least, in their order."""
    return tuple(role for role in Role if TABLE[role][act] is not Reach.NOTHING)


def may_somewhere(viewer: Viewer, act: Act) -> bool:
    """Return whether there is anything the viewer may do this with."""
    return act in viewer.grants or TABLE[viewer.role][act] is not Reach.NOTHING


def within(viewer: Viewer, act: Act) -> frozenset[str] | None:
    """Return the owners the viewer may do this with; None for everybody's."""
    reach = Reach.ALL if act in viewer.grants else TABLE[viewer.role][act]
    if reach is Reach.ALL:
        return None
    own = {f"person:{viewer.person_id}"} if viewer.person_id else set()
    if reach is Reach.TEAMS:
        own |= {f"team:{team}" for team in viewer.teams}
        own |= {f"person:{person}" for person in viewer.people}
    return frozenset(own) if reach is not Reach.NOTHING else frozenset()


def _reaches(reach: Reach, *, viewer: Viewer, owner: str) -> bool:
    if reach is Reach.ALL:
        return True
    kind, _, key = owner.partition(":")
    own = kind == "person" and key == viewer.person_id != ""
    if reach is Reach.TEAMS:
        led = viewer.teams if kind == "team" else viewer.people
        return own or (kind != COMPANY and key in led)
    return own and reach is Reach.OWN
