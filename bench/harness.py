"""What every benchmark shares: medians over runs, a printed table, a result file.

A benchmark measures our program and its peers in the same script, run after run, and hands every
figure to a `Comparison`. `bench/results/NAME.json` then holds the medians and, for each peer, the
ratio ours / peer.
"""

import argparse
import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, TypedDict

OURS: Final = "ours"
RESULTS: Final = Path(__file__).resolve().parent / "results"
SIGNIFICANT_DIGITS: Final = 4
"""More would claim a precision that no shared machine gives."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """One published figure."""

    name: str
    unit: str
    better: Literal["higher", "lower"]


class Row(TypedDict):
    """A metric as it stands in the result file; null where a contender does not have it."""

    metric: str
    unit: str
    better: Literal["higher", "lower"]
    ours: float | None
    peers: Mapping[str, float | None]
    ratio: Mapping[str, float | None]


class Comparison:
    """Figures of ours and of the peers, run by run."""

    def __init__(self, bench: str, metrics: Sequence[Metric], peers: Sequence[str]) -> None:
        """`bench` names the result file."""
        self._bench = bench
        self._metrics = list(metrics)
        self._peers = list(peers)
        self._values: dict[tuple[str, str], list[float]] = {}

    def record(self, contender: str, figures: Mapping[str, float]) -> None:
        """Add one run of one contender: metric name -> value. Metrics it lacks are left out."""
        known = {metric.name for metric in self._metrics}
        if contender not in (OURS, *self._peers) or not figures.keys() <= known:
            raise ValueError(f"unknown contender or metric: {contender}, {sorted(figures)}")
        for name, value in figures.items():
            self._values.setdefault((contender, name), []).append(value)

    def rows(self) -> list[Row]:
        """Medians and ratios, in the order of the metrics."""
        return [self._row(metric) for metric in self._metrics]

    def runs(self) -> int:
        """How many values every median has at least."""
        return min((len(values) for values in self._values.values()), default=0)

    def table(self) -> str:
        """All rows for people: median (lowest-highest) and, for peers, the ratio."""
        head = ["metric", "unit", "better", OURS]
        for peer in self._peers:
            head += [peer, "ours/peer"]
        lines = [head]
        for metric, row in zip(self._metrics, self.rows(), strict=True):
            line = [metric.name, metric.unit, metric.better, self._spread(OURS, metric.name)]
            for peer in self._peers:
                ratio = row["ratio"][peer]
                line += [
                    self._spread(peer, metric.name),
                    "n/a" if ratio is None else f"{ratio:.2f}x",
                ]
            lines.append(line)
        return _aligned(lines)

    def finish(self) -> None:
        """Print the table and write the result file."""
        sys.stdout.write(f"\n{self._bench}, medians of {self.runs()} runs\n{self.table()}\n")
        result = {"bench": self._bench, "runs": self.runs(), "rows": self.rows()}
        RESULTS.mkdir(exist_ok=True)
        path = RESULTS / f"{self._bench}.json"
        path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")

    def _row(self, metric: Metric) -> Row:
        ours = self._median(OURS, metric.name)
        peers = {peer: self._median(peer, metric.name) for peer in self._peers}
        return Row(
            metric=metric.name,
            unit=metric.unit,
            better=metric.better,
            ours=ours,
            peers=peers,
            ratio={peer: _ratio(ours, value) for peer, value in peers.items()},
        )

    def _median(self, contender: str, metric: str) -> float | None:
        values = self._values.get((contender, metric))
        return None if values is None else rounded(statistics.median(values))

    def _spread(self, contender: str, metric: str) -> str:
        values = self._values.get((contender, metric))
        if values is None:
            return "n/a"
        low, middle, high = min(values), statistics.median(values), max(values)
        return f"{_short(middle)} ({_short(low)}-{_short(high)})"


def rounded(value: float) -> float:
    """Keep the significant digits."""
    return float(f"{value:.{SIGNIFICANT_DIGITS}g}")


def arguments(bench: str, *, runs: int, contenders: Sequence[str]) -> argparse.Namespace:
    """Parse what every benchmark understands: `runs` (int) and `only` (list of contenders)."""
    parser = argparse.ArgumentParser(prog=f"bench/{bench}.py")
    parser.add_argument("--runs", type=int, default=runs, help="runs per contender (%(default)s)")
    parser.add_argument(
        "--only",
        nargs="+",
        choices=list(contenders),
        default=list(contenders),
        help="measure only these; then no result file is written",
    )
    return parser.parse_args()


def say(line: str) -> None:
    """Tell the person who waits how far it is; stdout is for the table."""
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


def _ratio(ours: float | None, peer: float | None) -> float | None:
    return None if ours is None or not peer else rounded(ours / peer)


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    widths = [max(len(line[place]) for line in lines) for place in range(len(lines[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )
