"""What `icp mine` says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from icptest.icp.best import FEWEST, MOST
from icptest.icp.criteria import Layer
from icptest.icp.draft import FEWEST_FILTERS
from icptest.icp.fields import Field
from icptest.icp.pattern import Luck
from icptest.icp.questions import BEFORE_DAYS, REFERRAL_SHARE
from icptest.icp.shared import LeftOut
from icptest.report.words.icp.criteria import both, criterion, either
from icptest.report.words.numbers import are, count, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from icptest.icp.best import Best
    from icptest.icp.census import Census
    from icptest.icp.criteria import Criterion
    from icptest.icp.customers import Account, Customers
    from icptest.icp.draft import Draft
    from icptest.icp.mine import Mined
    from icptest.icp.pattern import Finding
    from icptest.icp.questions import Before, Committee, Referrals
    from icptest.icp.shared import Shared

_EASILY = 0.2
_NAMES = 30
_UNMATCHED = 3
MEASURES = {
    Field.LTV: "what they are worth",
    Field.DAYS_TO_CLOSE: "how fast they closed",
    Field.TENURE: "how long they have stayed",
    Field.EXPANSION: "how much they expanded",
    Field.REFERRALS: "how many they referred",
}
QUESTIONS = {
    Layer.FIRMOGRAPHIC: "Firmographic",
    Layer.TECHNOGRAPHIC: "Technographic",
    Layer.BEHAVIORAL: "Behavioral",
    Layer.BUYING: "Buying committee",
}
_COMMITTEE = {
    Field.CHAMPION: "champion",
    Field.SIGNER: "signed",
    Field.PAYER: "paid",
}
_EVENTS = {
    "hired": "hired somebody",
    "raised": "raised money",
    "launched": "launched something",
    "expanded": "expanded",
    "posted-job": "posted a job",
}
_LEFT_OUT = {
    LeftOut.IDENTIFIER: "names and identifiers",
    LeftOut.UNIQUE: "nearly every cell differs",
    LeftOut.PROSE: "running text",
    LeftOut.DATE: "dates of no event that a profile knows",
    LeftOut.EMPTY: "empty in one of the files",
    LeftOut.CUSTOMER: "what became of a customer",
    LeftOut.NO_PURCHASE: "events, but no column tells when they bought",
}
NO_PATTERN = "nothing that is more than luck"
NOTHING_REPEATS = "Nothing repeats: no {least} of the best share anything that both lists tell."
FOURTH = "no column tells who championed it, signed or paid"
NO_FILTERS = (
    "No draft: nothing they share is more than luck. More good customers, or more that both lists "
    "tell of a company, would show more. Nothing was written."
)
SEE_NONE = "No column tells how customers came, so the referral check cannot be made."


def headline(mined: Mined) -> str:
    """Return what was held against what, and how much of it is no luck."""
    n = len(mined.best.accounts)
    found = [one for one in mined.singles if one.finding.luck is not Luck.COULD_BE]
    lucky = len(found) + len(mined.pairs)
    of = count(len(mined.customers.accounts), "customer")
    against = count(mined.census.n_market, "company", "companies")
    said = "nothing they share is" if not lucky else f"{count(lucky, 'pattern')} {are(lucky)}"
    return (
        f"The best {n:,} of {of} against {against} of the market: {said} more than luck after "
        f"{count(mined.looks, 'look')}."
    )


def heads(looks: int) -> tuple[str, ...]:
    """Return the heads of the table."""
    return ("what they share", "the best", "market", f"after {count(looks, 'look')}")


def named(finding: Finding) -> str:
    """Return a pattern as a row of the table names it."""
    return " and ".join(criterion(_plain(one)) for one in finding.criteria)


def _plain(asked: Criterion) -> Criterion:
    """Return a criterion as people read it: "=" is a matter of the file."""
    return replace(asked, values=tuple(value.removeprefix("=") for value in asked.values))


def of_best(finding: Finding) -> str:
    """Return how many of the best have it."""
    return f"{finding.best.having} of {finding.best.known}"


def of_market(finding: Finding) -> str:
    """Return how much of the market has it."""
    return share(finding.market.rate)


def luck(finding: Finding) -> str:
    """Return what luck has to do with it."""
    if finding.luck is Luck.NOT_LUCK:
        return "not luck"
    if finding.luck is Luck.UNLIKELY:
        return "unlikely to be luck"
    return "could easily be luck" if finding.adjusted > _EASILY else "could be luck"


def denominators(findings: Sequence[Finding], n: int) -> str | None:
    """Return why a denominator is smaller than the number of the best."""
    fewer = next((one for one in findings if one.best.known != n), None)
    if fewer is None:
        return None
    return (
        f'"{of_best(fewer)}" means that a list tells it of {fewer.best.known} of the best {n}. An '
        "empty cell is neither "
        "yes nor no; the market's share is of those it tells too."
    )


def chosen(best: Best) -> list[str]:
    """Return how the best were chosen, and what was missing for it."""
    lines = []
    if best.used:
        by = both([f"{MEASURES[one]} ({column})" for one, column in best.used.items()])
        lines.append(f"The best are chosen by {by}: the mean of the ranks.")
        if best.without_column:
            lines.append(f"No column tells {either([MEASURES[o] for o in best.without_column])}.")
    else:
        wanted = either([MEASURES[one] for one in best.without_column])
        lines.append(
            f"No column tells {wanted}, so every customer who has not left counts as one of the "
            "best."
        )
    lines += [
        f"{_capital(MEASURES[one])} is not told of {count(n, 'customer')}: they stand in the "
        "middle of that ranking."
        for one, n in best.missing.items()
        if n
    ]
    if best.n_unmeasured:
        lines.append(
            f"{count(best.n_unmeasured, 'customer')} without any of these numbers cannot be ranked "
            f"and {are(best.n_unmeasured)} left out."
        )
    if best.n_tied:
        lines.append(
            f"{count(best.n_tied, 'more customer')} {are(best.n_tied)} as good as the last one "
            "chosen; the order of the file decided."
        )
    return lines


def number_of_best(best: Best) -> list[str]:
    """Return that the best are few, or many."""
    n, lines = len(best.accounts), []
    if best.used and n < best.asked:
        lines.append(
            f"{best.asked} were asked for, and only {n} can be chosen: the best are all of them."
        )
    if n < FEWEST:
        lines.append(
            f"With fewer than {FEWEST} customers hardly any pattern can be told from luck: talk to "
            "them instead, and come back with more."
        )
    if n > MOST:
        lines.append(
            f'With more than {MOST} "the best" is everybody: choose the 10 to 20 best with '
            "`--best`."
        )
    return lines


def churn(customers: Customers, best: Best) -> list[str]:
    """Return who left, and where two columns disagree on it."""
    lines = []
    columns = both([f'"{name}"' for name in customers.churn_columns])
    if best.n_left:
        lines.append(
            f"{count(best.n_left, 'customer')} left (by {columns}) and {are(best.n_left)} none of "
            "the best."
        )
    if best.n_disagree:
        lines.append(
            f"Of {count(best.n_disagree, 'customer')} {columns} do not say the same of who left: "
            f"{'it is' if best.n_disagree == 1 else 'they are'} left out. Mend the file to have "
            f"{'it' if best.n_disagree == 1 else 'them'} counted."
        )
    if not customers.tells_churn:
        lines.append("No column tells who left: look whether all of them are still customers.")
    return lines


def who(accounts: Sequence[Account]) -> str | None:
    """Return the names of the best."""
    names = [one.name for one in accounts if one.name]
    if not names:
        return None
    more = f" and {len(names) - _NAMES} more" if len(names) > _NAMES else ""
    return f"They are: {'; '.join(names[:_NAMES])}{more}."


def rows(customers: Customers, census: Census, n_best: int) -> list[str]:
    """Return what became of the rows of both files."""
    lines = []
    if customers.n_merged:
        lines.append(
            f"{count(customers.n_rows, 'row')} of customers are "
            f"{count(len(customers.accounts), 'company', 'companies')}: "
            f"{count(customers.n_merged, 'row')} of a company that stands above "
            f"{'was' if customers.n_merged == 1 else 'were'} put together with it."
        )
    if census.n_merged:
        lines.append(
            f"{count(census.n_rows, 'row')} of the market are "
            f"{count(census.n_market, 'company', 'companies')}: the first row of each counts."
        )
    if census.n_contained:
        lines.append(
            f"{census.n_contained} of the best {n_best} {are(census.n_contained)} in the market "
            "too: what it says of them is taken from there, so that like is held against like."
        )
    for name, aside in (("customers", customers.set_aside), ("the market", census.set_aside)):
        n = sum(aside.values())
        if n:
            lines.append(f"{count(n, 'row')} of {name} could not be read and count nowhere.")
    return lines


def unmatched(findings: Sequence[Finding]) -> str | None:
    """Return what only the customers' file says, so that it is no pattern."""
    if not findings:
        return None
    said = "; ".join(f"{named(one)} ({of_best(one)})" for one in findings[:_UNMATCHED])
    more = f" and {len(findings) - _UNMATCHED} more" if len(findings) > _UNMATCHED else ""
    return (
        f"No pattern, because nobody in the market has it: {said}{more}. The two files probably "
        "use different words or units; spell them alike, or name the right column."
    )


