"""What customers and salespeople say: NPS, satisfaction, engagement, and tickets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from random import Random

from jalon.demo import company
from jalon.demo.accounts import Account
from jalon.demo.calendar import Timeline, at_work, months, next_month
from jalon.demo.contracts import Term
from jalon.demo.rows import Row
from jalon.demo.sampling import picked
from jalon.demo.staff import Staff

_NPS_A_MONTH = 46
_TICKETS_A_MONTH = 95
_PROMOTERS, _DETRACTORS = 0.525, 0.175

_PLEASED = (
    "Très simple à prendre en main, l'équipe a gagné une demi-journée par semaine.",
    "Le support répond vite et bien, merci à eux.",
    "Les relances automatiques ont changé notre trésorerie.",
    "Outil fiable, je le recommande à mes confrères.",
    "Mise en service en trois jours, impeccable.",
    "Notre conseiller connaît bien notre métier.",
    "Great tool, our accountants love it.",
    "La facture électronique était prête avant l'échéance, bravo.",
)
_NEUTRAL = (
    "Bon produit, mais il manque un export vers notre logiciel de paie.",
    "Satisfait dans l'ensemble, le prix reste un peu élevé.",
    "Correct. Les tableaux de bord pourraient être plus souples.",
    "Does the job, could be faster on large files.",
    "Nous n'utilisons que la moitié des fonctions.",
)
_DISPLEASED = (
    "Deux semaines pour obtenir une réponse à un ticket, c'est trop.",
    "Le tarif a augmenté sans prévenir.",
    "L'application est lente en fin de mois.",
    "Trop de clics pour corriger une facture.",
    "Le connecteur bancaire tombe en panne régulièrement.",
    "Support is hard to reach from Switzerland.",
)
_TEMPTED = (
    "Quadrille nous propose la même chose 20 % moins cher, nous hésitons.",
    "Nous avons vu une démonstration de Quadrille : la prise en main est plus rapide.",
    "Votre concurrent Quadrille offre la mise en service, pas vous.",
)
_TEAM_WORDS = (
    "Bonne entraide dans l'équipe.",
    "Les objectifs sont clairs ce trimestre.",
    "Trop de réunions, pas assez de temps client.",
    "J'aimerais plus de coaching sur les grands comptes.",
    "Le CRM demande encore trop de saisies.",
    "Fière de la progression de l'équipe.",
)
_TEAM_WORRIES = (
    "On perd des affaires contre Quadrille sans savoir quoi répondre.",
    "Les décisions traînent : les clients comparent avec Quadrille.",
    "Il nous faut un argumentaire face à Quadrille, vite.",
)


class Voices:
    """Draws the answers and the tickets."""

    def __init__(
        self, time: Timeline, terms: Sequence[Term], staff: Staff, rng: Random
    ) -> None:
        self._time = time
        self._terms = terms
        self._staff = staff
        self._rng = rng
        self._answers = count(1)
        self._tickets = count(1)

    def answers(self) -> list[Row]:
        """Return the table of answers."""
        rows: list[Row] = []
        for month, days, customers in self._months():
            part = len(days) / len(self._time.between(month, _last(month)))
            rows += self._nps(days, customers, round(_NPS_A_MONTH * part))
            rows += self._csat(days, customers, round(_NPS_A_MONTH * part * 0.8))
            if month.month % 3 == 1:
                rows += self._engagement(days)
        return rows

    def tickets(self) -> list[Row]:
        """Return the table of tickets; recent ones may still be open."""
        rng = self._rng
        rows: list[Row] = []
        for month, days, customers in self._months():
            part = len(days) / len(self._time.between(month, _last(month)))
            for _ in range(round(_TICKETS_A_MONTH * part * len(customers) / 600)):
                opened = at_work(rng.choice(days), rng)
                closed = opened + timedelta(hours=rng.randrange(2, 160))
                over = closed.date() <= self._time.on
                rows.append(
                    {
                        "ticket_id": f"K{next(self._tickets):05d}",
                        "account_id": rng.choice(customers)[0].account_id,
                        "kind": rng.choices(
                            ("question", "incident", "complaint"), (66, 30, 4)
                        )[0],
                        "opened_at": opened,
                        "closed_at": closed if over else None,
                    }
                )
        return rows

    def _months(
        self,
    ) -> Iterator[tuple[date, tuple[date, ...], list[tuple[Account, str]]]]:
        """Say, for each month, its worked days so far and its customers."""
        time = self._time
        for month in months(time.first, time.on):
            first = max(month, time.first)
            days = time.between(first, min(_last(month), time.on))
            live = [
                (term.account, term.person_id)
                for term in self._terms
                if term.first <= first and (term.after is None or term.after > first)
            ]
            if days and live:
                yield month, days, live

    def _nps(
        self,
        days: tuple[date, ...],
        customers: list[tuple[Account, str]],
        number: int,
    ) -> Iterator[Row]:
        rng = self._rng
        order = picked([1.0] * number, number, rng)
        years = (self._time.on - days[0]).days / 365
        mood = rng.uniform(-0.035, 0.035) + 0.017 - 0.02 * years
        pleased = round(number * (_PROMOTERS + mood))
        cross = round(number * (_DETRACTORS - mood / 2))
        for rank in sorted(order, key=lambda _: rng.random()):
            day = rng.choice(days)
            words: Sequence[str]
            if rank < pleased:
                score, words = rng.choice((9, 9, 10)), _PLEASED
            elif rank < pleased + cross:
                score = rng.choice((2, 3, 4, 5, 6, 6))
                words = _TEMPTED if self._tempted(day) else _DISPLEASED
            else:
                score, words = rng.choice((7, 8)), _NEUTRAL
            yield self._answer("nps", score, 10, words, day, rng.choice(customers))

    def _tempted(self, day: date) -> bool:
        return self._time.in_story(day) and self._rng.random() < 0.6  # noqa: PLR2004

    def _csat(
        self,
        days: tuple[date, ...],
        customers: list[tuple[Account, str]],
        number: int,
    ) -> Iterator[Row]:
        for _ in range(number):
            score = self._rng.choices((1, 2, 3, 4, 5), (3, 5, 9, 38, 45))[0]
            words = _PLEASED if score > 3 else _DISPLEASED  # noqa: PLR2004
            day, customer = self._rng.choice(days), self._rng.choice(customers)
            yield self._answer("csat", score, 5, words, day, customer)

    def _engagement(self, days: tuple[date, ...]) -> Iterator[Row]:
        """Ask the whole sales force once a quarter, in its first month."""
        rng = self._rng
        day = days[min(len(days) - 1, 8)]
        late = self._time.in_story(day)
        for stay in self._staff.stays:
            if stay.covers(day, day) and rng.random() < 0.9:  # noqa: PLR2004
                worried = late and stay.team_id == company.SME
                score = max(1, min(10, round(rng.gauss(6.6 if worried else 7.5, 1.3))))
                words = _TEAM_WORRIES if worried else _TEAM_WORDS
                yield self._row("engagement", score, 10, words, day) | {
                    "person_id": stay.person.person_id
                }

    def _answer(
        self,
        survey: str,
        score: int,
        scale: int,
        words: Sequence[str],
        day: date,
        customer: tuple[Account, str],
    ) -> Row:
        account, keeper = customer
        return self._row(survey, score, scale, words, day) | {
            "account_id": account.account_id,
            "person_id": keeper,
            "segment": account.segment,
            "sector": account.sector,
            "region": account.region,
        }

    def _row(
        self, survey: str, score: int, scale: int, words: Sequence[str], day: date
    ) -> Row:
        said = self._rng.choice(words) if self._rng.random() < 0.55 else None  # noqa: PLR2004
        english = said is not None and said.split()[0] in ("Great", "Does", "Support")
        return {
            "answer_id": f"R{next(self._answers):05d}",
            "survey": survey,
            "score": score,
            "scale": scale,
            "comment": said,
            "lang": None if said is None else "en" if english else "fr",
            "answered_at": at_work(day, self._rng),
        }


def _last(month: date) -> date:
    return next_month(month) - timedelta(days=1)
