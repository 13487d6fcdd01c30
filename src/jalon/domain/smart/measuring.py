"""What is measured: the KPI a goal names, and where its words stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from jalon.domain.smart import directing
from jalon.domain.smart.goal import Amount, Measure
from jalon.domain.smart.quantities import CURRENCIES
from jalon.domain.smart.words import Match, document, first, named, wished

OTHER = "other"
AMBIGUOUS_ALONE = {
    "expansion_revenue",
    "recommendation_rate",
    "prospects_contacted",
    "repeat_purchase_rate",
}
NAMED_SATISFACTION = re.compile(
    r"\bcsat\b|note|score|taux de satisfaction|satisfaction rate"
)
_SALES = re.compile(
    r"^(?:ventes?|sales|chiffre|revenu des ventes|bookings?|argent|money)$"
)
_MARGIN = re.compile(r"^(?:marges?|margins?|marge commerciale)$")
_WINNING = re.compile(
    r"\b(?:sign\w*|gagn\w+|acqu\w+|conqu\w+|decroch\w+|win(?:ning)?|won|land\w*|close|clos\w+|add(?:ing)?|recrut\w+|attir\w+|attract\w*|onboard\w*|trouv\w+|capt\w+|sedui\w+|convain\w+|get|obten\w+|rempor\w+|vend(?:re|ons) (?:\S+ ){0,3}?a (?=\d)|sell(?:ing)? (?:\S+ ){0,3}?to (?=\d)|signer|bring in|embarqu\w+|apport\w+|conclu\w+|faut|(?:veux|veut|voulons|voudrais|want|need|besoin de) (?=\d)|(?:ouvrir|ouvrons|open(?:ing)?) (?=\d)|amener|ramener|rallier|enroler|accueill\w+|welcom\w+|reactiv\w+|reconquer\w+|enrol\w*)\b"
)
_STRONG = 100


def found(text: str, hidden: list[tuple[int, int]]) -> list[Measure]:
    """Return the KPIs named, in order, without those inside longer names."""
    every = [
        Measure(*match)
        for match in named("measure", text)
        if not _inside(match.start, match.end, hidden)
    ]
    every = [
        one
        for one in every
        if not (_of_a_team(one, text) or _served(one, text) or _of_staff(one, text))
    ]
    every.sort(key=lambda one: (-(one.end - one.start), one.start))
    kept: list[Measure] = []
    for one in every:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


_SERVING = re.compile(
    r"\b(?:repond\w*|trait\w+|resou\w+|resolv\w+|clor\w+|clotur\w+|answer\w*|respond\w*"
    r"|reply\w*|handl\w+|solv\w+|process\w*) (?:\S+ ){0,5}$"
)


def _served(one: Measure, text: str) -> bool:
    """Return whether complaints or requests are answered rather than counted."""
    if one.key not in {"complaint_rate", "leads", "proposals"}:
        return False
    return bool(_SERVING.search(text[max(0, one.start - 50) : one.start]))


_STAFF = r"(?:salaries?|employes?|collaborateurs?|equipes?|internes?|personnel|employees?|staff|agents)"
_STAFF_AFTER = re.compile(
    rf" (?:(?:des?|de nos|de l'|of|among|our|nos|les?|la) ?)*{_STAFF}\b"
)
_STAFF_BEFORE = re.compile(rf"\b{_STAFF} $")


def _of_staff(one: Measure, text: str) -> bool:
    """Return whether satisfaction or retention is that of employees."""
    if one.key not in {"csat", "retention_rate", "churn_rate"}:
        return False
    return bool(
        _STAFF_AFTER.match(text, one.end) or _STAFF_BEFORE.search(text[: one.start])
    )


_TEAM_AFTER = re.compile(
    r" (?:effectiveness|efficiency|teams?|skills?|process\w*|enablement|organi[sz]ation|training|force|department|pitch|materials?|methods?|playbooks?|people|staff|managers?|directors?|leaders?|reps?|culture|excellence|productivity|performance|calls|meetings|tools?|deck|collateral|coach\w+|motion|hiring|onboarding|strategy|plan|approach|discipline|techniques?|talent|cadence|funnel|forecasts?|conversations?|cycles?|readiness|operations|ops|discours)\b"
)
_TEAM_BEFORE = re.compile(
    r"(?:equipes? (?:de |des )?|force de |forces de |processus de |process de |direct\w+ (?:des |de )?|administration des |points? de |service |techniques? de |methodes? de |discours de |outils? de |argumentaires? de |competences? (?:de |en )|formation (?:a la |aux |en )|culture |entre les equipes |entre |strategie de |plan de |equipes |apres-|relation |efficacite |performance (?:des |de )?|force |pilotage (?:des |de )|cycles? (?:moyens? )?de |tunnel de |frais de |conditions (?:generales )?de |prix de |marketing et |support et |marketing[- ]|commerciaux et )$"
)


def _of_a_team(one: Measure, text: str) -> bool:
    """Return whether "sales" names a trade rather than what is sold."""
    if one.key != "revenue" or one.words not in {"sales", "vente", "ventes"}:
        return False
    after, before = (
        text[one.end : one.end + 20],
        text[max(0, one.start - 40) : one.start],
    )
    return bool(_TEAM_AFTER.match(after) or _TEAM_BEFORE.search(before))


def _inside(start: int, end: int, hidden: list[tuple[int, int]]) -> bool:
    return any(low <= start and end <= high for low, high in hidden)


_FILLER = (
    r"(?!(?:for|by|in|on|to|with|from|pour|par|sur|en|avec|a|via|among|into|aupres|chez|parmi|des|nos|d'ici|de|du)\b)"
    r"\w[\w'-]* "
)


@cache
def _shares() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (
            key,
            re.compile(rf"\b(?:{entry['verbs']})\b"),
            re.compile(rf"(?:{_FILLER}){{0,3}}?(?P<of>{entry['things']})\b"),
        )
        for key, entry in document("shares.toml").items()
    )


_OF = re.compile(
    r" ?(?:de |des |du |d'|of )?(?:l'|la |le |les |nos |notre |our |the |all )?"
)


_MORE_OF = re.compile(r" ?(?:more|fewer|less|additional|extra|higher|lower|better)\b")


def _moving(text: str) -> bool:
    """Return whether a clause raises or lowers: its percentage is no share then."""
    way = directing.turn(text, [])
    moved = way is not None and way.name in {"increase", "decrease"}
    return moved or directing.changes(text)


def share_of(text: str, shares: Sequence[tuple[int, int]]) -> Measure | None:
    """Return the rate meant by doing something to a share of things.

    `shares` are the places of percentages; "renew 92 % of contracts" is a renewal rate.
    """
    for start, end in shares:
        link = _OF.match(text, end)
        place = link.end() if link else end
        for key, verbs, things in _shares():
            met = things.match(text, place)
            if not met or _MORE_OF.match(text, end):
                continue
            after = not _moving(text) and verbs.search(text, met.end(), met.end() + 50)
            if after or verbs.search(text, max(0, start - 40), start):
                return Measure(key, met.start("of"), met.end("of"), met["of"])
    return None


def leading(text: str) -> bool:
    """Return whether the goal is to lead a market."""
    return bool(first("leader", text))


_NEW_ONES = re.compile(r"\d (?:new|nouveaux|nouvelles) $")
_FIRMS = re.compile(r"pme|tpe|eti|smbs|smes|start-?ups|scale-?ups|enterprises")
_ANOTHER_THING = re.compile(
    r"\b(?:de|of|with|to|for|pour|chez|aupres|avec) (?:nos|our|the|les|ses|its|la|le)\b"
)
_EQUIPPING = re.compile(r"\b(?:equip\w+|install\w+|servir|serve|open|ouvr\w+)\b")


def won_customers(text: str) -> Measure | None:
    """Return customers that somebody signs or wins, called by their bare name.

    Restaurants or schools counted after such a verb are customers too.
    """
    verb = _WINNING.search(text)
    for kind in named("filter", text):
        before = text[: kind.start]
        counted = verb is not None or _EQUIPPING.search(before)
        named_so = kind.label == "customer_type" and kind.words not in {"b2b", "b2c"}
        if not named_so and not _FIRMS.fullmatch(kind.words):
            continue
        if _NEW_ONES.search(before) or (counted and re.search(r"\d $", before)):
            return Measure("new_customers", kind.start, kind.end, kind.words)
    if verb is None:
        return None
    match = first("won", text, verb.end())
    if match is None or _ANOTHER_THING.search(text[verb.end() : match.start]):
        return None
    return Measure(*match)


_MEETING = re.compile(
    r"\b(?:rencontr(?:er|ons|ez)|voir|meet(?:ing)? (?:with )?)\b ?\S+ (?:\w+ )?"
    r"(?P<whom>decideurs?|clients?|prospects?|dirigeants?|acheteurs?|directeurs?|customers?|decision[- ]makers?|buyers?|executives?|contacts?|partenaires?)\b"
)


def people_met(text: str) -> Measure | None:
    """Return the meetings meant by meeting people."""
    match = _MEETING.search(text)
    if match is None:
        return None
    return Measure("meetings", match.start("whom"), match.end("whom"), match["whom"])


_CONTACTING = re.compile(
    r"\b(?:contact(?:er|ons|ez|ing)?|demarcher|approcher|approach|call|appeler|prospecter|sollicit\w+|email|mailer|reach out to)"
    r" (?:\d\S*|\w+) (?:\w+ )?(?P<whom>companies|entreprises|societes|businesses|comptes|accounts|decideurs|decision[- ]makers|dirigeants|people|personnes|contacts|clients potentiels|pme|tpe|eti|buyers|acheteurs)\b"
)


def approached(text: str) -> Measure | None:
    """Return the prospects meant by contacting companies."""
    match = _CONTACTING.search(text)
    if match is None:
        return None
    start, end = match.span("whom")
    return Measure("prospects_contacted", start, end, match["whom"])


_BASE = re.compile(
    r"\b(?:a|to|de|from|jusqu'a|atteindre|reach\w*|avoir|compter|depasser|exceed|have|at|→|servir|serve) (?:plus de |over |more than |at least |au moins )?(?:\d[\d .,]*(?:k|m)?|(?:deux|trois|cinq|dix|vingt|trente|quarante|cinquante|cent|mille|two|three|five|ten|twenty|thirty|forty|fifty|a hundred|one hundred)(?: cents?| mille| hundred| thousand)?) (?:\w+ )?(?P<who>clients?|customers?|accounts|abonnes|subscribers)\b"
)
_SELLING = re.compile(r"\b(?:vend(?:re|ons|ez)|sell(?:ing)?|ecouler)\b")
_SALES_COUNTED = re.compile(r"^(?:ventes?|sales)$")
_APPROACHING = re.compile(
    r"\b(?:aborder|joindre|toucher|rencontrer pour la premiere fois|email|mailer|contact(?:er|ons|ez)?|demarch\w+|approch\w+|reach out to|relanc\w+|recontact\w+|follow(?:ing)? up with|sollicit\w+|prospect(?:er|ons|ez)|appel(?:er|ons)|call)\b"
)


_RANGED = re.compile(r"(?<!de )(?<!from )\b\d+ $")


def base_of_customers(text: str) -> Measure | None:
    """Return the size of the base meant by "grow to 90 customers"."""
    match = _BASE.search(text)
    if match is None or "new" in match.group(0) or "nouv" in match.group(0):
        return None
    if _RANGED.search(text[: match.start()]):
        return None
    return Measure(
        "active_customers", match.start("who"), match.end("who"), match["who"]
    )


def counted(
    measure: Measure | None, amount: Amount | None, text: str
) -> Measure | None:
    """Return the measure once it is known what is counted: sales by number, prospects."""
    if measure is None:
        return None
    approached = (
        measure.key in {"leads", "qualified_leads"} and "prospect" in measure.words
    )
    if approached and _APPROACHING.search(text):
        return replace(measure, key="prospects_contacted")
    if measure.key == "deals_won" and amount is not None and amount.unit in CURRENCIES:
        return replace(measure, key="revenue")
    bare = amount is not None and amount.kind == "count"
    if measure.key == "revenue" and bare and _SALES_COUNTED.match(measure.words):
        return replace(measure, key="units_sold")
    return measure


def sold(text: str, amount: Amount | None) -> Measure | None:
    """Return what "sell" measures where nothing is named: revenue, or units if counted."""
    match = _SELLING.search(text)
    if match is None:
        return None
    key = "units_sold" if amount is not None and amount.kind == "count" else "revenue"
    return Measure(key, match.start(), match.end(), match.group(0))


_SELLING_A_NUMBER = re.compile(
    r"\b(?:vend(?:re|ons|ez)|sell(?:ing)?|ecouler)\b (?:\S+ ){0,2}?(?=[€$£]?\d)"
)


def sells(text: str, measure: Measure, amount: Amount | None) -> bool:
    """Return whether things outside the catalogue are sold by number: 15 trainings."""
    counted = amount is not None and (
        amount.kind == "count" or amount.unit in CURRENCIES
    )
    return measure.key == OTHER and counted and bool(_SELLING_A_NUMBER.search(text))


def other(text: str, hidden: Sequence[tuple[int, int]] = ()) -> Measure | None:
    """Return the first quantity outside the catalogue, asides left out."""
    every = (one for one in named("other", text) if not _within(one, hidden))
    match = next(every, None)
    return Measure(*match) if match else None


def _within(one: Match, hidden: Sequence[tuple[int, int]]) -> bool:
    return any(low <= one.start < high for low, high in hidden)


def ambiguous(measure: Measure, *, amounted: bool, text: str) -> bool:  # noqa: C901, PLR0911
    """Return whether the name leaves open what is measured."""
    key, words = measure.key, measure.words
    if key == "conversion_rate":
        return True
    if amounted:
        return False
    if key == "revenue":
        return bool(_SALES.match(words))
    if key == "gross_margin":
        return bool(_MARGIN.match(words))
    if key == "csat":
        return not NAMED_SATISFACTION.search(words)
    if key == "new_customers":
        return words in {"logos", "logo"}
    if key == OTHER:
        return wished(words)
    if key == "market_share":
        return leading(text) and "part" not in words and "share" not in words
    return key in AMBIGUOUS_ALONE