def not_looked_at(shared: Shared) -> str | None:
    """Return which columns of both files were not looked at."""
    by: dict[LeftOut, list[str]] = {}
    for name, reason in shared.left_out:
        by.setdefault(reason, []).append(name)
    if not by:
        return None
    said = "; ".join(f"{', '.join(names)} ({_LEFT_OUT[reason]})" for reason, names in by.items())
    return f"Not looked at: {said}."


def answer(layer: Layer, mined: Mined) -> str:
    """Return the answer to the question of a layer."""
    found = [
        one.finding
        for one in mined.singles
        if one.finding.criteria[0].layer is layer and one.finding.luck is not Luck.COULD_BE
    ]
    if found:
        return "; ".join(f"{named(one)} ({of_best(one)} against {of_market(one)})" for one in found)
    if any(one.subject.layer is layer for one in mined.shared.columns):
        return NO_PATTERN
    if layer is Layer.BEHAVIORAL:
        return _no_behavior(mined)
    what = "of the tools they run" if layer is Layer.TECHNOGRAPHIC else "such as industry or size"
    return f"cannot be answered: the files share no column {what}"


def _no_behavior(mined: Mined) -> str:
    if all(one.bought_on is None for one in mined.best.accounts):
        return f'cannot be answered: no column tells when they bought ("{_USUAL_BOUGHT}")'
    return "cannot be answered: no event is dated in both files"


