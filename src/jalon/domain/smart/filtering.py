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
    r"(?:deals?|affaires?|contrats?|commandes?|opportunites?|opportunities|orders?|devis|tickets?|paniers?|clients?|customers?|logos?|accounts?|comptes?|contracts?|renewals?|renouvellements?|licen[cs]es?|ventes?|sales|projets?|projects?|dossiers?) (?:\w+ )?"
    r"(?P<op>de moins de|inferieur\w* a|en dessous de|sous(?: les)?|jusqu'a|under|below|less than|smaller than|<=?|de plus de|superieur\w* a|au-dessus de|au-dela de|over|above|more than|larger than|bigger than|worth (?:more than|over|above|at least)|exceeding|depassant(?: les)?|>=?|d'au moins|at least) ?"
)
_MORE = re.compile(
    r"plus|superieur|dessus|dela|over|above|more|larger|bigger|exceed|depass|worth|>|moins? d|least"
)
_PRODUCT = re.compile(
    r"\b(?P<head>espace(?= client)|activite|branche|option|prestation|application|appli|plateforme|portail|logiciel|offre|gamme|produit|module|rayon|solution|pack|formule|licences?|abonnement|plan|service|machine|modele|ligne)s? (?!(?:du|des|la|le|les|aux|au|of|de|d'|et|est|sur|en|a|pour|clients|premium ou|par|grace|via|commerciale?s?|envoyee?s?|de vente)\b)(?P<name>\w[\w-]*)"
    r"|\b(?!(?:du|de|des|le|la|les|l|un|une|notre|nos|au|aux|of|for|in|on|with|from|and|the|our|to|by)\b)(?P<name2>\w[\w-]*) (?P<head2>app|features?|platform|tools?|software|module|range|product line|suite|plan|add-on|licen[cs]es?|subscription(?!s? churn)|package)s?\b"
)
_NOT_A_VALUE = re.compile(
    r"^(?:dans|aux?|segments?|secteur|sectors?|region|deals?|via|chez|among|on|ici|within|next|last|avant|fin|cette|ce|par|per|chaque|each|every|from|to|by|at|in|up|above|under|over|below|with|de|du|des|la|le|les|en|sur|pour|avant|avec|sales|sous|new|nouveau|nouvelle|our|the|notre|business|strategic|account|action|payment|sales|marketing|success|project|pricing|total|main|growth|recovery|product|this|that|a|de|annual|monthly|yearly|quarterly|paid|each|every|any|best|good|full|same|whole|an?)$"
)
_SKIPPED = re.compile(
    r"(?:tous? (?:nos|les)|all (?:our|the)|l'ensemble|over the whole|dans nos \d|in our \d|in all|every|whole) (?:\w+ )?$"
)
_NEW_PRODUCT = re.compile(
    r"\b(?:new (?:product line|product|module|plan|app|range|offer|service|feature|collection)s?|nouve(?:lle|au|l) (?:gamme|offre|module|produit|logiciel|service|application|collection)s?)\b"
)
_OF_CONTRACTS = re.compile(
    r"\b(?:contrats?|licences?|abonnements?|prestations?|ventes?) d(?:e |')(?P<name>(?!plus|moins|vente|\d|la\b|le\b|nos\b|ici|au\b|ce\b|cette|fin\b|deux|trois|plusieurs|grands?|nouve|clients?)[a-z][\w-]{3,})"
)
_STORE = re.compile(
    r"\b(?:de l'|du |de la |de notre |of the |in the |dans (?:le |la |l')|at the |for the )(?P<name>(?:agence|magasin|boutique|point de vente|restaurant|salon|store|branch|shop)(?: (?:de|d'|of|in) [\w-]+)?)\b"
    r"|\b(?:in|at|for|of) (?:our|the) (?P<name2>[\w-]{3,} (?:store|shop|branch|restaurant|outlet))\b"
)
_SITE = re.compile(
    r"\b(?:site(?: web| internet| marchand| e-?commerce)?|web ?site|landing pages?|home ?page|pages? d'(?:atterrissage|accueil)"
    r"|boutique en ligne|e-?shop|online (?:store|shop)|(?:product|pricing) pages?|pages? (?:produits?|tarifs?))\b"
)
_MARKET_OF = re.compile(
    r"\b(?:leader|leadership|parts? de marche|reference|n° ?1|numero (?:un|1)|number one|premiere place|market (?:share|leader)|leading player)s? (?:du marche |sur le marche |in the |of the |in |of |for )?(?:de la |du |de l'|des |de |d'|dans la |dans le |sur le |sur la )?(?P<name>(?!segment|secteur|region|zone|sector|all\b)[\w'-]{3,}(?: (?!dans\b|pour\b|avant\b|chez\b|sous\b|with|from\b|before\b|among|aupres|sur\b|cette\b|this\b|over\b|market)[\w'-]{3,})?)"
)
_CUSTOMERS_OF = re.compile(
    r"\b(?:nouveaux |new )?(?:clients|comptes) (?P<name>[a-z]{4,})\b(?= ?(?:$|[.,;]|d'ici|avant|sous|en \d|ce |cette|par|au t\d|by|within))"
)
_COMMON = re.compile(
    r"(?:avant|d'ici|sous|pour|dans|avec|cette|chaque|actifs?|payante?s?|gratuite?s?|qualifies?|fideles?|existants?|potentiels?|premium|satisfaits?|signes?|perdus?|supplementaires?|nouveaux|annuels?|mensuels?|gagnes?|acquis|grands?|stables?|recurrents?|rentables|strategiques?|professionnels?|particuliers|entreprises?|inactifs?|dormants?|minimum|maximum|environ|d'affaires|locaux|etrangers|via|grace|from|each|with|before|within|this|that|from|next|every|over|under|heureux|contents|finaux|directs?|asap|stp|svp|please|pls|vite|rapidement|maintenant|abonnes?|industriels?|publics?|prives?|actuels?|facturables|engages|conserves|rendus?|cles?)$"
)
_ACTORS = re.compile(
    r"(?:compagnie d'|entreprise d[eu'] ?|societe d[eu'] ?|cabinet d[eu'] ?|equipe |team |bureau (?:de )?)$"
)
_ACTING = re.compile(r" (?:team|reps?|sellers|salespeople|office|squad)\b")


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
        if _ACTING.match(text, end):
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
    found = list(_without_inner(found))
    loose = _loose(text, original, hidden, measure, found)
    return tuple(sorted([*found, *loose], key=lambda one: one.start))


