"""The annotated sentences of ../shared, scored as its own scorer does."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest

from jalon.cli import smart
from jalon.domain.smart.reading import read
from tests.truth.desk import SHARED

pytestmark = pytest.mark.truth
FOLDER = SHARED.parent / "sentences"


@pytest.fixture(scope="module")
def scored() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    if not (FOLDER / "dev.jsonl").exists():
        pytest.skip("the annotated sentences are not beside the project")
    scorer = module()
    rows = [
        json.loads(line)
        for line in (FOLDER / "dev.jsonl").read_text("utf-8").splitlines()
    ]
    return [(row, scorer.compare(row, answer(row["text"]))) for row in rows]


def module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", FOLDER / "score.py")
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


def answer(text: str) -> dict[str, Any]:
    reading = read(text)
    flags = {
        "specific": reading.specific,
        "measurable": reading.measurable,
        "time_bound": reading.time_bound,
    }
    return {**smart._fields(reading), "smart": flags}


@pytest.mark.parametrize(("lang", "least"), [("", 0.92), ("fr", 0.88), ("en", 0.88)])
def test_sentences_are_read_exactly(
    scored: list[tuple[dict[str, Any], dict[str, Any]]], lang: str, least: float
) -> None:
    kept = [found for row, found in scored if not lang or row["lang"] == lang]
    assert sum(one["exact"] for one in kept) / len(kept) >= least


def test_smart_ones_are_accepted_and_no_vague_one(
    scored: list[tuple[dict[str, Any], dict[str, Any]]],
) -> None:
    wrong = [row["id"] for row, found in scored if found["_acc"][0] != found["_acc"][1]]
    assert wrong == []
