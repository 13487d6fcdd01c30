"""Every sentence has its French; every code has both languages; placeholders agree."""

from __future__ import annotations

import re

import polib
import pytest

from tests.architecture.messages import SOURCES, asked, catalogue

CODE = re.compile(r"[a-z_]+(\.[A-Za-z0-9_]+)+")
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
LANGUAGES = ("fr", "en")


def test_every_sentence_has_its_french() -> None:
    french = catalogue("fr")
    missing = {text: place for text, place in asked().items() if not french.get(text)}

    assert not missing


def test_every_code_in_use_has_both_languages() -> None:
    codes = [text for text in asked() if CODE.fullmatch(text)]

    assert not [
        code
        for code in codes
        for language in LANGUAGES
        if not catalogue(language).get(code)
    ]


def test_both_languages_know_the_same_codes() -> None:
    french, english = (
        {text for text in catalogue(language) if CODE.fullmatch(text)}
        for language in LANGUAGES
    )

    assert french == english


@pytest.mark.parametrize(
    "path",
    sorted((SOURCES / "locale").glob("*/*.po")),
    ids=lambda p: f"{p.parent.name}/{p.name}",
)
def test_a_translation_keeps_the_placeholders(path: object) -> None:
    for entry in polib.pofile(str(path)):
        if CODE.fullmatch(entry.msgid):
            continue
        asked_for = set(PLACEHOLDER.findall(entry.msgid + entry.msgid_plural))
        for text in filter(None, [entry.msgstr, *entry.msgstr_plural.values()]):
            assert set(PLACEHOLDER.findall(text)) <= asked_for, entry.msgid


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_translated_once(language: str) -> None:
    seen: dict[str, str] = {}
    for path in sorted((SOURCES / "locale" / language).glob("*.po")):
        for entry in polib.pofile(str(path)):
            text = entry.msgstr or str(entry.msgstr_plural)
            assert seen.setdefault(entry.msgid, text) == text, (path.name, entry.msgid)


def test_french_spaces_do_not_break_and_apostrophes_are_typographic() -> None:
    wrong = re.compile(
        r"\S[ \u00a0][;:!?»]|[\d}][ \u00a0][%€](?![a-zA-Z(])|«[ \u00a0]|[a-zà-ÿ]'[a-zà-ÿ]"
    )
    texts = catalogue("fr").items()

    assert not [code for code, text in texts if wrong.search(text)]
