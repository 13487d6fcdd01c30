"""At least 2,000 sentences read a second on one core, each of them new.

Then 100,000 random texts, each to get an answer: letters of any alphabet, words of the
trade in any order, lines of ten thousand letters. `--texts N` asks for fewer.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import tomllib
from pathlib import Path

from jalon.domain.smart.reading import read

WANTED = 2_000  # a second
FIXTURES = Path("tests/domain/smart/sentences.toml")


def measure(copies: int = 200) -> float:
    """Return sentences read per second of processor; no two are the same."""
    texts = [row["text"] for row in tomllib.loads(FIXTURES.read_text())["sentence"]]
    new = [f"{text} {rank}" for rank in range(copies) for text in texts]
    read(texts[0])
    begin = time.process_time()
    for text in new:
        read(text)
    return len(new) / (time.process_time() - begin)


WORDS = [
    "augmenter", "réduire", "de", "à", "12", "%", "3,5", "€", "k€", "d'ici", "fin",
    "T2", "mois", "le", "les", "taux", "closing", "CA", "leads", "from", "to", "by",
    "Q3", "revenue", "churn", "+", "→", "(", ")", "[X]", "-", "/", "par",
    "31/12/2026", "0", "999999999999", "×", "5x", "deux", "cent", "vingt", "mille",
    "et", "and", ",", ";", ".", ":", "?", "!", "«", "»", "“", "”", "N", "A",
    "clients", "NPS", "4:1", "fin", "2027", "via", "with", "segment", "secteur", "in",
    "Lyon", "per", "rep",
]  # fmt: skip
_PLANES = (
    (32, 126),
    (160, 591),
    (880, 1327),
    (8192, 8303),
    (19968, 20400),
    (127744, 128591),
)


def random_text(dice: random.Random) -> str:
    """Return a text of no meaning; one in two thousand is ten thousand letters long."""
    if dice.random() < 1 / 2000:
        return dice.choice([*WORDS, " "]) * 3 + _letters(dice, 10_000)
    if dice.random() < 0.5:
        return " ".join(dice.choices(WORDS, k=dice.randint(0, 40)))
    return _letters(dice, dice.randint(0, 120))


def _letters(dice: random.Random, many: int) -> str:
    planes = dice.choices(_PLANES, k=many)
    return "".join(chr(dice.randint(*plane)) for plane in planes)


def survive(texts: int, seed: int = 4) -> float:
    """Read that many random texts, none may fail; return the seconds of the slowest."""
    dice = random.Random(seed)
    slowest = 0.0
    for _ in range(texts):
        text = random_text(dice)
        begin = time.process_time()
        found = read(text)
        slowest = max(slowest, time.process_time() - begin)
        assert all(0 <= one.start <= one.end <= len(text) for one in found.spans), text
    return slowest


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sentences")
    parser.add_argument("--texts", type=int, default=100_000, help="random texts")
    chosen = parser.parse_args()
    speed = measure()
    print(f"{speed:,.0f} sentences a second; wanted {WANTED:,}", flush=True)
    slowest = survive(chosen.texts)
    print(
        f"{chosen.texts:,} random texts, none failed; slowest {1000 * slowest:.0f} ms"
    )
    if speed < WANTED:
        sys.exit("too slow")


if __name__ == "__main__":
    main()
