"""Promise: no cost grows faster than n log n, from one time to a hundred times.

`python -m benchmarks.growth` measures, each in a process of its own, at 1, 10 and 100
times: the first import of a file and the same file again, the evaluation of people × 40
KPIs, and every page of a sample company. It writes `benchmarks/results/growth.json`,
`docs/growth.md` and its chart. `--sizes` and `--pages` choose other sizes: a sample
company × 100 takes long to make. What earlier runs measured of other sizes stays. Times
are of processor, so that a busy machine counts
little.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path

from benchmarks import import_speed
from benchmarks.page import beside_what_is_by_hand
from jalon.charts.svg import element, label, polyline

ROWS, PEOPLE, FACTS = 10_000, 100, 0.01  # at one time
RESULTS = Path("benchmarks/results/growth.json")
PAGE, CHART = Path("docs/growth.md"), Path("docs/images/growth.svg")
WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 680, 360, 56, 16, 190, 40
COLOURS = ("#1f5fbf", "#b3541e", "#2c7a4b", "#7a3fa0")
DASHES = (None, "6 3", "2 3", "9 3 2 3")


@dataclass(frozen=True, slots=True)
class Cost:
    """Processor seconds of something at so many times its size of one time."""

    what: str
    times: int
    size: str
    seconds: float


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth")
    parser.add_argument("--sizes", default="1,10,100", help="of imports, evaluations")
    parser.add_argument("--pages", default="1,10,100", help="of the sample company")
    parser.add_argument("--one", choices=("evaluation", "pages"))
    parser.add_argument("--times", type=int)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(one(chosen.one, chosen.times)))
        return
    found = former()
    for times in _whole(chosen.sizes):
        found = kept(found, imports(times))
        found = kept(found, [_alone("evaluation", times)])
    for times in _whole(chosen.pages):
        found = kept(found, [_alone("pages", times)])
    print("\n".join(table(found)))
    fast = [one for one in steps(found) if one[2] > one[3]]
    if fast:
        sys.exit(f"{len(fast)} steps cost more than n log n.")


def former() -> list[Cost]:
    """Return what earlier runs measured: a size takes the place of the same one."""
    if not RESULTS.exists():
        return []
    return [Cost(**one) for one in json.loads(RESULTS.read_text("utf-8"))]


def kept(found: list[Cost], fresh: list[Cost]) -> list[Cost]:
    """Return all the costs, written at once: what was measured is never lost."""
    again = {(cost.what, cost.times) for cost in fresh}
    rest = [cost for cost in found if (cost.what, cost.times) not in again]
    keep([*rest, *fresh])
    for cost in fresh:
        print(f"{cost.what} × {cost.times}: {cost.seconds:.3f} s", file=sys.stderr)
    return [*rest, *fresh]


def _whole(text: str) -> list[int]:
    return sorted(int(one) for one in text.split(",") if one)


def imports(times: int) -> list[Cost]:
    """Return what a first import and the same one again cost."""
    rows = ROWS * times
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        import_speed.written(folder / "lignes.csv", rows)
        (folder / "mapping.toml").write_text(import_speed.MAPPING, "utf-8")
        command = [sys.executable, "-m", "benchmarks.import_speed", "--of", name]
        return [
            Cost(what, times, f"{rows:,} rows", _processor(command))
            for what in ("first import", "same file again")
        ]


def _processor(command: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    user, system = after.ru_utime - before.ru_utime, after.ru_stime - before.ru_stime
    return user + system


def _alone(what: str, times: int) -> Cost:
    """Return a cost measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.growth", "--one", what]
    done = subprocess.run(
        [*command, "--times", str(times)], check=True, stdout=subprocess.PIPE, text=True
    )
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def one(what: str, times: int) -> dict[str, object]:
    """Return one cost, measured here."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "company"
        measure = evaluation if what == "evaluation" else pages
        return asdict(measure(folder, times))


def evaluation(folder: Path, times: int) -> Cost:
    """Return what the figures of people × 40 KPIs cost."""
    os.environ["JALON_WORKSPACE"] = str(folder)
    from benchmarks import evaluation as suite  # noqa: PLC0415 - once its folder is named
    from benchmarks import sample  # noqa: PLC0415

    workspace = sample.made(folder, FACTS * times)
    found = suite.measured(workspace, PEOPLE * times)
    facts = sample.DEALS * FACTS * times
    size = f"{found['people']:,} people, {facts:,.0f} deals"
    return Cost("evaluation × 40 KPIs", times, size, found["cpu"])


def pages(folder: Path, times: int) -> Cost:
    """Return what the pages cost in the middle, over all their readers."""
    from benchmarks import pages as suite  # noqa: PLC0415 - it names the workspace

    suite.made(folder, times)
    found = [one for one in suite.measured(5) if one.status == 200]
    middle = statistics.mean(one.cpu for one in found) / 1000
    queries = max(one.queries for one in found)
    size = f"{25 * times:,} salespeople, at most {queries} queries"
    return Cost("a page, on average", times, size, middle)


def steps(found: list[Cost]) -> list[tuple[Cost, Cost, float, float]]:
    """Return each step in size: how many times dearer, and what n log n would be."""
    ranked = [
        (former, cost)
        for former, cost in pairwise(found_by_what(found))
        if former.what == cost.what
    ]
    return [
        (former, cost, cost.seconds / former.seconds, allowed(former, cost))
        for former, cost in ranked
    ]


def allowed(former: Cost, cost: Cost) -> float:
    """Return by how much n log n grows between two sizes, n being rows."""
    few, many = ROWS * former.times, ROWS * cost.times
    return many * math.log(many) / (few * math.log(few))


def found_by_what(found: list[Cost]) -> list[Cost]:
    """Return the costs, each kind from the smallest to the largest."""
    return sorted(found, key=lambda cost: (cost.what, cost.times))


def table(found: list[Cost]) -> list[str]:
    """Return the costs as lines of a Markdown table."""
    dearer = {id(cost): (times, most) for _, cost, times, most in steps(found)}
    lines = [
        "| what | × | size | processor, s | × the size before | n log n |",
        "| --- | --: | --- | --: | --: | --: |",
    ]
    for cost in found_by_what(found):
        times, most = dearer.get(id(cost), (None, None))
        grown = "" if times is None else f"{times:.1f}"
        bound = "" if most is None else f"{most:.1f}"
        lines.append(
            f"| {cost.what} | {cost.times} | {cost.size} | {cost.seconds:.3f} "
            f"| {grown} | {bound} |"
        )
    return lines


def keep(found: list[Cost]) -> None:
    """Write the JSON, the chart and the page."""
    RESULTS.write_text(json.dumps([asdict(one) for one in found], indent=1), "utf-8")
    CHART.write_text(chart(found), "utf-8")
    told = "\n".join(
        [
            "# What growing costs",
            "",
            "Measured by `python -m benchmarks.growth` on two processors, seconds of",
            "processor, each size in a process of its own. *× the size before*: how",
            "many times dearer the step is; *n log n*: what that law would give. A",
            "step above it fails the bench. A page is the mean of every page of the",
            "director, the manager and the salesperson.",
            "",
            *table(found),
            "",
            "![Cost against size, both axes logarithmic](images/growth.svg)",
        ]
    )
    PAGE.write_text(beside_what_is_by_hand(told, PAGE), "utf-8")


def chart(found: list[Cost]) -> str:
    """Return the costs against the size, both axes logarithmic."""
    most = max(cost.times for cost in found)
    low = math.floor(math.log10(min(cost.seconds for cost in found)))
    high = math.ceil(math.log10(max(cost.seconds for cost in found)))
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def place(times: float, seconds: float) -> tuple[float, float]:
        x = LEFT + across * math.log10(times) / max(1.0, math.log10(most))
        y = TOP + down * (high - math.log10(seconds)) / (high - low)
        return x, y

    parts = [element("rect", width=WIDTH, height=HEIGHT, fill="#ffffff")]
    for power in range(low, high + 1):
        _, y = place(1, 10.0**power)
        parts.append(_line(LEFT, y, LEFT + across, y))
        parts.append(_said(f"{10.0**power:g} s", LEFT - 6, y + 4, anchor="end"))
    for times in sorted({cost.times for cost in found}):
        x, _ = place(times, 10.0**high)
        parts.append(_line(x, TOP, x, TOP + down))
        parts.append(_said(f"× {times}", x, HEIGHT - 16, anchor="middle"))
    names = sorted({cost.what for cost in found})
    for name, colour, dash in zip(names, COLOURS, DASHES, strict=False):
        points = [
            place(cost.times, cost.seconds)
            for cost in found_by_what(found)
            if cost.what == name
        ]
        parts.append(
            element(
                "path",
                d=polyline(points),
                fill="none",
                stroke=colour,
                stroke_width=2,
                stroke_dasharray=dash,
            )
        )
        parts += [element("circle", cx=x, cy=y, r=3, fill=colour) for x, y in points]
        x, y = points[-1]
        parts.append(_said(name, x + 8, y + 4, anchor="start", fill=colour))
    return element(
        "svg",
        element("title", "Cost against size, both axes logarithmic"),
        *parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        role="img",
    )


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke="#d8dde5")


def _said(text: str, x: float, y: float, *, anchor: str, fill: str = "#4a5464") -> str:
    return label(
        text,
        x=x,
        y=y,
        fill=fill,
        font_size=12,
        font_family="sans-serif",
        text_anchor=anchor,
    )


if __name__ == "__main__":
    main()
