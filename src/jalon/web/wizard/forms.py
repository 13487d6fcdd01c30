"""What the first run asks of the company and of its director."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import holidays
from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.numbers import get_territory_currencies

from jalon.domain.people.names import folded
from jalon.domain.periods.calendar import WEEK_STARTS
from jalon.usecases.first_run import FirstAccount
from jalon.workspace.folder import Settings

COMMON_CURRENCIES = ("EUR", "USD", "GBP", "CHF", "CAD", "MAD", "TND", "XOF", "XAF")
COMMON_COUNTRIES = ("FR", "BE", "CH", "LU", "CA", "US", "GB", "DE", "ES", "IT")
LANGUAGES = (("fr", "Français"), ("en", "English"))
TIMEZONES = {
    "FR": "Europe/Paris",
    "BE": "Europe/Brussels",
    "CH": "Europe/Zurich",
    "LU": "Europe/Luxembourg",
    "CA": "America/Toronto",
    "US": "America/New_York",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "DE": "Europe/Berlin",
    "AT": "Europe/Vienna",
    "NL": "Europe/Amsterdam",
    "ES": "Europe/Madrid",
    "PT": "Europe/Lisbon",
    "IT": "Europe/Rome",
    "MA": "Africa/Casablanca",
    "TN": "Africa/Tunis",
    "DZ": "Africa/Algiers",
    "SN": "Africa/Dakar",
    "CI": "Africa/Abidjan",
    "CM": "Africa/Douala",
}
LETTERS = 2
Choices = tuple[tuple[str, str], ...]


def months(lang: str) -> Choices:
    """Return the months of the year, by number."""
    names = get_month_names("wide", locale=lang)
    return tuple((str(number), names[number]) for number in range(1, 13))


def week_starts(lang: str) -> Choices:
    """Return the days a week may begin on, by the word of the settings."""
    names = get_day_names("wide", locale=lang)
    return tuple((word, names[day]) for word, day in WEEK_STARTS.items())


def currencies(lang: str) -> Choices:
    """Return the currencies by their code, the usual ones first."""
    named = Locale.parse(lang).currencies
    today = {
        code for country in _countries() for code in get_territory_currencies(country)
    }
    ordered = dict.fromkeys((*COMMON_CURRENCIES, *sorted(today)))
    return tuple((code, f"{code} · {named.get(code, code)}") for code in ordered)


def countries(lang: str) -> Choices:
    """Return the countries whose public holidays are known, the usual ones first."""
    named = Locale.parse(lang).territories
    others = sorted(_countries(), key=lambda code: folded(named[code]))
    ordered = dict.fromkeys((*COMMON_COUNTRIES, *others))
    return tuple((code, named.get(code, code)) for code in ordered)


def _countries() -> list[str]:
    """Return the countries with known holidays, by their two letters."""
    named = Locale.parse("en").territories
    found = holidays.list_supported_countries()
    return [code for code in found if len(code) == LETTERS and code in named]


def settings_of(posted: Mapping[str, str], former: Settings) -> Settings:
    """Return the settings a form tells; the time zone follows the country.

    A country with several zones, or unknown here, keeps the zone there was.
    """
    country = posted.get("country", former.country)
    moved = country != former.country
    zone = TIMEZONES.get(country, former.timezone) if moved else former.timezone
    month = posted.get("month", "")
    return replace(
        former,
        company=posted.get("company", "").strip(),
        currency=posted.get("currency", former.currency),
        country=country,
        language=posted.get("language", former.language),
        timezone=posted.get("timezone", "").strip() or zone,
        points=posted.get("points", "") or former.points,
        week_start=posted.get("week_start", "") or former.week_start,
        fiscal_first_month=int(month) if month.isdigit() else 0,
    )


def account_of(posted: Mapping[str, str]) -> FirstAccount:
    """Return the first account a form tells."""
    return FirstAccount(
        posted.get("name", ""), posted.get("email", ""), posted.get("password", "")
    )
