"""What restricts a figure: segment, sector, product, region, channel, kind of deal."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from jalon.domain.smart.amounts import MONEY
from jalon.domain.smart.goal import Measure
from jalon.domain.smart.quantities import CURRENCIES, Quantity, quantities
from jalon.domain.smart.words import named


@dataclass(frozen=True, slots=True)
class Filter:
    """A dimension and the words of the sentence that restrict it."""

    dimension: str
    value: str
    start: int
    end: int


_DEAL = re.compile(
    r"(?:deals?|affaires?|contrats?|commandes?|opportunites?|opportunities|orders?|devis|tickets?|paniers?|clients?|accounts?|comptes?) (?:\w+ )?"
    r"(?P<op>de moins de|inferieur\w* a|en dessous de|sous(?: les)?|jusqu'a|under|below|less than|smaller than|<=?|de plus de|superieur\w* a|au-dessus de|au-dela de|over|above|more than|larger than|worth more than|worth over|>=?|d'au moins|at least) ?"
)
_MORE = re.compile(
    r"plus|superieur|dessus|dela|over|above|more|larger|>|moins? d|least"
)
_PRODUCT = re.compile(
    r"\b(?P<head>espace(?= client)|application|appli|plateforme|portail|logiciel|offre|gamme|produit|module|rayon|solution|pack|formule|licences?|abonnement|plan|service|machine|modele|ligne)s? (?!(?:de|d'|et|est|sur|en|a|pour|clients|premium ou|par|grace|via|commerciale?s?|envoyee?s?|de vente)\b)(?P<name>\w[\w-]*)"
    r"|\b(?P<name2>\w[\w-]*) (?P<head2>app|features?|platform|tools?|software|module|range|product line|suite|plan|add-on|licen[cs]es?|subscription(?!s? churn)|package)s?\b"
)
_PRODUCT_OF = re.compile(
    r"(?:clients?|customers?|ventes?|leader|part de marche|parts de marche|ca|chiffre d'affaires|market share|sales) (?:de |du |de la |des |d'|of |in |for |sur |on )?(?P<of>la |le |the |l'|les |notre |our |nos )?(?P<name>[\w-]+(?: [\w-]+)?)"
)
_NOT_A_VALUE = re.compile(
    r"^(?:dans|aux?|segments?|secteur|sectors?|region|deals?|via|chez|among|on|ici|within|next|last|avant|fin|cette|ce|par|per|chaque|each|every|from|to|by|at|in|up|above|under|over|below|with|de|du|des|la|le|les|en|sur|pour|avant|avec|sales|sous|new|nouveau|nouvelle|our|the|notre|business|strategic|account|action|payment|sales|marketing|success|project|pricing|total|main|growth|recovery|product|this|that|a|de|each|every|any|best|good|full|same|whole|an?)$"
)
_SKIPPED = re.compile(
    r"(?:tous? (?:nos|les)|all (?:our|the)|l'ensemble|over the whole|dans nos \d|in our \d|in all|every|whole) (?:\w+ )?$"
)
_STORE = re.compile(
    r"\b(?:de l'|du |de la |de notre |of the |in the |dans (?:le |la |l')|at the |for the )(?P<name>(?:agence|magasin|boutique|point de vente|restaurant|salon|store|branch|shop)(?: (?:de|d'|of|in) [\w-]+)?)\b"
)
_MARKET_OF = re.compile(
    r"\b(?:leader|leadership|parts? de marche|reference|n° ?1|numero un|market (?:share|leader)|leading player)s? (?:du marche |in the |of the |in |of |for )?(?:de la |du |de l'|des |de |d'|dans la |dans le |sur le |sur la )?(?P<name>[\w'-]{3,})"
)
_CUSTOMERS_OF = re.compile(
    r"\b(?:nouveaux |new )?(?:clients|comptes) (?P<name>[a-z]{4,})\b(?= ?(?:$|[.,;]|d'ici|avant|sous|en \d|ce |cette|par|au t\d|by|within))"
)
_COMMON = re.compile(
    r"(?:avant|d'ici|sous|pour|dans|avec|cette|chaque|actifs?|payants?|qualifies?|fideles?|existants?|potentiels?|premium|satisfaits?|signes?|perdus?|supplementaires?|nouveaux|annuels?|mensuels?|gagnes?|acquis|grands?|stables?|recurrents?|rentables|strategiques?|professionnels?|particuliers|entreprises?|inactifs?|dormants?|minimum|maximum|environ|d'affaires|locaux|etrangers|via|grace|from|each|with|before|within|this|that|from|next|every|over|under|heureux|contents|finaux|directs?|abonnes?|industriels?|publics?|prives?|actuels?|facturables|engages|conserves|rendus?|cles?)$"
)
_PROPER_REGION = re.compile(
    r"(?:\ben|\bau|\baux|\bin|\bacross|\bsur la (?:region|zone)|\bzone|\bregion|\bdans (?:le|la|les)|\bsur le marche|\bsur (?:le|la)|\bthroughout) (?:the |la |le )?(?P<name>[A-ZÉÈÀ][\w'-]+(?:[ -][A-Z][\w'-]+)*)"
)
_ACTORS = re.compile(
    r"(?:compagnie d'|entreprise d[eu'] ?|societe d[eu'] ?|cabinet d[eu'] ?)$"
)


def filters(
    text: str,
    original: str,
    measure: Measure | None,
    hidden: Sequence[tuple[int, int]],
    numbers: Sequence[Quantity],
) -> tuple[Filter, ...]:
    """Return the filters of a sentence, in order, without those inside another."""
    del numbers
    found: list[Filter] = []
    for dimension, start, end, _ in named("filter", text):
        if _inside(start, end, hidden) or _covered(start, end, measure):
            continue
        if _SKIPPED.search(text[:start]) or _ACTORS.search(text[:start]):
            continue
        if (
            end - start <= 2
            and dimension == "region"
            and not original[start:end].isupper()
        ):
            continue
        found.append(Filter(dimension, original[start:end], start, end))
    found += _deals(text, original, hidden, measure)
    found += _products(text, original, hidden, measure)
    return _without_inner(found)


def _deals(
    text: str,
    original: str,
    hidden: Sequence[tuple[int, int]],
    measure: Measure | None,
) -> list[Filter]:
    kept = []
    for match in _DEAL.finditer(text):
        if _inside(match.start(), match.end(), hidden):
            continue
        if (
            measure is not None
            and measure.key in MONEY
            and (measure.start <= match.start() < measure.end)
        ):
            continue
        after = quantities(
            text[match.end() : match.end() + 24],
            original[match.end() : match.end() + 24],
        )
        money = next((one for one in after if one.start <= 1), None)
        if money is None or money.value is None:
            continue
        if money.unit not in CURRENCIES and money.value < 500:
            continue
        sign = (
            ">" if _MORE.search(match["op"]) and "de moins" not in match["op"] else "<"
        )
        value = f"{sign}{money.value:.15g} {money.unit or ''}".strip()
        kept.append(
            Filter("deal_amount", value, match.start("op"), match.end() + money.end)
        )
    return kept


def _products(  # noqa: C901, PLR0912
    text: str, original: str, hidden: Sequence[tuple[int, int]], measure: Measure | None
) -> list[Filter]:
    kept = []
    for match in _PRODUCT.finditer(text):
        start, end = match.span()
        if _inside(start, end, hidden) or _covered(start, end, measure):
            continue
        name = match["name"] or match["name2"]
        if _NOT_A_VALUE.match(name) or name.isdigit():
            continue
        kept.append(Filter("product", original[start:end], start, end))
    for match in _STORE.finditer(text):
        if not _inside(match.start(), match.end(), hidden):
            start, end = match.span("name")
            kept.append(Filter("store", original[start:end], start, end))
    if measure is not None and measure.key == "market_share":
        for match in _MARKET_OF.finditer(text):
            start, end = match.span("name")
            if not _inside(start, end, hidden) and not _NOT_A_VALUE.match(
                match["name"]
            ):
                kept.append(Filter("product", original[start:end], start, end))
    if measure is not None and measure.key in {"new_customers", "active_customers"}:
        for match in _CUSTOMERS_OF.finditer(text):
            start, end = match.span("name")
            if not _inside(start, end, hidden) and not _COMMON.match(match["name"]):
                kept.append(Filter("product", original[start:end], start, end))
    return kept


def _inside(start: int, end: int, hidden: Sequence[tuple[int, int]]) -> bool:
    return any(low <= start and end <= high for low, high in hidden)


def _covered(start: int, end: int, measure: Measure | None) -> bool:
    """Return whether the words are the KPI's own name, alone."""
    if measure is None or measure.end <= measure.start:
        return False
    return (
        measure.start <= start
        and end <= measure.end
        and (
            measure.key
            not in {
                "new_customers",
                "deals_won",
                "web_conversion_rate",
                "pipeline_value",
            }
        )
    )


def _without_inner(found: list[Filter]) -> tuple[Filter, ...]:
    ordered = sorted(found, key=lambda one: (-(one.end - one.start), one.start))
    kept: list[Filter] = []
    for one in ordered:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))
