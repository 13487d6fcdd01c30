"""Every row of the sample company on a day: the same day gives the same rows.

Each kind of fact draws from its own seed, so that one more answer moves no deal.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from jalon.demo.accounts import Register, account_rows
from jalon.demo.activities import Diary
from jalon.demo.calendar import Timeline, timeline
from jalon.demo.contracts import (
    Contracts,
    Portfolio,
    invoice_rows,
    subscription_rows,
)
from jalon.demo.deals import Deal, Seller
from jalon.demo.leads import Prospecting
from jalon.demo.market import market_rows, product_rows, rate_rows, spend_rows
from jalon.demo.place import SEED
from jalon.demo.rows import Rows
from jalon.demo.staff import (
    Staff,
    absence_rows,
    days_away,
    membership_rows,
    people_rows,
    stays,
    team_rows,
    usage_rows,
)
from jalon.demo.trail import deal_rows, share_rows, stage_rows, story
from jalon.demo.voices import Voices


def sample(on: date, *, seed: int = SEED) -> Rows:
    """Return the rows of every canonical table, as of a day."""
    time = timeline(on)
    absences = absence_rows(time, _rng(seed, "absences"))
    staff = Staff(stays(on), days_away(absences))
    register = Register(_rng(seed, "accounts"), focus_on=on - timedelta(days=300))
    seller = Seller(time, staff, _rng(seed, "deals"))
    contracts = Contracts(time, staff, _rng(seed, "contracts"))
    former = contracts.former(register)
    new = seller.new_business(register)
    portfolio = contracts.run([*former, *contracts.signed(new)], seller)
    portfolio = contracts.add_ons(portfolio, seller)
    rows: Rows = {
        "people": people_rows(on),
        "teams": team_rows(),
        "memberships": membership_rows(staff.stays),
        "absences": absences,
        "accounts": account_rows(register.accounts, _owners(portfolio, new, time)),
        "crm_usage": usage_rows(time, staff, _rng(seed, "usage")),
        "products": product_rows(time),
        "spend": spend_rows(time, _rng(seed, "spend")),
        "markets": market_rows(time),
        "rates": rate_rows(time),
    }
    return rows | _sales(new, portfolio, time, staff, seed)


def _sales(
    new: list[Deal], portfolio: Portfolio, time: Timeline, staff: Staff, seed: int
) -> Rows:
    """Return the tables that follow from deals and contracts."""
    deals = sorted([*new, *portfolio.deals], key=lambda deal: deal.deal_id)
    rng = _rng(seed, "stages")
    stories = [story(deal, time, rng) for deal in deals]
    leads = Prospecting(time, staff, _rng(seed, "leads")).rows(new)
    diary = Diary(time, staff, _rng(seed, "activities"))
    voices = Voices(time, portfolio.terms, staff, _rng(seed, "voices"))
    return {
        "deals": deal_rows(stories, time),
        "stage_changes": stage_rows(stories),
        "deal_shares": share_rows(deals, staff, time, _rng(seed, "shares")),
        "leads": leads,
        "activities": diary.rows(stories, leads),
        "subscriptions": subscription_rows(portfolio.terms),
        "order_lines": invoice_rows(portfolio.terms, time, _rng(seed, "invoices")),
        "answers": voices.answers(),
        "tickets": voices.tickets(),
    }


def _owners(portfolio: Portfolio, new: list[Deal], time: Timeline) -> dict[str, str]:
    """Return who holds each account: who keeps the customer, else the last seller."""
    owners = {
        deal.account.account_id: deal.owner.person_id
        for deal in sorted(new, key=lambda deal: deal.created_on)
        if deal.owner.left_days_ago is None
    }
    return owners | {
        term.account.account_id: term.person_id
        for term in portfolio.terms
        if term.after is None or term.after > time.on
    }


def _rng(seed: int, name: str) -> Random:
    return Random(f"ardoise:{seed}:{name}")