_ARTICLE = r"(?:(?:la|le|les|l'|nos|notre|our|the|des|du|de) ?)?"
_STOPS = (
    r"(?!de\b|du\b|des\b|d'|la\b|le\b|les\b|l'|et\b|and\b|en\b|a\b|au\b|aux\b|nos\b|our\b|the\b|this\b|that\b"
    r"|each\b|every\b|new\b|nouve|any\b|all\b|tous\b|toutes\b|chaque\b|concern|cibl|target|public\b|prive\b"
    r"|same\b|whole\b|key\b|main\b|\d|ce\b|cette\b|par\b|per\b|by\b|in\b|to\b|from\b)"
)
# Turns that tell a filter whatever its words, tried last: the lexicon has gone before.
_TURNS = (
    ("sector", re.compile(rf"\b(?:secteur|filiere|industrie|univers) {_ARTICLE}(?:la |l')?(?P<name>{_STOPS}[\w-]{{3,}})")),
    ("sector", re.compile(rf"\b(?:the |our )?(?P<name>{_STOPS}[\w-]{{3,}}) (?:sector|industry|vertical|space)\b")),
    ("segment", re.compile(rf"\bsegment {_ARTICLE}(?P<name>{_STOPS}[\w-]{{3,}})|\b(?:the |our )?(?P<name2>{_STOPS}[\w-]{{3,}}) (?:segment|tier)\b")),
    ("region", re.compile(rf"\b(?:region|zone|territoire|departement|marche) (?P<name>{_STOPS}[\w'-]{{3,}}(?:aise|oise|ienne|ais|ois|ien|and|ande|ol|ole|ique|sud|nord|est|ouest))\b")),
    ("region", re.compile(rf"\b(?:in|across) (?:the |our )?(?P<name>{_STOPS}[\w-]{{3,}}) (?:region|territory|area|market)\b")),
    ("customer_type", re.compile(rf"\b(?:aupres|chez|aupres de|parmi|among|amongst) (?:de |des |de nos |d'|les |nos |our |the |notre |la )?(?P<name>{_STOPS}(?!clients?\b|customers?\b|prospects?\b|eux\b|nous\b|leads?\b|moi\b|equipe|reps?\b|commerci|vendeu|salar|employ|collab|staff|sales)[\w-]{{4,}}(?: (?:industriels?|publics?|prives?|independante?s?|locaux|locales?|individuels?|francais\w*|owners|managers|operators|shops|companies|students|schools|users|buyers))?)\b")),
    ("channel", re.compile(r"\b(?:via|from|through|issus? d[eu]s?|provenant d[eu]s?|en provenance d[eu]s?|apportes? par|generes? par|venant d[eu]s?|sourced (?:by|from)|coming from|generated by|sur|on) (?:nos |les |le |la |l'|our |the |notre )?(?P<name>partners?|partenaires|apporteurs(?: d'affaires)?|referrals|parrainages?|salons?|events?|webinars?|webinaires?|emailing|e-?mail|site(?: web| internet)?|website|blog|seo|sea|revendeurs|resellers|distributors|distributeurs|marketplaces?|e-?commerce|reseaux sociaux|social media|mobile|cold calling|phone|telephone|podcast|newsletter|content marketing|paid ads|ads|publicite|campagnes? (?:e-?mail|google|linkedin|facebook)|le web|canal \w+|prescripteurs)\b")),
)  # fmt: skip
_IN_A_PLACE = re.compile(
    r"\b(?:[Ii]n|[Ee]n|[AaÀà]|[Aa]u|[Aa]ux|[Aa]cross|[Ss]ur|[Tt]hroughout|[Dd]ans l[ea]s?|[Ss]ur l[ea]) (?:the |la |le )?"
    r"(?P<name>[A-ZÉÈÎÔ][a-zéèêëïîôûç']{2,}(?:[ -](?:[A-ZÉÈ][\w'é-]+|de|sur|du|la|les|en))*(?<! de| en| la|sur|les| du))(?![\w%])"
)


