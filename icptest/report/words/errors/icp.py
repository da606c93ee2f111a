"""Errors of profiles and the lists they are held against."""

from __future__ import annotations

ICP: dict[str, tuple[str, str]] = {
    "no-such-icp": (
        'There is no profile "{value}" ({path}). Known: {known}.',
        "Make one with `icptest icp new NAME`, or name one that is there.",
    ),
    "icp-exists": (
        "There is a profile at {path} already.",
        "Edit it, or choose another name: nothing was written.",
    ),
    "icp-unreadable": (
        "The file is no TOML: {problem}.",
        "Mend that line of the file and run the command again.",
    ),
    "icp-contradiction": (
        'The disqualifier "{value}" takes out everybody that a filter lets in.',
        "Change one of the two in the file, and run the command again.",
    ),
    "bad-criterion": (
        '{option} "{value}" is not understood; expected {expected}.',
        (
            'Write it as "industry:SaaS|Software", "employees:50-250", "uses:HubSpot" or '
            '"hired:VP Sales<90d".'
        ),
    ),
    "unknown-criterion": (
        '"{value}" is nothing that a company can be asked for. Known: {allowed}.',
        (
            'Use one of these words, or "column.NAME:VALUE" for any other column of your lists, '
            'as in "column.Pricing page:yes".'
        ),
    ),
    "criterion-twice": (
        '"{value}" and "{other}" cannot both stand in a profile: it has one line for this.',
        'Write one criterion with "|" for "or", or change that line of the profile.',
    ),
    "icp-narrow-empty": (
        (
            "Nobody of {list} is known to be left: of {before:,} in the loose profile none meets "
            '"{criterion}". For {unknown:,} the list does not tell. Nothing was written.'
        ),
        "Add a filter that more of them meet, or a list that tells it.",
    ),
    "bad-column-option": (
        '{option} "{value}" does not say which field a column holds.',
        'Write it as `--column "employees=Team size"`. Fields: {fields}.',
    ),
    "unknown-field": (
        '"{value}" is no field. Known: {allowed}.',
        'Use one of them, as in `--column "employees=Team size"`.',
    ),
    "icp-column-not-there": (
        'No column is called "{value}". There are: {columns}.',
        'Name one that is there, as in `--column "employees=Team size"`.',
    ),
    "icp-column-missing": (
        'No column tells {field}, which "{criterion}" needs.{others} There are: {columns}.',
        (
            'Say which one holds it: `--column "{field}=NAME"`; it is kept in icp/columns.toml. Or '
            "take the filter out of the profile."
        ),
    ),
    "icp-column-unfit": (
        'No value of "{column}" can be read for "{criterion}"; the first one is {value!r}.',
        (
            'Say which column holds it: `--column "{field}=NAME"`, or write its values as numbers '
            "(120, 50-250, 5M), years or days (2026-11-27)."
        ),
    ),
    "icp-and-segment": (
        "The new list is given twice: by a profile, and as a list of its own.",
        "Leave out `--icp` and `--from`, or leave out the other one.",
    ),
    "icp-nobody-in": (
        "Nobody of {list} is known to be in {icp}, so there is no new list.",
        "See which filter empties it: `icptest icp match {list} --icp {icp}`.",
    ),
    "bad-day": (
        '{option} "{value}" is no day.',
        "Write it as 2026-11-27.",
    ),
    "icp-no-outcome": (
        (
            "No column says what became of a deal, in words that are known, or which customers "
            "left. There are: {columns}."
        ),
        (
            'Name it: `--column "outcome=NAME"` (Won, Lost, Closed Won, Closed Lost, TRUE, FALSE), '
            'or `--column "churned=NAME"`.'
        ),
    ),
    "icp-not-named": (
        "No profile was named, and there is not just one: {known}.",
        "Say which one: `--icp NAME`.",
    ),
    "bad-since": (
        '{option} "{value}" is no number of days from 1 to {most}.',
        "Write it as 90d.",
    ),
    "icp-list-empty": (
        "The list has no row that counts.",
        "Check that it is the right file: it has a header and at least one company under it.",
    ),
    "icp-nothing-to-compare": (
        "Won deals alone show nothing: every list has companies that fit.",
        "Name lost deals with `--lost FILE`, the market with `--market FILE`, or both.",
    ),
    "icp-out-is-list": (
        "{path} is the list itself: the matches would take its place.",
        "Name another file with `--out`.",
    ),
    "file-not-writable": (
        "{path} cannot be written: {why}.",
        "Name a file in a folder that is there and that you may write to.",
    ),
    "unknown-measure": (
        '"{value}" ranks no customers. Known: {allowed}.',
        "Use some of these words, as in `--best-by ltv,tenure`.",
    ),
    "icp-no-customers": (
        "The file has no row of a customer that can be read.",
        "Export your customers with one company per row, and name that file.",
    ),
    "icp-all-churned": (
        "All {n} customers have left, or may have: none of them is one of the best.",
        (
            "Name a file with customers who stayed, or say which column tells who left: `--column "
            '"churned=NAME"`.'
        ),
    ),
    "icp-no-measure": (
        (
            "There are {n} customers, and no column ranks them; without one, up to {most} count as "
            "the best. Looked for: {wanted}."
        ),
        ('Say which column does: `--column "ltv=NAME"`. Or name a file of only the 10 to 20 best.'),
    ),
    "icp-nothing-shared": (
        (
            "The customers and {base} share no column that says something of a company. "
            "Customers: {ours}. Market: {theirs}."
        ),
        'Say which column holds what: `--column "industry=NAME"`, or name the columns alike.',
    ),
    "icp-base-too-small": (
        "The market has {n} companies and the customers are {customers}.",
        "Name with `--base` the whole market: everybody whom you could have sold to.",
    ),
}

ICP_BY_CASE: dict[tuple[str, str], str] = {
    ("bad-name", "profile"): "Use for example `icptest icp new {suggestion}`.",
    ("icp-not-named", "none"): "Make a profile first with `icptest icp new NAME`.",
    ("icp-list-empty", "won"): (
        'Name a file with won deals. If "won" is said in other words, say which column tells the '
        'outcome: `--column "outcome=NAME"`.'
    ),
    ("icp-list-empty", "lost"): (
        'Name a file with lost deals. If "lost" is said in other words, say which column tells the '
        'outcome: `--column "outcome=NAME"`.'
    ),
    ("icp-column-missing", "column"): (
        "Write its name in the profile as the list does, or take the filter out."
    ),
}
