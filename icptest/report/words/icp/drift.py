"""What `icp drift` says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from icptest.icp.criteria import Layer
from icptest.icp.deals import Period
from icptest.icp.trend import Rise
from icptest.report.words.icp.backtest import known, lift_range, unknown_words
from icptest.report.words.icp.criteria import LAYERS, both, criterion, day
from icptest.report.words.numbers import are, count, share

if TYPE_CHECKING:
    from icptest.icp.churn import Churn, Cluster
    from icptest.icp.deals import Deals
    from icptest.icp.drift import Drift
    from icptest.icp.joined import Joined
    from icptest.icp.trend import Part, Trend

WINS, LOSSES, CHURN = "wins outside", "losses inside", "churn clustering"
RISES = {
    Rise.BEYOND_LUCK: "rising beyond luck",
    Rise.COULD_BE_LUCK: "rising, could be luck",
    Rise.NOT_RISING: "not rising",
    Rise.CANNOT_TELL: "cannot be told yet",
}
NO_DEALS = (
    "No column says won or lost, so wins outside and losses inside are not judged: only churn is."
)
NO_CHURN = (
    "Churn is not judged: no column says which customers left. Name one with "
    '`--column "churned=NAME"` or `--column "churned-on=NAME"`.'
)
NOT_ASKED = (
    "No column tells any filter of the profile, so nobody is known to be inside or outside. "
    "Bring the companies' attributes with `--accounts FILE`, or name the columns with `--column`."
)
ONCE = (
    "A company counts once in each period: as a win where any of its deals was won, as a loss "
    "where its last one was lost."
)


def headline(drift: Drift, name: str) -> str:
    """Return whether the profile has drifted."""
    found = rises(drift)
    said = [signal for signal, rise in found.items() if rise is Rise.BEYOND_LUCK]
    if said:
        return f"{name} has drifted: {both(said)} {are(len(said))} beyond luck."
    if not found:
        return f"Nothing can be told about {name}: no column tells any of its filters."
    if set(found.values()) <= {Rise.CANNOT_TELL}:
        return f"Nothing can be told yet about {name}: there are too few deals and customers."
    maybe = [signal for signal, rise in found.items() if rise is Rise.COULD_BE_LUCK]
    if maybe:
        return f"No drift of {name} beyond luck; {both(maybe)} could be luck."
    return f"No sign that {name} has drifted."


def rises(drift: Drift) -> dict[str, Rise]:
    """Return what each signal that was judged comes to."""
    found = {}
    if drift.wins_outside is not None:
        found[WINS] = drift.wins_outside.rise
    if drift.losses_inside is not None:
        found[LOSSES] = drift.losses_inside.rise
    if drift.churn is not None:
        found[CHURN] = drift.churn.rise
    return found


def part(one: Part) -> str:
    """Return so many of so many: "7 of 19"."""
    return f"{one.n:,} of {one.of:,}"


def heads(deals: Deals) -> tuple[str, ...]:
    """Return the heads of the table of periods."""
    return ("", f"last {deals.since_days} days", "before", "")


def ratios(drift: Drift) -> list[str]:
    """Return how much more often each of the two signals of deals is seen than before."""
    return [
        f"{signal.capitalize()}, against before: {lift_range(one.interval)}."
        for signal, one in ((WINS, drift.wins_outside), (LOSSES, drift.losses_inside))
        if one is not None and one.interval is not None and one.first.n + one.other.n
    ]


def periods(deals: Deals) -> list[str]:
    """Return which days the periods have, and whether the time before is long enough."""
    recent, earlier = (count(deals.n_decided[period], "deal") for period in Period)
    said = f"Recent: {day(deals.recent_from)} to {day(deals.on)}, {recent}."
    if deals.first_on is None or not deals.earlier_days:
        return [f"{said} Before: no deal that was won or lost."]
    until = deals.recent_from - timedelta(days=1)
    said += (
        f" Before: {day(deals.first_on)} to {day(until)}, {earlier} in {deals.earlier_days:,} days."
    )
    lines = [said, ONCE]
    if deals.earlier_days < deals.since_days:
        lines.append(
            "The time before is shorter than the recent period: what is usual is hardly known. "
            "Export older deals too, or choose a shorter `--since`."
        )
    return lines


def too_few(drift: Drift) -> list[str]:
    """Return for each signal of deals that cannot be told, why, and how many it would take."""
    lines = []
    for trend, signal, what, fate in (
        (drift.wins_outside, WINS, "won company", "outside"),
        (drift.losses_inside, LOSSES, "decided company inside", "lost"),
    ):
        if trend is not None and drift.deals is not None and trend.rise is Rise.CANNOT_TELL:
            lines.append(f"{signal.capitalize()}: {_why_not(trend, drift.deals, what, fate)}")
    return lines


def _why_not(trend: Trend, deals: Deals, what: str, fate: str) -> str:
    if not trend.first.of:
        said = f"there is no {what} in the last {deals.since_days} days"
        if deals.last_on is not None and deals.last_on < deals.recent_from:
            return (
                f"{said}; the newest deal is of {day(deals.last_on)}. `--on {deals.last_on}` "
                "judges the time up to it."
            )
        return f"{said}."
    plural = what.replace("company", "companies")
    if not trend.other.of:
        return (
            f"there is no {what} before the last {deals.since_days} days to hold the "
            f"{trend.first.of:,} against. Export older deals, or choose a shorter `--since`."
        )
    there = f"{count(trend.first.of, what, plural)} recently and {trend.other.of:,} before"
    if trend.at_least is None:
        return f"{there} cannot show a rise, whatever had happened. Export older deals."
    return (
        f"{there} cannot show a rise, even if all the recent ones were {fate}. It takes at "
        f"least {trend.at_least:,} of these."
    )


def pointers(drift: Drift) -> list[str]:
    """Return which layer each rising signal points at, with the counts."""
    lines = []
    rising = {Rise.BEYOND_LUCK, Rise.COULD_BE_LUCK}
    worst = drift.most_failed
    if drift.wins_outside is not None and drift.wins_outside.rise in rising and worst is not None:
        layer = LAYERS[worst.layer]
        counts = f"{part(worst.trend.first)} (before: {part(worst.trend.other)})"
        said = f'Wins outside fail "{criterion(worst.criterion)}" most: {counts}'
        if worst.trend.rise is Rise.BEYOND_LUCK:
            lines.append(f"{said}, beyond luck. The {layer} layer moved.")
        else:
            lines.append(f"{said}. Look at the {layer} layer; it could be luck.")
    if drift.losses_inside is not None and drift.losses_inside.rise in rising:
        lines.append(
            "Who is lost inside passes every filter, so no filter tells why: look at the "
            f"{LAYERS[Layer.TRIGGER]} and {LAYERS[Layer.BUYING]} layers, and ask three of those "
            "who said no."
        )
    return lines


def clusters(churn: Churn) -> list[str]:
    """Return what churn clusters on, or why that cannot be told."""
    whole = f"{churn.n_churned:,} of {count(churn.n_customers, 'customer')} left"
    if not churn.n_churned:
        return [f"Churn: {whole}, so it cannot cluster."]
    if churn.n_churned == churn.n_customers:
        return [f"Churn: {whole}, so there is nobody who stayed to hold them against."]
    if not churn.n_tried:
        return [f"Churn: {whole}. No attribute is told of enough customers to try."]
    tried = count(churn.n_tried, "attribute")
    tell = "tells" if len(churn.columns) == 1 else "tell"
    rate = share(churn.n_churned / churn.n_customers)
    lines = [f"Churn: {whole} ({rate}), as {both(churn.columns)} {tell}; {tried} tried."]
    if churn.at_least is not None:
        lines.append(
            f"So few cannot show a cluster beyond luck. It takes at least {churn.at_least:,} who "
            "left, all of them with one attribute."
        )
        return lines
    if not churn.clusters:
        lines.append("No attribute has more churn than the rest.")
    return [*lines, *(_cluster(one) for one in churn.clusters)]


def _cluster(one: Cluster) -> str:
    found = one.trend
    which = f"{one.attribute.column} {one.attribute.value}"
    said = f"{which}: {part(found.first)} left, others {part(found.other)}"
    if found.interval is not None:
        said += f" ({lift_range(found.interval)})"
    layer = LAYERS[one.attribute.layer]
    if found.rise is Rise.BEYOND_LUCK:
        return f"{said}. Beyond luck: look at the {layer} layer."
    return f"{said}. That could be luck after so many attributes."


def disagreeing(churn: Churn) -> str | None:
    """Return that the columns contradict each other about who left."""
    if not churn.n_disagreeing:
        return None
    said = []
    if churn.n_flag_alone:
        said.append(f"{churn.n_flag_alone:,} said to have left without a day on which they did")
    if churn.n_day_alone:
        said.append(f"{churn.n_day_alone:,} with such a day that are said not to have")
    if churn.n_mixed:
        said.append(f"{churn.n_mixed:,} whose rows say both")
    return (
        f"{' and '.join(churn.columns)} disagree about who left: {both(said)}. These customers are "
        "left out; mend the file, or take the wrong column out of it."
    )


def unknown_churn(churn: Churn) -> str | None:
    """Return that it is not told of some whether they left."""
    if not churn.n_unknown:
        return None
    return f"Of {count(churn.n_unknown, 'customer')} it is not told whether they left."


def not_in_it(deals: Deals) -> list[str]:
    """Return which deals are in no share, and why."""
    said = []
    if deals.n_open:
        said.append(f"{deals.n_open:,} open")
    if deals.unknown_words:
        said.append(unknown_words(deals.unknown_words))
    if deals.n_undated:
        said.append(f"{deals.n_undated:,} without a day on which they were decided")
    if deals.n_contradicting:
        said.append(f"{deals.n_contradicting:,} closed before they were opened")
    if deals.n_ahead:
        said.append(f"{deals.n_ahead:,} decided after {day(deals.on)}")
    lines = [f"Deals in no share: {both(said)}."] if said else []
    n = sum(deals.set_aside.values())
    if n:
        lines.append(f"{count(n, 'row')} could not be read and count nowhere.")
    return lines


def untold(drift: Drift) -> list[str]:
    """Return what could not be asked, and of how many companies something is not told."""
    lines = []
    if drift.untold and drift.asked:
        said = both([f'"{criterion(one)}"' for one in drift.untold])
        lines.append(f"Not judged, because no column tells it: {said}.")
    if drift.n_unknown is not None and any(drift.n_unknown.values()):
        recent, earlier = (drift.n_unknown[period] for period in Period)
        lines.append(
            "In no share, because a filter is not told of them: "
            f"{count(recent, 'company', 'companies')} recently, {earlier:,} before."
        )
    return lines


def joined(found: Joined, file: str) -> list[str]:
    """Return how many companies the second list has, and which it does not."""
    lines = [known(found, "the deals", file)]
    if found.n_nameless:
        lines.append(f"{count(found.n_nameless, 'deal')} name no company.")
    return lines
