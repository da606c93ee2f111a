"""How many treatment events are enough: the known table, and the public test one by one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from icptest.stats import NeededEvents, lift_reached, needed_events, ratio_exceeds

ORACLES = Path(__file__).parent / "oracles"


def rows(name: str) -> list[Any]:
    """Read an oracle table; its header says where the numbers are from."""
    loaded: list[Any] = json.loads((ORACLES / name).read_text(encoding="utf-8"))["rows"]
    return [pytest.param(row, id=row["id"]) for row in loaded]


@pytest.mark.parametrize("row", rows("needed_events.json"))
def test_reproduces_the_known_table(row: dict[str, Any]) -> None:
    """At 500 per arm each column is what it was found to be before this code existed."""
    found = {
        str(each.control_events): getattr(each, row["column"])
        for each in needed_events(
            treatment_total=row["treatment_total"], control_total=row["control_total"]
        )
    }
    assert {key: found[key] for key in row["needed"]} == row["needed"]


@settings(max_examples=6, deadline=None)
@given(
    st.integers(1, 7), st.integers(1, 7), st.sampled_from([1.0, 1.5, 2.0]),
    st.sampled_from([0.05, 0.2, 0.45]),
)  # fmt: skip
def test_is_the_first_count_that_the_public_functions_accept(
    n_t: int, n_c: int, threshold: float, alpha: float
) -> None:
    """Each number is the smallest count that passes, and None where none does."""
    found = needed_events(
        treatment_total=n_t,
        control_total=n_c,
        alpha=alpha,
        threshold=threshold,
        control_events=range(n_c + 1),
    )
    assert [each.control_events for each in found] == list(range(n_c + 1))
    for each in found:
        expected: dict[str, int | None] = {"lift": None, "evidence": None, "proof": None}
        for events in range(n_t, -1, -1):
            cells: dict[str, Any] = {
                "treatment_events": events,
                "treatment_total": n_t,
                "control_events": each.control_events,
                "control_total": n_c,
            }
            if lift_reached(**cells, threshold=threshold):
                expected["lift"] = events
            for name, null in (("evidence", 1.0), ("proof", threshold)):
                if ratio_exceeds(
                    **cells, null_ratio=null, alternative="greater", level=alpha, need_end=False
                ).passes:
                    expected[name] = events
        assert each == NeededEvents(control_events=each.control_events, **expected)


@pytest.mark.parametrize("totals", [(500, 500), (200, 600), (300, 300)])
def test_each_column_grows(totals: tuple[int, int]) -> None:
    """More control events never need fewer, and proof never less than evidence."""
    found = needed_events(treatment_total=totals[0], control_total=totals[1])
    for name in ("lift", "evidence", "proof"):
        column = [getattr(each, name) for each in found]
        assert column == sorted(column)
    assert all((each.evidence or 0) <= (each.proof or 0) for each in found)


def test_what_is_asked_for() -> None:
    """Counts come in order, each once; those above the control total are left out."""
    found = needed_events(treatment_total=20, control_total=4, control_events=(4, 0, 9, 4))
    assert [each.control_events for each in found] == [0, 4]
    assert needed_events(treatment_total=20, control_total=4, control_events=()) == ()


def test_none_where_nothing_is_enough() -> None:
    """Ten contacts cannot be twice 8 of 10, nor pass a test beside it."""
    found = needed_events(treatment_total=10, control_total=10, control_events=[8])
    assert found == (NeededEvents(control_events=8, lift=None, evidence=None, proof=None),)
