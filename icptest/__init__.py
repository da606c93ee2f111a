"""icptest: test a new list against today's list, and learn whether to scale it.

The flow of the data is also the layout; imports run one way, in this order:

    lists -contacts-> Contact -draw-> Assignment -register-> send lists to upload
    exports -sources-> Event + rows set aside -intake, ingest-> store
    Assignment + Event -outcomes-> Outcome -tallies-> Tally
    Tally -evidence (stats)-> Evidence -decision-> Decision; checks -> Check
    Evidence + Checks -verdict-> Verdict -report-> terminal | JSON

    errors, spelling, toml_keys, amounts   what can go wrong; small helps
    events, labels, protocol, experiment   the words, the rules, the registration
    business_days, workspace               the clock, the place
    accounts, attributes, contacts, exclusions, used
                                           who is on a list, and who may be drawn from it
    lot, pool, draw, overlap, send_lists   two fair samples
    record, journal                        what is known of a test; who did what when
    reading/, sources/, store/             files; outreach tools; the database
    coverage, replies, outcomes, tallies   what happened to each contact
    stats/                                 numbers in, results out; imports nothing of icptest
    evidence, decision, checks/, verdict   what it means
    baselines, capacity, break_even, plan  what a test can show, before it is run
    known_tests                            folders and database, which must say the same
    sampling, kin, family, extend          batches of a test, of its kin and its family
    register, gathering, intake, ingest, answers, replay, assess, progress
                                           what a front end calls
    traits, parts, explain                    the lift of a settled test in parts
    kept, past, learned, learn             what finished tests teach
    report/, cli/                          what people see

The names below are loaded when they are first used: `import icptest` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icptest.assess import assess
    from icptest.decision import Answer, Decision
    from icptest.errors import IcptestError
    from icptest.experiment import Arm, Experiment, read_registration
    from icptest.ingest import ingest_file
    from icptest.intake import Said
    from icptest.protocol import Protocol, Rule
    from icptest.register import Request, register
    from icptest.store import Store, open_store
    from icptest.verdict import Verdict
    from icptest.workspace import Workspace, find_workspace, init_workspace

_HOMES = {
    "Answer": "decision",
    "Arm": "experiment",
    "Decision": "decision",
    "Experiment": "experiment",
    "IcptestError": "errors",
    "Protocol": "protocol",
    "Request": "register",
    "Rule": "protocol",
    "Said": "intake",
    "Store": "store",
    "Verdict": "verdict",
    "Workspace": "workspace",
    "assess": "assess",
    "find_workspace": "workspace",
    "ingest_file": "ingest",
    "init_workspace": "workspace",
    "open_store": "store",
    "read_registration": "experiment",
    "register": "register",
}

__all__ = [
    "Answer",
    "Arm",
    "Decision",
    "Experiment",
    "IcptestError",
    "Protocol",
    "Request",
    "Rule",
    "Said",
    "Store",
    "Verdict",
    "Workspace",
    "assess",
    "find_workspace",
    "ingest_file",
    "init_workspace",
    "open_store",
    "read_registration",
    "register",
]


def __getattr__(name: str) -> object:
    """Load a public name from its module on first use (PEP 562)."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
