"""Statistics of two arms: numbers in, frozen results out.

The ratio is treatment rate / control rate everywhere; `alternative="greater"` means the null is
ratio <= null_ratio. Names are loaded when first used: importing this package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icptest.stats.bayes import Posterior, posterior
    from icptest.stats.clusters import (
        ClusteredRatio,
        DesignEffect,
        RobustInterval,
        clustered_ratio,
        design_effect,
    )
    from icptest.stats.decision import ratio_exceeds, ratio_passes
    from icptest.stats.effects import (
        GroupEffect,
        PooledEffect,
        group_effects,
        pool_effects,
        studies_needed,
    )
    from icptest.stats.enrichment import association_tail, enrichment_tails
    from icptest.stats.exact import exact_test
    from icptest.stats.fisher import fisher_test
    from icptest.stats.inversion import exact_interval
    from icptest.stats.multiplicity import Adjustment, adjust
    from icptest.stats.needed import NeededEvents, needed_events
    from icptest.stats.operating import (
        OperatingCharacteristics,
        operating_characteristics,
        power,
        power_many,
    )
    from icptest.stats.prior import Prior
    from icptest.stats.rates import LearnedRates, learn_rates
    from icptest.stats.results import (
        Alternative,
        ExactTest,
        FisherTest,
        IntervalMethod,
        NotEstimable,
        RateInterval,
        RatioDecision,
        RatioInterval,
        Rule,
        ScoreAlternative,
        ScoreMethod,
        ScoreTest,
    )
    from icptest.stats.rules import lift_reached
    from icptest.stats.score import score_test
    from icptest.stats.score_inversion import score_interval
    from icptest.stats.search import TraitSearch, trait_search
    from icptest.stats.sequential import SequentialCharacteristics, sequential_characteristics
    from icptest.stats.sizing import NotReachable, SampleSize, sample_size
    from icptest.stats.spending import Spending, SpendingBoundaries, spending_boundaries
    from icptest.stats.strata import StratifiedMethod, StratifiedRatio, Stratum, stratified_ratio
    from icptest.stats.traits import TraitColumn, TraitTests
    from icptest.stats.wilson import wilson_interval

# No module here has the name of a public name: importing it would put the module in its place.
_HOMES = {
    "Adjustment": "multiplicity",
    "ClusteredRatio": "clusters",
    "DesignEffect": "clusters",
    "GroupEffect": "effects",
    "LearnedRates": "rates",
    "NeededEvents": "needed",
    "NotReachable": "sizing",
    "OperatingCharacteristics": "operating",
    "PooledEffect": "effects",
    "Posterior": "bayes",
    "Prior": "prior",
    "RobustInterval": "clusters",
    "SampleSize": "sizing",
    "SequentialCharacteristics": "sequential",
    "Spending": "spending",
    "SpendingBoundaries": "spending",
    "StratifiedMethod": "strata",
    "StratifiedRatio": "strata",
    "Stratum": "strata",
    "TraitColumn": "traits",
    "TraitSearch": "search",
    "TraitTests": "traits",
    "adjust": "multiplicity",
    "association_tail": "enrichment",
    "clustered_ratio": "clusters",
    "design_effect": "clusters",
    "enrichment_tails": "enrichment",
    "exact_interval": "inversion",
    "exact_test": "exact",
    "fisher_test": "fisher",
    "group_effects": "effects",
    "learn_rates": "rates",
    "lift_reached": "rules",
    "needed_events": "needed",
    "operating_characteristics": "operating",
    "pool_effects": "effects",
    "posterior": "bayes",
    "power": "operating",
    "power_many": "operating",
    "ratio_exceeds": "decision",
    "ratio_passes": "decision",
    "sample_size": "sizing",
    "score_interval": "score_inversion",
    "score_test": "score",
    "sequential_characteristics": "sequential",
    "spending_boundaries": "spending",
    "stratified_ratio": "strata",
    "trait_search": "search",
    "studies_needed": "effects",
    "wilson_interval": "wilson",
}

__all__ = [
    "Adjustment",
    "Alternative",
    "ClusteredRatio",
    "DesignEffect",
    "ExactTest",
    "FisherTest",
    "GroupEffect",
    "IntervalMethod",
    "LearnedRates",
    "NeededEvents",
    "NotEstimable",
    "NotReachable",
    "OperatingCharacteristics",
    "PooledEffect",
    "Posterior",
    "Prior",
    "RateInterval",
    "RatioDecision",
    "RatioInterval",
    "RobustInterval",
    "Rule",
    "SampleSize",
    "ScoreAlternative",
    "ScoreMethod",
    "ScoreTest",
    "SequentialCharacteristics",
    "Spending",
    "SpendingBoundaries",
    "StratifiedMethod",
    "StratifiedRatio",
    "Stratum",
    "TraitColumn",
    "TraitSearch",
    "TraitTests",
    "adjust",
    "association_tail",
    "clustered_ratio",
    "design_effect",
    "enrichment_tails",
    "exact_interval",
    "exact_test",
    "fisher_test",
    "group_effects",
    "learn_rates",
    "lift_reached",
    "needed_events",
    "operating_characteristics",
    "pool_effects",
    "posterior",
    "power",
    "power_many",
    "ratio_exceeds",
    "ratio_passes",
    "sample_size",
    "score_interval",
    "score_test",
    "sequential_characteristics",
    "spending_boundaries",
    "stratified_ratio",
    "studies_needed",
    "trait_search",
    "wilson_interval",
]


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use (PEP 562)."""
    if name not in __all__:
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"{__name__}.{_HOMES.get(name, 'results')}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