def _loose(
    text: str,
    original: str,
    hidden: Sequence[tuple[int, int]],
    measure: Measure | None,
    known: Sequence[Filter],
) -> list[Filter]:
    """Return the filters told by a turn (« secteur X », "in Townville"), none twice."""
    found: list[Filter] = []
    matches = [(dim, one) for dim, turn in _TURNS for one in turn.finditer(text)]
    matches += [("region", one) for one in _IN_A_PLACE.finditer(original[: len(text)])]
    taken = [(one.start, one.end) for one in known]
    if measure is not None:
        taken.append((measure.start, measure.end))
    for dimension, match in matches:
        place = "name" if match["name"] else "name2"
        start, end = match.span(place)
        if _inside(start, end, hidden) or any(a < end and start < b for a, b in taken):
            continue
        name = text[start:end]
        if _NOT_A_PLACE.match(name) or _SKIPPED.search(text[:start]):
            continue
        taken.append((start, end))
        found.append(Filter(dimension, original[start:end], start, end))
    return found


_NOT_A_PLACE = re.compile(
    r"(?:janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|january"
    r"|february|march|april|may|june|july|august|september|october|november|december|noel|christmas|easter"
    r"|black friday|summer|winter|spring|crm|google|facebook|linkedin|instagram|youtube|tiktok|amazon"
    r"|salesforce|hubspot|excel|net|average|total|least|customer|client|marketing|sales|lead|order|sante\b"
    r"|capterra|trustpilot|tripadvisor|gartner|yelp)\b"
)


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
        if _NOT_A_VALUE.match(name) or _COMMON.match(name) or name.isdigit():
            continue
        kept.append(Filter("product", original[start:end], start, end))
    if measure is None or measure.key != "offer_adoption_rate":
        for match in _NEW_PRODUCT.finditer(text):
            start, end = match.span()
            if not _inside(start, end, hidden) and not _covered(start, end, measure):
                kept.append(Filter("product", original[start:end], start, end))
    for match in _OF_CONTRACTS.finditer(text):
        start, end = match.span()
        if not _inside(start, end, hidden):
            kept.append(Filter("product", original[start:end], start, end))
    for match in _STORE.finditer(text):
        if not _inside(match.start(), match.end(), hidden):
            start, end = match.span("name" if match["name"] else "name2")
            kept.append(Filter("store", original[start:end], start, end))
    if measure is not None and measure.key == "web_conversion_rate":
        for match in _SITE.finditer(text):
            start, end = match.span()
            kept.append(Filter("channel", original[start:end], start, end))
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
                "leads",
                "offer_adoption_rate",
                "qualification_rate",
                "qualified_leads",
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
