"""Parts of a sentence: further goals, means, comparisons and other asides.

Asides are hidden from the search for KPIs, verbs and amounts: how it will be done
("grâce à", "by hiring"), what for, budgets, what was achieved, cohort horizons.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from jalon.domain.smart.goal import Found, Measure
from jalon.domain.smart.measuring import found
from jalon.domain.smart.quantities import Quantity
from jalon.domain.smart.words import first, named

_STOP = r"(?=$|[.;!?)]| d'ici\b| avant (?:la |le )?fin| avant \d| by (?:the end|q\d|end|next)| sous \d| within \d| cette annee| ce trimestre| this (?:year|quarter|month)| in (?:q\d|\d+ (?:months|weeks|days))| en \d+ mois| sur \d+ mois| et (?:atteindre|obtenir|reduire|augmenter|passer|ramener)| and (?:reach|increase|reduce|cut|grow|raise))"
_MEANS = re.compile(
    r"(?:,? ?\b(?:grace (?:a|au|aux)\b|en (?:(?!avant|montant|instant|pendant|passant de|passant a|cours)\w{2,}ant\b|s'appuyant|developpant|proposant|formant|lancant|utilisant|recrutant|ameliorant|renforcant|ciblant|mettant|investissant|automatisant|optimisant|travaillant|structurant|simplifiant|creant|ouvrant|multipliant|organisant|prospectant|relancant|augmentant|reduisant|accelerant|passant par|concentrant|offrant|adaptant|repensant|revoyant|segmentant|personnalisant|deployant|\w+ant (?:sur|la|le|les|des|un|une|nos|notre|mieux|plus|aux|a))\b"
    r"|via (?!(?:le |la |les |nos |notre |l'|our |the )?(?:partenaires?|partners?|apporteurs?|salons?|events?|webinai?re?s?|blog|seo|sea|revendeurs?|resellers?|distribut|marketplaces?|e-?commerce|mobile|newsletter|prescripteurs?|parrainages?|referrals?)|linkedin|google|facebook|tiktok|instagram|youtube|le canal|les reseaux|l'e-?commerce|the (?:website|channel)|our (?:website|channel)|outbound|inbound|seo|partner|email|notre site|le site|amazon)|through\b|thanks to\b|by (?!\d|the end|end of|at least|q\d|h\d|january|february|march|april|may|june|july|august|september|october|november|december|next|year|mid|summer|winter|spring|fall|then|that|christmas|20\d\d|an? (?:further|additional|extra|third|half|quarter|tenth)|half|a third|about|around|some|over \d|more than \d|almost|nearly|[+<>~$€£]|ten|twenty|five|two|three|region|segment|the (?:start|close|beginning|first|second|third|fourth))\w+ing\b|by means of|(?<!satisfaction )with (?:a |an |the )?(?:better|tighter|new|more|same|stronger|improved|dedicated|smarter|targeted|regular|the same|no extra|fewer people|help|our)\b|avec (?:une?|des|plus|moins|le meme|la meme|l'aide|les memes|de meilleurs?)\b(?! (?:nps|churn|taux|csat|marge|panier|satisfaction|ca\b|chiffre|retention|mrr|arr|cac|cycle|score))"
    r"|using\b|afin (?:de|d'|que)|pour (?:que|financer|payer|assurer|permettre|preparer|soutenir|compenser|couvrir|mieux|renforcer|reduire|garantir|l'ouverture|le lancement|rester|devenir|gagner|developper|ameliorer|accelerer|lancer|un meilleur|une meilleure)|in order to|so that|so we can|to (?:fund|support|finance|pay for|prepare|free up|help|cover|enable|fuel|stay|become|make room|hire)\b|because\b|car\b|parce que|sachant que|en partant du constat|et ce,? |tout en (?:gardant|maintenant|conservant|preservant)?|without\b|sans (?!depasser)|while\b(?! (?:keeping|holding|maintaining|reducing|cutting|increasing|improving|raising))))"
    rf".*?{_STOP}"
)
_ASIDES = re.compile(
    r"(?:\b(?:avec|with) (?:un |a |an |our )?(?:budget|enveloppe)?[^,.;]{0,25}\d[\d .,]*\w* ?(?:€|eur|\$|fcfa|usd|gbp)? ?(?:de|of|d'|in)? ?(?:budget|depenses?|spend)\b|\bbudgets? (?:de|of|:)? ?[\d .,]+ ?\w*[€$]?|\b\d[\d .,]* ?(?:k|m)?(?:€|eur|\$|fcfa)? (?:de|of) budget"
    r"| - (?:given|that|the|this|which|it|so|c\'est|soit|ce qui|because|car|our|by|grace|to|we|avec|un|une|le|la|les)\b.*$|\b(?:in|across|around|dans|sur) (?:\w+ ){0,2}(?:chosen |target |key )?(?:sectors|countries|regions|markets|verticals)\b|- (?:won|landed|ended|got|achieved|reached|closed|done|finished|hit|realise|atteint|obtenu|fait|termine|resultat)[^;]*|\b(?:landed|ended) (?:up )?at [^,;]*|\bpar rapport (?:a|au|aux) [^,;.]{0,40}?(?:annee|periode|an|mois|trimestre)(?: (?:derniere|dernier|precedente?|passee?|derniers))*|\b(?:vs\.?|versus|compared (?:to|with)|contre|over|against) (?:the )?(?:n-1|q[1-4]|last (?:year|quarter|month)|l'an(?:nee)? derni\w+|l'annee precedente|the same period[^,;.]*|previous \w+|prior \w+|20\d\d|t[1-4]|le t[1-4]|prior-year \w+)"
    r"|,? ?\b(?:dont|of which) (?:\w+ ){0,2}\d[^,.;]*|\bfortune \d+|\bcac ?40|\biso ?\d+|\btop ?\d+|#\d+|\bn° ?\d+|\b(?:at|a) \d+ (?:months|mois|days|jours|years|ans)(?= ?(?:$|[,.;)]| (?:apres|after|post)))|\b(?:durant|pendant|during|over) (?:les |the )?\d+ (?:premiers|premieres|first) \w+(?: de \w+ en \w+| of \w+)?|\(\d+(?:[.,]\d+)? ?% (?:growth|de croissance|of \w+|du \w+)\)|\b(?:leve\w*|raise|raised|raising|levee|fundraise|round) (?:de fonds )?(?:de |of )?[€$£]?\d[\d.,]* ?(?:k|m|md)?[€$£]?(?: seed| series \w)?|\bsous \d+ ?(?:h|heures|hours|jours|minutes|min)\b(?= d'ici)|\bwithin \d+ (?:h|hours|minutes|min|business hours)\b|\b(?:en moins de|in under|in less than) \d+ (?:h|hours|heures|minutes|min)\b|\bv\d+(?:\.\d+)*|\bb2b2c|\b24/7|\b360(?= ?(?:°|deg|view|vue|feedback|review))|\bscope [123]\b|\bj\+?\d+\b|\bd\d+ |\bp[1-4] issues?\b|\bseries [a-d]\b|\b3\.0\b|\bwith the same headcount|\ba effectif constant|\bavec \d+ (?:personnes|commerciaux|vendeurs)|\bwith \d+ (?:reps|people|salespeople|sellers))"
)


_AT = re.compile(r"(?:at|a) \d")
_OF_COHORT = re.compile(
    r"reten|retain|churn|kept|conserv|ltv|cohort|fideli|actif|active"
)


def _is_level(match: re.Match[str], text: str) -> bool:
    """Return whether « à 45 jours » is a figure: no cohort is spoken of before."""
    at = _AT.match(match.group(0)) is not None
    return at and not _OF_COHORT.search(text[: match.start()])


def hidden(text: str) -> list[tuple[int, int]]:
    """Return the places of asides in a folded sentence."""
    found = (match for match in _ASIDES.finditer(text) if not _is_level(match, text))
    spans = [match.span() for match in found]
    spans += [
        match.span()
        for match in _MEANS.finditer(text)
        if match.start() > 0 and not _signed_with(match, text)
    ]
    return spans


_WITH = re.compile(r",? ?(?:avec|with) (?:des|une?|a|an) ")
_SIGNING = re.compile(
    r"\b(?:sign\w*|boucl\w+|conclu\w+|contrats?|deals?|accords?|partenariats?|partnerships?|rdvs?|rendez-vous|meetings?|clos\w+) (?:\S+ ){0,5}?$"
)


def _signed_with(match: re.Match[str], text: str) -> bool:
    """Return whether « avec » tells with whom one signs, not how it is done."""
    told = _WITH.match(match.group(0)) is not None
    return told and bool(_SIGNING.search(text[: match.start()] + " "))


_JOINT = re.compile(
    r"(?:,? (?:and/or|et/ou|et|and|ainsi que|plus|as well as|along with|tout en|while|mais aussi|but also|puis|then|also|en meme temps que|at the same time|avec|with|pour|or)\b|[;&]|(?<!\d),|,(?!\d)|(?<![\d%km])[+]|\. (?=\w))"
)


def split(
    text: str, numbers: Sequence[Quantity], asides: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the places of the clauses: a joint splits where a new goal begins after."""
    names: list[Measure] = [*found(text, list(asides)), *_others(text, asides)]
    cuts: list[int] = []
    begin = 0
    for joint in _JOINT.finditer(text):
        if any(low <= joint.start() < high for low, high in asides):
            continue
        if _between_brackets(text, joint.start()):
            continue
        after = joint.end()
        if _new_goal(text, begin, joint.start(), after, names, numbers, joint.group(0)):
            cuts.append(after)
            begin = after
    edges = [0, *cuts, len(text)]
    return [(a, b) for a, b in itertools.pairwise(edges) if b > a] or [(0, len(text))]


