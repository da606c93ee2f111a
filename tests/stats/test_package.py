"""What the package promises to its callers: refusals, laziness, its own imports."""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from icptest import stats
from icptest.stats import (
    exact_interval,
    exact_test,
    fisher_test,
    lift_reached,
    needed_events,
    operating_characteristics,
    posterior,
    power,
    power_many,
    ratio_exceeds,
    sample_size,
    score_interval,
    score_test,
    wilson_interval,
)

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(stats.__file__ or "").parent
GOOD: dict[str, Any] = {
    "treatment_events": 3,
    "treatment_total": 10,
    "control_events": 1,
    "control_total": 9,
}
DECISION: dict[str, Any] = GOOD | {"null_ratio": 1.0, "alternative": "greater", "level": 0.05}
ARMS: dict[str, Any] = {"control_rate": 0.1, "treatment_total": 10, "control_total": 10}
POWER: dict[str, Any] = ARMS | {"ratio": 2.0}
SIZE: dict[str, Any] = {"control_rate": 0.1, "ratio": 2.0, "power": 0.8}
TOTALS: dict[str, Any] = {"treatment_total": 10, "control_total": 10}
ON_COUNTS: list[Callable[..., Any]] = [
    score_test,
    score_interval,
    exact_test,
    exact_interval,
    fisher_test,
    lift_reached,
    posterior,
]