_USUAL_BOUGHT = "customer since"


def before(found: Sequence[Before]) -> list[str]:
    """Return what they did before they bought that the market does not date."""
    return [
        f"{one.having} of {one.known} {_EVENTS.get(one.subject.word, one.subject.word)} in the "
        f"{BEFORE_DAYS} days before they bought; the market does not date it, so nobody knows "
        "whether that is much"
        for one in found
    ]


def committee(found: Sequence[Committee]) -> str:
    """Return who took part in the purchases."""
    told = [one for one in found if one.known]
    if not told:
        return f"cannot be answered: {FOURTH}"
    return "; ".join(
        f"{_COMMITTEE[one.field]}: "
        + ", ".join(f"{title} {n} of {one.known}" for title, n in one.titles)
        for one in told
    )


def referrals(found: Referrals | None) -> str:
    """Return the gut-check: whether the base mirrors the profile."""
    if found is None:
        return SEE_NONE
    low, high = share(found.share.low), share(found.share.high)
    bar = share(REFERRAL_SHARE)
    said = (
        f"{found.referred} of {count(found.known, 'customer')} that tell ({found.column}) came by "
        f"referral: {share(found.share.estimate)}, likely {low} to {high}."
    )
    if found.share.low >= REFERRAL_SHARE:
        return f"{said} That is {bar} or more: your customers are a reliable mirror of your ICP."
    if found.share.high < REFERRAL_SHARE:
        return f"{said} That is under {bar}: lean on the few customers that genuinely thrive."
    return f"{said} Whether that is {bar} or more, these customers are too few to tell."


def draft(found: Draft, mined: Mined, *, path: str | None) -> str:
    """Return what the draft lets in."""
    if not found.filters:
        return NO_FILTERS
    n_best = len(mined.best.accounts)
    n, filters = len(found.filters), both([criterion(_plain(one)) for one in found.filters])
    few = (
        f" A usable profile has {FEWEST_FILTERS} or 5; no more of them are beyond luck."
        if n < FEWEST_FILTERS
        else ""
    )
    head = f"Draft written: {path}" if path else "A draft"
    return (
        f"{head} ({count(n, 'filter')}): {filters}. It turns away {n_best - found.n_best} of "
        f"the best {n_best} and keeps {found.n_market:,} of the market's "
        f"{mined.census.n_market:,}.{few}"
    )


TALK = (
    "This is what the data tell. Why they bought, and what nearly stopped them, a spreadsheet "
    "hides: ask a few of them."
)


def _capital(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"