_COUNTING = re.compile(r"\d (?:\w+ )?$")


def _others(text: str, asides: Sequence[tuple[int, int]]) -> list[Measure]:
    """Return the other things counted: they make goals too."""
    counted = [one for one in named("won", text) if _COUNTING.search(text[: one.start])]
    return [
        Measure(*one)
        for one in (*named("other", text), *counted)
        if not any(low <= one.start < high for low, high in asides)
    ]


def _new_goal(  # noqa: PLR0913, PLR0917
    text: str,
    begin: int,
    stop: int,
    after: int,
    names: Sequence[Measure],
    numbers: Sequence[Quantity],
    joint: str,
) -> bool:
    """Return whether what follows a joint is a goal of its own.

    It is when it opens with a verb, or holds a KPI and an amount of its own, and what
    precedes is already a goal (a verb, or a KPI with an amount).
    """
    nearby = _next_joint(text, after)
    name_after = [one for one in names if after <= one.start < nearby]
    number_after = [one for one in numbers if after <= one.start < nearby]
    name_before = [one for one in names if begin <= one.start < stop]
    number_before = [one for one in numbers if begin <= one.start < stop]
    verb_after = _opens_with_verb(text, after)
    verb_before = _has_verb(text, begin, stop)
    goal_before = (
        bool(name_before and (number_before or verb_before))
        or bool(number_before and verb_before)
        or verb_before
    )
    if not goal_before:
        return False
    weak = joint.strip(" ,") in {"avec", "with", "pour", "or", "plus"}
    if name_after and number_after and (name_before or number_before):
        return True
    if weak:
        return False
    if verb_after and (
        name_after or number_after or joint.strip() not in {",", "+", "&"}
    ):
        return True
    if verb_after and verb_before and (name_before or number_before):
        return True
    return bool(
        name_after
        and name_before
        and not number_after
        and not number_before
        and verb_before
        and _sibling(text, after)
    )