@pytest.mark.parametrize("function", ON_COUNTS)
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"treatment_events": 12}, "treatment_events == 12, must be <= treatment_total == 10."),
        ({"control_events": -1}, "control_events == -1, must be >= 0."),
        ({"control_total": 0, "control_events": 0}, "control_total == 0, must be >= 1."),
        ({"treatment_events": True}, "treatment_events == True, must be an integer >= 0."),
        ({"treatment_events": np.bool_(1)}, "treatment_events == np.True_, must be an integer"),
        ({"treatment_total": 10.0}, "treatment_total == 10.0, must be an integer >= 1."),
        ({"control_events": float("nan")}, "control_events == nan, must be an integer >= 0."),
        ({"control_events": None}, "control_events == None, must be an integer >= 0."),
    ],
)
def test_wrong_counts_are_named(
    function: Callable[..., Any], wrong: dict[str, Any], message: str
) -> None:
    """A wrong count is a ValueError with the argument, its value and the bound."""
    with pytest.raises(ValueError, match="must be") as caught:
        function(**(GOOD | wrong))
    assert message in str(caught.value)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (score_test, GOOD | {"null_ratio": 0.0}, "null_ratio == 0.0, must be finite and > 0.0."),
        (score_test, GOOD | {"null_ratio": float("inf")}, "null_ratio == inf"),
        (score_test, GOOD | {"null_ratio": True}, "null_ratio == True, must be a number"),
        (score_test, GOOD | {"alternative": "smaller"}, "alternative == 'smaller', must be one"),
        (score_test, GOOD | {"method": "wald"}, "method == 'wald', must be one of"),
        (
            score_test,
            GOOD | {"method": "skewness-corrected"},
            "method == 'skewness-corrected', must",
        ),
        (score_interval, GOOD | {"confidence_level": 1.0}, "confidence_level == 1.0, must be"),
        (score_interval, GOOD | {"method": "wald"}, "method == 'wald', must be one of"),
        (score_interval, GOOD | {"design_effect": 0.5}, "design_effect == 0.5, must be finite"),
        (
            score_interval,
            GOOD | {"design_effect": 2.0, "method": "skewness-corrected"},
            "design_effect == 2.0, must be finite and >= 1.0 and <= 1.0.",
        ),
        (exact_test, GOOD | {"alternative": "two-sided"}, "alternative == 'two-sided', must be"),
        (exact_test, GOOD | {"gamma": -1e-9}, "gamma == -1e-09, must be finite and >= 0.0"),
        (exact_test, GOOD | {"certify": 0.0}, "certify == 0.0, must be finite and > 0.0"),
        (exact_interval, GOOD | {"confidence_level": float("nan")}, "confidence_level == nan"),
        (exact_interval, GOOD | {"gamma": 0.06}, "gamma == 0.06, must be finite and >= 0.0 and <"),
        (ratio_exceeds, DECISION | {"level": 0.5}, "level == 0.5, must be finite and > 0.0 and <"),
        (ratio_exceeds, DECISION | {"gamma": 0.05}, "gamma == 0.05, must be finite"),
        (ratio_exceeds, DECISION | {"alternative": ""}, "alternative == '', must be one of"),
        (posterior, GOOD | {"prior": 0.5}, "prior == 0.5, must be a Prior."),
        (posterior, GOOD | {"confidence_level": 0}, "confidence_level == 0.0, must be finite"),
        (wilson_interval, {"events": 3, "total": 2}, "events == 3, must be <= total == 2."),
        (wilson_interval, {"events": 1, "total": 2, "confidence_level": 0}, "confidence_level"),
        (power, POWER | {"control_rate": 1.0}, "control_rate == 1.0, must be finite and > 0.0"),
        (power, POWER | {"ratio": 10.5}, "ratio == 10.5, must be finite and > 0.0 and <= 10.0."),
        (power, POWER | {"rule": "hope"}, "rule == 'hope', must be one of"),
        (power, POWER | {"alpha": 0.0}, "alpha == 0.0, must be"),
        (power, POWER | {"threshold": -2.0}, "threshold == -2.0, must be"),
        (power, POWER | {"treatment_total": 2.5}, "treatment_total == 2.5, must be an integer"),
        (operating_characteristics, ARMS | {"ratios": (1, 11)}, "ratio == 11.0, must be finite"),
        (operating_characteristics, ARMS | {"rule": ""}, "rule == '', must be one of"),
        (operating_characteristics, ARMS | {"alpha": 0.5}, "alpha == 0.5, must be finite"),
        (operating_characteristics, ARMS | {"control_total": 0}, "control_total == 0, must be"),
        (sample_size, SIZE | {"power": 1.0}, "power == 1.0, must be finite and > 0.0 and < 1.0."),
        (sample_size, SIZE | {"ratio": 11}, "ratio == 11.0, must be finite and > 0.0 and <= 10.0."),
        (sample_size, SIZE | {"allocation": 0.001}, "allocation == 0.001, must be finite"),
        (sample_size, SIZE | {"rule": "luck"}, "rule == 'luck', must be one of"),
        (needed_events, TOTALS | {"alpha": 0.5}, "alpha == 0.5, must be finite"),
        (needed_events, TOTALS | {"control_events": (-1,)}, "control_events == -1, must be >= 0."),
        (needed_events, TOTALS | {"treatment_total": 0}, "treatment_total == 0, must be >= 1."),
        (lift_reached, GOOD | {"threshold": "2"}, "threshold == '2', must be a number"),
    ],
)
def test_wrong_arguments_are_named(
    function: Callable[..., Any], arguments: dict[str, Any], message: str
) -> None:
    """Every other wrong argument is a ValueError of the same kind."""
    with pytest.raises(ValueError, match="must be") as caught:
        function(**arguments)
    assert message in str(caught.value)


def test_numpy_integers_are_counts() -> None:
    """Counts from numpy or pandas give what Python integers give, as plain floats."""
    numpy_counts: dict[str, Any] = {name: np.int64(value) for name, value in GOOD.items()}
    assert exact_test(**numpy_counts) == exact_test(**GOOD)
    assert score_interval(**numpy_counts) == score_interval(**GOOD)
    found = exact_test(**numpy_counts, certify=1e-6)
    assert {type(found.p_value), type(found.nuisance), type(found.proved_upper)} == {float}


