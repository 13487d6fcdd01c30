"""What is new in the field's words, found or not: `python -m benchmarks.themes [N]`.

Comments of our own, in French, as salespeople and customers write: 120 of the window
before, 128 of the window, 8 of them about something nobody spoke of. Found is: a term
of the new theme is among the five first. Beside it, mean TF-IDF of the window, which is
what a cloud of words shows. Then the queues of tickets, learnt from a part and tried on
the rest.
"""

from __future__ import annotations

import csv
import math
import random
import sys
from collections import Counter
from pathlib import Path

from jalon.domain.feedback.tagging import accuracy
from jalon.domain.feedback.themes import Voice, rising, terms
from jalon.domain.feedback.topics import topics
from jalon.queries.lemmas import lemmas

TICKETS = (
    Path(__file__).parents[2]
    / "shared/data/support_tickets_multilang/tickets_multilang_1167.csv"
)
WINDOW, NEW, AUTHORS, TRIALS = 120, 8, 24, 200
WHO = ("Le client", "Un prospect", "Le directeur", "L'acheteuse", "Leur comptable")
WHAT = (
    "trouve le prix trop élevé cette année",
    "demande une remise avant la fin du mois",
    "attend le budget du prochain exercice",
    "veut une démonstration pour son équipe",
    "apprécie la formation du mois dernier",
    "a reporté le rendez-vous à la semaine prochaine",
    "souhaite relire le contrat avec son juriste",
    "compare notre devis avec deux autres",
    "se plaint d'un délai de réponse trop long",
    "remercie l'équipe pour la mise en service",
    "demande un connecteur avec sa comptabilité",
    "veut payer en trois fois sans frais",
    "ne voit pas le besoin avant janvier",
    "attend la validation de sa direction",
    "regrette l'absence d'un export vers Excel",
    "recommande notre outil à son réseau",
    "hésite entre deux formules d'abonnement",
    "demande des références dans son secteur",
    "a changé d'interlocuteur le mois dernier",
    "veut tester avec une petite équipe d'abord",
)
WHEN = ("", " depuis hier", " encore une fois", ", rien de neuf", " et c'est noté")
THEMES: dict[str, tuple[str, ...]] = {
    "quadrille": (
        "Quadrille leur propose une migration gratuite",
        "on nous oppose Quadrille à chaque démonstration",
        "Quadrille est venu les voir la semaine passée",
        "ils ont signé un essai chez Quadrille",
    ),
    "souverain": (
        "on exige un hébergement souverain en France",
        "le cloud souverain devient une condition",
        "question nouvelle sur les données et le souverain",
        "sans solution souveraine, ils ne signent pas",
    ),
    "fusion": (
        "une fusion avec leur concurrent gèle tout",
        "le projet s'arrête : fusion annoncée lundi",
        "depuis la fusion, plus personne ne décide",
        "la fusion change les signataires",
    ),
    "grève": (
        "la grève des transports bloque les livraisons",
        "rendez-vous annulé à cause de la grève",
        "avec la grève, l'usine tourne à moitié",
        "ils attendent la fin de la grève",
    ),
    "facture électronique": (
        "la facture électronique obligatoire les inquiète",
        "tout le monde parle de la facture électronique",
        "ils veulent savoir pour la facture électronique",
        "la réforme de la facture électronique passe avant",
    ),
    "recrutement": (
        "leur recrutement est gelé, le projet aussi",
        "sans recrutement ils ne peuvent pas déployer",
        "le recrutement d'un responsable retarde tout",
        "ils lient l'achat à un recrutement",
    ),
}


def comment(dice: random.Random) -> str:
    """Return a comment of every day."""
    return f"{dice.choice(WHO)} {dice.choice(WHAT)}{dice.choice(WHEN)}."


def voices(texts: list[str], dice: random.Random) -> list[Voice]:
    """Return comments as lemmas, each by somebody."""
    return [
        Voice(f"p{dice.randrange(AUTHORS)}", lemmas(text, lang="fr")) for text in texts
    ]


def trial(theme: str, seed: int, *, new: int = NEW) -> tuple[list[Voice], list[Voice]]:
    """Return the window, with a theme nobody spoke of, and the window before."""
    dice = random.Random(f"{theme}:{seed}")
    said = [comment(dice) for _ in range(WINDOW)]
    said += [
        f"{dice.choice(WHO)} : {dice.choice(THEMES[theme])}{dice.choice(WHEN)}."
        for _ in range(new)
    ]
    dice.shuffle(said)
    return voices(said, dice), voices([comment(dice) for _ in range(WINDOW)], dice)


def among(found: list[str], theme: str) -> bool:
    """Return whether a term of the theme is told."""
    wanted = set(lemmas(theme, lang="fr"))
    return any(wanted & set(term.split()) for term in found)


def by_log_odds(now: list[Voice], before: list[Voice]) -> list[str]:
    """Return the five first terms of the product."""
    return [one.term for one in rising(now, before, limit=5)]


def by_topics(now: list[Voice]) -> list[str]:
    """Return the words of the product's topics."""
    return [word for one in topics(now, number=8) for word in one.words[:3]]


def by_tf_idf(now: list[Voice]) -> list[str]:
    """Return the five terms of the highest mean TF-IDF."""
    said = [Counter(terms(one.words, frozenset())) for one in now]
    known = Counter(term for one in said for term in one)
    weight = {
        term: math.log(len(now) / number) * sum(one[term] for one in said) / len(now)
        for term, number in known.items()
    }
    return sorted(weight, key=lambda term: -weight[term])[:5]


def found(trials: int, *, new: int = NEW) -> dict[str, float]:
    """Return the share of trials in which each way tells the new theme."""
    hits: Counter[str] = Counter()
    for seed in range(trials):
        theme = list(THEMES)[seed % len(THEMES)]
        now, before = trial(theme, seed, new=new)
        hits["log-odds"] += among(by_log_odds(now, before), theme)
        hits["topics"] += among(by_topics(now), theme)
        hits["mean TF-IDF"] += among(by_tf_idf(now), theme)
    return {name: number / trials for name, number in hits.items()}


def tickets() -> dict[str, tuple[int, int, float | None]]:
    """Return, by language, tickets, tags, and how often a tag is right."""
    with TICKETS.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    told = {}
    for lang in ("fr", "en"):
        mine = [one for one in rows if one["language"] == lang]
        tagged = [
            (lemmas(f"{one['subject']} {one['body']}", lang=lang), one["queue"])
            for one in mine
        ]
        told[lang] = (
            len(tagged),
            len({tag for _words, tag in tagged}),
            accuracy(tagged),
        )
    return told


def main() -> None:
    """Print both."""
    trials = int(sys.argv[1]) if len(sys.argv) > 1 else TRIALS
    for new in (4, NEW):
        shares = ", ".join(
            f"{name} {share:.2f}" for name, share in found(trials, new=new).items()
        )
        print(f"{new} of {WINDOW + new} comments, {trials} trials: {shares}")
    if TICKETS.exists():
        for lang, (number, tags, right) in tickets().items():
            print(f"tickets, {lang}: {number}, {tags} queues, right {right:.2f}")
    else:
        print("No ../shared/data/support_tickets_multilang: tickets are not tried.")


if __name__ == "__main__":
    main()
