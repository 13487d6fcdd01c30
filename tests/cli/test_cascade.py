"""`jalon cascade`: the public examples, the JSON of the doors, and its refusals."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from jalon.cli.main import main

EXAMPLES = Path(__file__).parents[2].parent / "shared" / "examples" / "cascade.json"
SHARED = pytest.mark.skipif(not EXAMPLES.exists(), reason="no ../shared here")


def _run(
    capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0
) -> tuple[str, str]:
    with pytest.raises(SystemExit) as exit_:
        main(["cascade", *arguments])
    captured = capsys.readouterr()
    assert exit_.value.code == code, captured.err
    return captured.out, captured.err


@pytest.fixture
def asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Return a function: document in, JSON answer out."""
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))

    def ask(document: object, *, code: int = 0) -> Any:
        file = tmp_path / "plan.json"
        file.write_text(json.dumps(document), "utf-8")
        out, _ = _run(capsys, str(file), "--json", "--lang", "en", code=code)
        return json.loads(out)

    return ask


@pytest.fixture
def refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Return a function: text in, the one line of refusal out."""
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))

    def ask(text: str) -> str:
        file = tmp_path / "plan.json"
        file.write_text(text, "utf-8")
        out, err = _run(capsys, str(file), "--lang", "en", code=2)
        assert not out
        assert err.count("\n") == 1
        return err

    return ask


@SHARED
def test_the_public_examples_are_reproduced(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))
    published = json.loads(EXAMPLES.read_text("utf-8"))["examples"]

    out, _ = _run(capsys, str(EXAMPLES), "--json")
    found = json.loads(out)["examples"]

    for public, own in zip(published, found, strict=True):
        assert own["name"] == public["name"]
        assert own["agrees"]
        assert own["found"] == pytest.approx(public["expected"], abs=1e-6)
    headroom = found[3]["answer"]
    assert headroom["shift"] == pytest.approx(published[3]["share"], abs=1e-6)


def test_an_example_that_differs_is_a_finding(asked: Any) -> None:
    wrong = {"examples": [{"name": "x", "T": 10, "w": [1, 1], "expected": [6, 4]}]}
    (found,) = asked(wrong, code=1)["examples"]
    assert found["found"] == [5, 5]
    assert not found["agrees"]


def test_a_tree_of_opinions_is_an_example_too(asked: Any) -> None:
    """Nothing fixed above: 80 said, 90 added up; half of the way, shared by variance."""
    tree = {"parent": [-1, 0, 0], "yhat": [80, 40, 50], "s2": [4, 1, 3]}
    (found,) = asked({"examples": [{"name": "tree", **tree}]})["examples"]
    assert found["found"] == [85, 38.75, 46.25]
    capped = {**tree, "s2": [0, 1, 3], "hi": [None, None, 41]}
    (found,) = asked({"examples": [{"name": "capped", **capped}]})["examples"]
    assert found["found"] == [80, 39, 41]


def test_the_document_of_the_doors(asked: Any) -> None:
    found = asked(
        {
            "kpi": "revenue",
            "target": 1_000_000,
            "unit": "money",
            "step": 100,
            "method": "history",
            "cushion": 0.05,
            "nodes": [
                {"id": "north", "history": 600_000},
                {"id": "south", "history": 300_000, "ceiling": 250_000},
                {"id": "new", "history": None, "ramp": 0.5},
            ],
        }
    )
    # 1,050,000; a new one like the mean 450,000, half of it; south stops at 250,000.
    target = {node["id"]: node["target"] for node in found["nodes"]}
    assert target == {"north": 581_800, "south": 250_000, "new": 218_200}
    assert found["met"] is True
    assert found["unmet"] == []
    how = {node["id"]: node["how"] for node in found["nodes"]}
    assert how["south"]["bound"] == "ceiling"
    assert how["new"]["guessed"] is True
    assert how["north"]["text"] == "by its history, weight 600000"


def test_what_is_not_met_is_said_with_why_and_exit_1(asked: Any) -> None:
    found = asked(
        {
            "target": 100,
            "method": "equal",
            "step": 1,
            "nodes": [{"id": "a", "ceiling": 30}, {"id": "b", "ceiling": 40}],
        },
        code=1,
    )
    (unmet,) = found["unmet"]
    assert (unmet["cause"], unmet["asked"], unmet["reached"]) == ("ceilings", 100, 70)
    assert unmet["missing"] == 30
    assert "30 has no owner" in unmet["message"]


def test_a_rate_uses_volumes(asked: Any) -> None:
    nodes = [
        {"id": "a", "history": 0.18, "volume": 100},
        {"id": "b", "history": 0.22, "volume": 120},
        {"id": "c", "history": 0.27, "volume": 80},
    ]
    found = asked({"kpi": "win_rate", "target": 0.28, "nodes": nodes})
    rates = [node["target"] for node in found["nodes"]]
    mean = sum(r * n["volume"] for r, n in zip(rates, nodes, strict=True)) / 300
    assert mean == pytest.approx(0.28, abs=1e-12)
    assert found["additive"] is False


def test_a_mean_of_money_uses_volumes_too(asked: Any) -> None:
    found = asked(
        {
            "kpi": "average_basket",
            "target": 2200,
            "unit": "money",
            "nodes": [
                {"id": "a", "history": 1000, "volume": 10},
                {"id": "b", "history": 3000, "volume": 10},
            ],
        }
    )
    rates = [node["target"] for node in found["nodes"]]
    assert rates == pytest.approx([1100, 3300])


def test_a_retention_above_one_hundred_percent_is_no_fault(asked: Any) -> None:
    found = asked(
        {
            "kpi": "nrr",
            "target": 1.1,
            "nodes": [
                {"id": "a", "history": 1.0, "volume": 1},
                {"id": "b", "history": 1.05, "volume": 1},
            ],
        }
    )
    assert found["met"]


def test_proposals_answer_with_the_gap(asked: Any) -> None:
    found = asked(
        {
            "target": 180,
            "unit": "count",
            "nodes": [
                {"id": "a", "history": 1, "proposed": 100},
                {"id": "b", "history": 1, "proposed": 50},
            ],
        }
    )
    first = found["nodes"][0]
    assert (first["target"], first["split"], first["proposed"]) == (124, 90, 100)
    assert first["gap"] == 24


def test_amounts_keep_their_cents(asked: Any) -> None:
    found = asked(
        {
            "kpi": "revenue",
            "target": 1000.01,
            "method": "equal",
            "nodes": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
        }
    )
    assert [node["target"] for node in found["nodes"]] == [333.34, 333.34, 333.33]


def test_standard_input_is_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))
    text = b'{"target": 9, "method": "equal", "step": 1, "nodes": [{"id": "a"}]}'
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    out, _ = _run(capsys, "-", "--json")
    assert json.loads(out)["nodes"][0]["target"] == 9


def test_the_tree_is_told_in_order(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))
    file = tmp_path / "plan.json"
    nodes = [
        {"id": "company"},
        {"id": "A", "parent": "company"},
        {"id": "B", "parent": "company"},
        {"id": "a1", "parent": "A", "history": 2},
        {"id": "b1", "parent": "B", "history": 1},
    ]
    file.write_text(json.dumps({"kpi": "revenue", "target": 3, "nodes": nodes}))
    out, _ = _run(capsys, str(file), "--lang", "fr")
    assert [line.split()[0] for line in out.splitlines()] == [
        *("Nœud", "company", "A", "a1", "B", "b1")
    ]
    assert "selon son historique, poids 2" in out


NODE = '{"id": "a", "history": 1}'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("{", ("line 1",), id="no JSON"),
        pytest.param("[1]", ("object",), id="a list"),
        pytest.param('{"target": 3}', ("nodes",), id="no nodes"),
        pytest.param('{"target": 3, "nodes": []}', ("nodes",), id="empty nodes"),
        pytest.param(f'{{"nodes": [{NODE}]}}', ("target", "missing"), id="no target"),
        pytest.param(
            f'{{"target": "3", "nodes": [{NODE}]}}', ("target", "3"), id="a text"
        ),
        pytest.param(
            f'{{"target": true, "nodes": [{NODE}]}}', ("target",), id="a boolean"
        ),
        pytest.param(
            f'{{"target": NaN, "nodes": [{NODE}]}}', ("target", "NaN"), id="NaN"
        ),
        pytest.param(f'{{"target": -3, "nodes": [{NODE}]}}', ("-3",), id="below zero"),
        pytest.param(
            f'{{"target": 3, "method": "magic", "nodes": [{NODE}]}}',
            ("magic", "history"),
            id="method",
        ),
        pytest.param(
            f'{{"target": 3, "unit": "euros", "nodes": [{NODE}]}}',
            ("euros", "money"),
            id="unit",
        ),
        pytest.param(
            f'{{"target": 3, "step": 0, "nodes": [{NODE}]}}', ("step",), id="step"
        ),
        pytest.param(
            f'{{"target": 3, "cushion": 5, "nodes": [{NODE}]}}',
            ("cushion", "0.05"),
            id="cushion",
        ),
        pytest.param(
            f'{{"target": 3, "cushion": {{"probability": 0.8}}, "nodes": [{NODE}]}}',
            ("attainments",),
            id="no attainments",
        ),
        pytest.param(
            '{"target": 3, "nodes": [{"id": "a", "celling": 3}]}',
            ("celling", "ceiling"),
            id="misspelt",
        ),
        pytest.param(
            f'{{"target": 3, "nodes": [{NODE}, {NODE}]}}', ("a", "Two"), id="twice"
        ),
        pytest.param(
            '{"target": 3, "nodes": [{"id": "a", "parent": "z"}]}', ("z",), id="orphan"
        ),
        pytest.param(
            '{"target": 3, "nodes": [{"id": "a", "parent": "b"},'
            ' {"id": "b", "parent": "a"}]}',
            ("a > b > a",),
            id="a circle",
        ),
        pytest.param(
            '{"target": 3, "nodes": [{"id": "a", "floor": 5, "ceiling": 4}]}',
            ("5", "4"),
            id="floor above ceiling",
        ),
        pytest.param(
            '{"target": 3, "nodes": [{"id": "a", "history": 1, "ramp": 50}]}',
            ("ramp", "50"),
            id="ramp in percent",
        ),
        pytest.param(
            '{"target": 3, "nodes": [{"id": "a", "locked": true}]}',
            ("locked",),
            id="locked nowhere",
        ),
        pytest.param('{"target": 3, "nodes": [{}]}', ("id",), id="no id"),
        pytest.param('{"target": 3, "nodes": ["a"]}', ("object",), id="no object"),
        pytest.param(
            '{"kpi": "win_rate", "target": 28, "nodes":'
            ' [{"id": "a", "history": 22, "volume": 3}]}',
            ("28", "0.28"),
            id="percent for a share",
        ),
        pytest.param('{"examples": [{"name": "x"}]}', ("x",), id="unknown example"),
        pytest.param('{"examples": [3]}', ("T + w",), id="no example"),
        pytest.param(
            '{"examples": [{"parent": [0, -1], "yhat": [1, 2], "s2": [1, 1]}]}',
            ("parents",),
            id="no tree",
        ),
        pytest.param(
            '{"examples": [{"name": "x", "T": 3, "w": [1], "hi": [1, 2]}]}',
            ("hi",),
            id="uneven example",
        ),
    ],
)
def test_a_bad_document_is_refused_in_one_line(
    refused: Any, text: str, words: tuple[str, ...]
) -> None:
    line = refused(text)
    for word in words:
        assert word in line


def test_a_file_that_is_not_there_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JALON_WORKSPACE", str(tmp_path))
    _, err = _run(capsys, str(tmp_path / "none.json"), "--lang", "fr", code=2)
    assert "none.json" in err


GUIDES = Path(__file__).parents[2] / "docs" / "guide"


@pytest.mark.parametrize(
    ("guide", "rank"),
    [("en/cascade.md", 0), ("en/cascade.md", 1), ("fr/declinaison.md", 0)],
)
def test_the_guides_examples_are_met(asked: Any, guide: str, rank: int) -> None:
    blocks = (GUIDES / guide).read_text("utf-8").split("```json\n")[1:]
    document = json.loads(blocks[rank].split("```")[0])
    found = asked(document)
    assert found["met"]
    assert len(found["nodes"]) == len(document["nodes"])