@pytest.mark.parametrize(
    "function",
    [
        *ON_COUNTS,
        *(ratio_exceeds, wilson_interval, power, power_many, operating_characteristics),
        *(sample_size, needed_events),
    ],
)
def test_counts_are_keyword_only(function: Callable[..., Any]) -> None:
    """Four numbers in a row are easily exchanged, so none can be given by position."""
    with pytest.raises(TypeError, match="positional"):
        function(3, 10, 1, 9)


def test_results_are_frozen_and_keyword_only() -> None:
    """A result cannot be changed, nor built by position."""
    found = fisher_test(**GOOD)
    with pytest.raises(dataclasses.FrozenInstanceError):
        found.p_value = 0.0  # type: ignore[misc]
    make: Callable[..., Any] = stats.NotEstimable
    with pytest.raises(TypeError, match="positional"):
        make("no-events")


def test_heavy_libraries_stay_out() -> None:
    """No public function imports scipy or statsmodels, and the package alone not even numpy."""
    program = (
        "import sys, icptest.stats as s\n"
        "assert 'numpy' not in sys.modules\n"
        "c = dict(treatment_events=9, treatment_total=100, control_events=2, control_total=90)\n"
        "s.exact_test(**c, certify=1e-6); s.exact_interval(**c); s.score_interval(**c)\n"
        "s.score_test(**c); s.fisher_test(**c); s.wilson_interval(events=1, total=9)\n"
        "s.posterior(**c).prob_ratio_above(2.0)\n"
        "s.spending_boundaries(information=(1, 2)); s.adjust([0.1, 0.2])\n"
        "s.stratified_ratio(strata=[s.Stratum(**c)])\n"
        "s.clustered_ratio(treatment_clusters=[(1, 2)], control_clusters=[(0, 2)])\n"
        "s.sequential_characteristics(control_rate=.05, treatment_per_look=30,\n"
        "    control_per_look=30, looks=2)\n"
        "s.ratio_exceeds(**c, null_ratio=1.0, alternative='greater', level=0.05)\n"
        "s.power(control_rate=.05, ratio=2., treatment_total=50, control_total=50)\n"
        "s.operating_characteristics(control_rate=.05, treatment_total=50, control_total=50)\n"
        "s.sample_size(control_rate=.1, ratio=4., power=.5, rule='lift')\n"
        "s.needed_events(treatment_total=50, control_total=50)\n"
        "heavy = {m.split('.')[0] for m in sys.modules} & {'scipy', 'statsmodels', 'pandas'}\n"
        "assert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        cwd=HERE.parent.parent,
    )
    assert done.returncode == 0, done.stderr


def test_every_public_name_loads() -> None:
    """Each name of `__all__` is there, listed, and an unknown one is an AttributeError."""
    assert stats.__all__ == sorted(stats.__all__)
    for name in stats.__all__:
        assert getattr(stats, name) is not None
        assert name in dir(stats)
    with pytest.raises(AttributeError, match="no attribute 'posteriors'"):
        _ = stats.posteriors


def test_no_module_hides_a_public_name() -> None:
    """Importing a module puts it in the package under its name; no function has that name."""
    modules = {path.stem for path in HERE.glob("*.py")}
    assert modules.isdisjoint(stats.__all__)


def foreign_imports(source: str) -> set[str]:
    """List what a module imports other than the standard library, numpy and this package."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return {
        name
        for name in found
        if name.split(".")[0] not in {*sys.stdlib_module_names, "numpy"}
        and name.split(".")[:2] != ["icptest", "stats"]
    }


def test_imports_nothing_of_icptest() -> None:
    """Numbers in, results out: the package knows nothing of lists, stores or reports."""
    assert foreign_imports("import icptest.store\nfrom scipy import stats") == {
        "icptest.store",
        "scipy",
    }
    for path in HERE.glob("*.py"):
        assert foreign_imports(path.read_text(encoding="utf-8")) == set(), path.name
