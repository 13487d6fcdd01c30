"""What people did: calls to leads; calls, messages, meetings, proposals on deals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from random import Random

from jalon.demo.calendar import Timeline, at_work
from jalon.demo.deals import KEY_NEW, Deal
from jalon.demo.rows import Row
from jalon.demo.staff import Staff
from jalon.demo.trail import STAGES, Story

_HELD = {"call": 0.62, "meeting": 0.88, "demo": 0.9}


class Diary:
    """Draws the activities; nobody does anything on a day off."""

    def __init__(self, time: Timeline, staff: Staff, rng: Random) -> None:
        self._time = time
        self._staff = staff
        self._rng = rng
        self._numbers = count(1)

    def rows(self, stories: Sequence[Story], leads: Sequence[Row]) -> list[Row]:
        """Return the table of activities."""
        found = [row for story in stories for row in self._on_deal(story)]
        found += [row for lead in leads for row in self._on_lead(lead)]
        return found

    def _on_deal(self, story: Story) -> Iterator[Row]:
        deal, rng = story.deal, self._rng
        days = self._time.between(deal.created_on, min(deal.ends_on, self._time.on))
        if not days:
            return
        touches = rng.randrange(3, 8) + (4 if deal.stream is KEY_NEW else 0)
        if not deal.closed:
            touches = max(2, touches * len(days) // 40)
        kinds = rng.choices(("call", "email", "meeting"), (45, 38, 17), k=touches)
        planned = [(kind, days[rng.randrange(len(days))]) for kind in kinds]
        demo_on, sent_on = story.entered(STAGES[2]), story.entered(STAGES[3])
        planned += [("demo", demo_on)] if demo_on else []
        planned += [("proposal", sent_on)] if sent_on else []
        for kind, day in planned:
            row = self._row(kind, deal.owner.person_id, day)
            if row:
                yield row | _about(deal)

    def _on_lead(self, lead: Row) -> Iterator[Row]:
        rng, time = self._rng, self._time
        created_on, who = lead["created_on"], str(lead["owner_id"])
        if not isinstance(created_on, date):
            return
        if lead.get("deal_id"):
            end = lead["sales_qualified_on"]
        else:
            end = lead["lost_on"] if lead.get("lost_on") else time.on
        last = end if isinstance(end, date) else time.on
        days = time.between(created_on, min(last, time.on, created_on + _TWO_WEEKS))
        if not days:
            return
        touches = rng.randrange(2, 6) if lead.get("marketing_qualified_on") else 2
        for kind in rng.choices(("call", "email", "other"), (64, 30, 6), k=touches):
            row = self._row(kind, who, days[rng.randrange(len(days))])
            if row:
                yield row | {
                    "lead_id": lead["lead_id"],
                    "account_id": lead.get("account_id"),
                }

    def _row(self, kind: str, person_id: str, day: date) -> Row | None:
        if (person_id, day) in self._staff.away:
            return None
        return {
            "activity_id": f"T{next(self._numbers):06d}",
            "kind": kind,
            "person_id": person_id,
            "done_at": at_work(day, self._rng),
            "held": self._rng.random() < _HELD.get(kind, 1.0),
        }


_TWO_WEEKS = timedelta(days=14)


def _about(deal: Deal) -> Row:
    return {"deal_id": deal.deal_id, "account_id": deal.account.account_id}
