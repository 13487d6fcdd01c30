"""At least 2,000 sentences read a second on one core, each of them new."""

from __future__ import annotations

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


if __name__ == "__main__":
    speed = measure()
    print(f"{speed:,.0f} sentences a second; wanted {WANTED:,}")
    assert speed >= WANTED