def _sibling(text: str, after: int) -> bool:
    return bool(
        re.match(
            r" ?(?:de |le |la |les |l'|nos |notre |our |the |more |plus de )?\w+",
            text[after:],
        )
    ) and bool(
        re.match(
            r" ?(?:more|fewer|less|higher|lower|plus de|moins de|davantage|better)\b",
            text[after:],
        )
    )


_NO_VERB = re.compile(
    r"(?:growth|sales|more|better|plus|moins|croissance|target|objectif|goal|cible|[+])"
)


def _opens_with_verb(text: str, after: int) -> bool:
    start = after
    while start < len(text) and text[start] in " ,":
        start += 1
    return begins_with_verb(text, start) or any(
        one.start == start and not _NO_VERB.match(one.words)
        for one in named("direction", text)
    )


_INFINITIVE = re.compile(
    r" *(?:ne pas |mieux |puis |y |se |s'|le |la |les |en )?(?!dernier|premier|janvier|fevrier|panier|atelier|courrier|dossier"
    r"|financier|immobilier|particulier|entier|hier|metier|quartier|avenir|trimestre|semestre"
    r"|decembre|septembre|novembre|octobre|notre|votre|autre|offre|chiffre|contre|outre|entre"
    r"|titre|centre|cadre|nombre|fevr|hiver|chantier|levier|lettre|manager|leader|closer|partner"
    r"|customer|number|order|per|over|under|other|newsletter|user|reseller|retailer|buyer"
    r"|seller|quarter|december|september|october|november|after|higher|lower|fewer|larger"
    r"|bigger|better|faster|cher|pour|tour)[a-z]{2,}(?:er|ir|oir|dre|ttre|uire|crire|aire|clore)\b"
)
_BARE_VERB = re.compile(
    r" *(?:launch|roll out|ship|develop|design|implement|deploy|introduce|set up|organi[sz]e"
    r"|hire|migrate|automate|prepare|document|rank|become|turn|test|start|open|train|delegate"
    r"|visit|review|clean up|redesign|rebuild|create|define|chase|call|follow up|fix|write|send|run)\b(?! (?:rate|cost|time)s?\b)"
)


def begins_with_verb(text: str, start: int) -> bool:
    """Return whether a verb of any kind begins there: « déléguer », "ship"."""
    return bool(_INFINITIVE.match(text, start) or _BARE_VERB.match(text, start))


def _has_verb(text: str, begin: int, stop: int) -> bool:
    return first("direction", text, begin, stop) is not None


def _next_joint(text: str, after: int) -> int:
    match = re.search(r"[;,](?!\d)| et | and | plus ", text[after + 1 :])
    return after + 1 + match.start() if match else len(text)


def _between_brackets(text: str, place: int) -> bool:
    left = text.rfind("(", 0, place)
    return left >= 0 and text.find(")", left, place) < 0


def kept(goals: list[Found]) -> list[Found]:
    """Return the goals that say something; the first one always."""
    first, *rest = goals
    return [first, *(one for one in rest if _says(one))]


def _says(one: Found) -> bool:
    goal = one.goal
    return goal.kpi is not None or goal.amount is not None or one.verb is not None
