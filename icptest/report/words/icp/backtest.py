"""What `icp backtest` says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.icp.backtest import LOST, MARKET, WON
from icptest.icp.criteria import Kind
from icptest.icp.outcome import Outcome
from icptest.report.words.icp.criteria import both, criterion, day, either, trigger
from icptest.report.words.numbers import are, count, lift, percent, share
from icptest.stats import NotEstimable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from icptest.icp.backtest import Answered, Backtest, Price
    from icptest.icp.definition import Definition
    from icptest.icp.joined import Joined
    from icptest.icp.panel import Panel
    from icptest.stats import RateInterval, RatioInterval

LISTS = {WON: "won deals", LOST: "lost deals", MARKET: "the market"}
SHARE_HEADS = ("", "companies", "told", "pass", "share", "likely range", "not told")
SHARES = "Who passes, of those of whom the list tells enough:"
PRICES = "Out because of one filter alone, and the lift if you dropped it:"
FITTED = (
    "A profile fits the deals that it was made from better than the next ones: hold it against "
    "deals that were closed after it was written."
)
_OUTCOMES = {Outcome.WON: "won", Outcome.LOST: "lost", Outcome.OPEN: "still open"}
_FEW = 10
_SHOWN = 3


def headline(result: Backtest, name: str) -> str:
    """Return what came out, in one sentence."""
    won = result.shares.get(WON)
    if won is None or won.interval is None:
        return (
            f"{name} cannot be held against these lists: there is no filter of which all of them "
            "tell anything."
            if won is None
            else f"{name} cannot be held against these lists: of no won company do they tell "
            "every filter."
        )
    said = (
        f"{won.n_in:,} of {won.n_told:,} won companies ({share(won.interval.estimate)}) pass {name}"
    )
    other = result.shares[result.against]
    if other.interval is None:
        return f"{said}; of {LISTS[result.against]} too little is told to compare."
    against = f"{share(other.interval.estimate)} of {LISTS[result.against]}"
    return f"{said}, against {against}: {_verdict(result.lifts[result.against])}"


def _verdict(found: RatioInterval) -> str:
    if isinstance(found.estimate, NotEstimable):
        return "the lift has no number, because nobody passes there."
    said = lift(found.estimate)
    low, high = found.low, found.high
    if not isinstance(low, NotEstimable) and low > 1.0:
        return f"{said}, beyond luck."
    if not isinstance(high, NotEstimable) and high < 1.0:
        return f"{said}. It keeps out more of the won than of the others."
    return f"{said}, which could be luck."


def lifts(result: Backtest) -> list[str]:
    """Return the lift over each other list, with its interval."""
    return [f"Won over {LISTS[name]}: {lift_range(one)}." for name, one in result.lifts.items()]


def lift_range(found: RatioInterval) -> str:
    """Return a lift with its interval: "2.6x, likely between 1.1x and 6.2x"."""
    low = 0.0 if isinstance(found.low, NotEstimable) else found.low
    if isinstance(found.high, NotEstimable):
        between = f"likely {lift(low)} or more"
    else:
        between = f"likely between {lift(low)} and {lift(found.high)}"
    if isinstance(found.estimate, NotEstimable):
        return f"no number, {between}"
    return f"{lift(found.estimate)}, {between}"


def rate_range(found: RateInterval | None) -> tuple[str, str]:
    """Return a share and its interval."""
    if found is None:
        return "", ""
    exact = share if found.estimate >= _FEW / 100 else percent
    return exact(found.estimate), f"{exact(found.low)} to {exact(found.high)}"


def dearest(result: Backtest) -> str | None:
    """Return which filter costs the most good accounts."""
    price = result.dearest
    if not result.prices:
        return None
    if price is None:
        return "No filter keeps out a won company by itself."
    told = result.shares[WON].n_told
    said = (
        f'"{criterion(price.criterion)}" costs the most: {price.alone[WON]:,} of {told:,} won '
        "companies are out because of it alone"
    )
    other = price.alone[result.against]
    n_told = result.shares[result.against].n_told
    if not other:
        return f"{said}, and it keeps out nobody of {LISTS[result.against]} by itself."
    kept_out = f"{other:,} of {n_told:,} of {LISTS[result.against]}"
    return f"{said}. It also keeps out {kept_out}{_without(price)}."


def _without(price: Price) -> str:
    if price.lift_without is None:
        return ""
    return f"; without it the lift would be {lift(price.lift_without)}"


def disqualifiers(result: Backtest) -> list[str]:
    """Return which disqualifiers fire on won companies."""
    lines, judged = [], 0
    for place in range(result.n_filters, result.n_in_or_out):
        found = result.answered[WON][place]
        if found is None:
            continue
        judged += 1
        if found.yes:
            total = found.yes + found.no
            lines.append(
                f'The disqualifier "{criterion(result.criteria[place])}" takes out {found.yes:,} '
                f"of {count(total, 'won company', 'won companies')}: you did close such deals."
            )
    if judged and not lines:
        lines.append("No disqualifier takes out a won company.")
    return lines


def triggers(result: Backtest, definition: Definition) -> list[str]:
    """Return how often each trigger counted on the day that was judged."""
    lines = []
    for number, one in enumerate(definition.triggers):
        place = result.n_in_or_out + number
        said = [
            _live(name, found)
            for name, rows in result.answered.items()
            if (found := rows[place]) is not None and found.yes + found.no
        ]
        if said:
            lines.append(f"With {trigger(one)} that counted on the day: {both(said)}.")
    return lines


def _live(name: str, found: Answered) -> str:
    total = found.yes + found.no
    return f"{found.yes:,} of {total:,} companies of {LISTS[name]}"


def left_out(result: Backtest) -> list[str]:
    """Return what is not compared, and because of which list."""
    lines = []
    for place, names in result.left_out.items():
        asked = result.criteria[place]
        no_day = [
            name
            for name in names
            if asked.subject.kind is Kind.EVENT and _has_no_day(result.panels[name])
        ]
        no_column = [name for name in names if name not in no_day]
        why = []
        if no_column:
            why.append(f"no column of {either([LISTS[name] for name in no_column])} tells it")
        if no_day:
            why.append(f"{both([LISTS[name] for name in no_day])} tell no day to judge it on")
        lines.append(f'Not compared: "{criterion(asked)}", because {both(why)}.')
    if any(_has_no_day(one) for one in result.panels.values()) and lines:
        lines.append(
            'Name the day\'s column with `--column "opened-on=NAME"`, or one day for all with '
            "`--on DATE`."
        )
    return lines


def _has_no_day(panel: Panel) -> bool:
    return panel.tells_events and not panel.days.columns and panel.days.on is None


def about(name: str, panel: Panel) -> list[str]:
    """Return what became of the rows of a list, and on which days its events were judged."""
    lines = []
    what = LISTS[name]
    other = [f"{n:,} {_OUTCOMES[one]}" for one, n in sorted(panel.n_other.items())]
    if panel.unknown_words:
        other.append(unknown_words(panel.unknown_words))
    if other:
        lines.append(f"Left out of {what}, by what {panel.file} says of the deal: {both(other)}.")
    if panel.n_merged:
        lines.append(
            f"{what[0].upper()}{what[1:]}: {count(panel.n_rows, 'row')} of "
            f"{count(panel.n_companies, 'company', 'companies')}; {panel.n_merged:,} merged."
        )
    if panel.n_nameless:
        lines.append(
            f"{count(panel.n_nameless, 'row')} of {what} name no company; each counts as one."
        )
    days = panel.days
    if panel.tells_events and days.columns:
        rest = "" if days.on is None else f", else on {day(days.on)}"
        said = f"Events of {what} are judged on the day of {', else '.join(days.columns)}{rest}."
        if days.n_undated:
            said += f" {_undated(days.n_undated, days.n_contradicting, judged=days.on is not None)}"
        lines.append(said)
    elif panel.tells_events and days.on is not None:
        lines.append(f"Events of {what} are judged on {day(days.on)}.")
    return lines


def unknown_words(found: Mapping[str, int]) -> str:
    """Return which words for an outcome are not known: '36 of unknown outcome ("Zombie")'."""
    said = [f'"{word}"' for word in sorted(found, key=lambda word: -found[word]) if word]
    if len(said) > _SHOWN:
        said = [*said[:_SHOWN], f"{len(said) - _SHOWN} more"]
    named = f" ({both(said)})" if said else ""
    return f"{sum(found.values()):,} of unknown outcome{named}"


def _undated(n: int, n_contradicting: int, *, judged: bool) -> str:
    said = f"{count(n, 'row')} tell no such day"
    if n_contradicting:
        said += f" ({n_contradicting:,} closed before being opened)"
    return f"{said}." if judged else f"{said}: their events are not known."


def set_aside(panels: Sequence[Panel]) -> str | None:
    """Return that rows could not be read."""
    n = sum(sum(one.set_aside.values()) for one in panels)
    return f"{count(n, 'row')} could not be read and count nowhere." if n else None


def in_both(n: int) -> str:
    """Return that companies are in two of the lists."""
    companies = count(n, "company", "companies")
    return f"{companies} {are(n)} in both won and lost deals, and counted in both."


def known(found: Joined, what: str, file: str) -> str:
    """Return how many companies a second list has, and which it does not."""
    companies = count(found.n_companies, "company", "companies")
    said = f"{found.n_found:,} of {companies} of {what} are in {file}."
    if not found.unmatched:
        return said
    names = [
        f'"{name}"' + (f' (is it "{near}"?)' if near else "") for name, near in found.unmatched
    ]
    more = found.n_companies - found.n_found - len(names)
    return f"{said} Not found: {both([*names, *([f'{more:,} more'] if more > 0 else [])])}."
