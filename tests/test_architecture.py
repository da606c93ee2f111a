"""Imports run one way, and every heavy library has one home."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import icptest

PACKAGE = Path(icptest.__file__).parent

ORDER = (
    # Words and files.
    *("errors", "spelling", "stats", "reading", "row_text", "csv_lines", "toml_keys", "amounts"),
    # What is registered.
    *("protocol", "events", "labels", "profile", "experiment", "business_days", "workspace"),
    # Lists.
    *("accounts", "attributes", "contacts", "exclusions", "used", "lot", "pool", "draw"),
    *("overlap", "send_lists", "experiment_folder"),
    # The profile.
    "icp",
    # Exports.
    *("record", "sources", "journal", "left", "store", "known_tests", "elsewhere"),
    # The verdict.
    *("coverage", "replies", "outcomes", "tallies", "clustering", "evidence", "levels", "case"),
    *("decision", "bounds", "fragility", "rule_odds", "worth", "pooled"),
    *("checks", "verdict"),
    # What a front end calls.
    *(
        *("baselines", "capacity", "break_even", "plan"),
        "sampling",
        "kin",
        "family",
        "gathering",
        "intake",
        "ingest",
        "register",
        "answers",
        "replay",
        "relatives",
        "assess",
        "extend",
        "edited",
        "progress",
        "traits",
        "parts",
        "explain",
        "kept",
        "past",
        "learned",
        "learn",
    ),
    *("worked", "report", "cli"),
)
"""The flow of the data: a module may import what stands before it.

`reading` knows nothing of tools or tests (it imports `errors` alone), so it stands before the
lists and the sources that are read with it.
"""

ANYONE = frozenset({"__init__", "__main__"})
"""The front doors: the public names, and `python -m icptest`."""

HOME = {
    "sqlmodel": "store",
    "sqlalchemy": "store",
    "alembic": "store",
    "click": "cli",
    "scipy": "stats",
    "statsmodels": "stats",
    "tabulate": "report",
    "jinja2": "report",
}


class Import(NamedTuple):
    """One import of one file."""

    line: int
    name: str
    for_types: bool


def imports_of(source: str, package: str = "icptest") -> list[Import]:
    """Return every import of a module, those inside functions too; relative ones in full.

    Args:
        source: Its text.
        package: The package it stands in.
    """
    found: list[Import] = []

    def visit(node: ast.AST, *, for_types: bool) -> None:
        if isinstance(node, ast.Import):
            found.extend(Import(node.lineno, alias.name, for_types) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parts = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(parts if node.level else ()), *filter(None, [node.module])])
            found.extend(
                Import(node.lineno, f"{base}.{alias.name}", for_types) for alias in node.names
            )
        types = isinstance(node, ast.If) and ast.unparse(node.test) in {
            "TYPE_CHECKING",
            "typing.TYPE_CHECKING",
        }
        for field, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    visit(child, for_types=for_types or (types and field == "body"))

    visit(ast.parse(source), for_types=False)
    return found


def complaints(module: str, source: str, package: str = "icptest") -> list[str]:
    """Return what is wrong with the imports of a module of `ORDER`, `__init__` or `__main__`.

    Args:
        module: The first name below `icptest`: "store" for all of its files.
        source: The text of one file.
        package: The package the file stands in.
    """
    wrong = []
    for line, name, _for_types in imports_of(source, package):
        top, _, rest = name.partition(".")
        other = rest.partition(".")[0]
        if top != "icptest":
            if HOME.get(top, module) != module:
                wrong.append(f"{module}:{line} imports {top}: only {HOME[top]} may")
        elif module in ANYONE or other in {module, ""}:
            if other == "cli" and module not in {"cli", "__main__"}:
                wrong.append(f"{module}:{line} imports cli")
        elif other not in ORDER:
            wrong.append(f"{module}:{line} imports {name}, which has no place in the order")
        elif other == "cli":
            wrong.append(f"{module}:{line} imports cli")
        elif module == "stats":
            wrong.append(f"stats:{line} imports {name}: it knows nothing of icptest")
        elif ORDER.index(other) > ORDER.index(module):
            wrong.append(f"{module}:{line} imports {name}, which comes after it")
    return wrong


def files() -> list[Path]:
    """Return every file of the package but migrations, which alembic runs by itself."""
    return sorted(path for path in PACKAGE.rglob("*.py") if "versions" not in path.parts)


def module_of(path: Path) -> str:
    """Return the first name of a file below the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    """In the order of the flow; type-checking imports too."""
    package = ".".join(("icptest", *path.relative_to(PACKAGE).parts[:-1]))
    assert complaints(module_of(path), path.read_text(encoding="utf-8"), package) == []


def test_every_module_has_a_place_in_the_order() -> None:
    """A new module is put where the flow has it, and a place without one is taken out."""
    there = {module_of(path) for path in files()} - ANYONE
    assert there - set(ORDER) == set()
    assert {"worked"} >= set(ORDER) - there  # on its way
    assert len(ORDER) == len(set(ORDER))


BROKEN = '''
"""A sample that breaks every rule."""
from __future__ import annotations
import click
import scipy.stats as st
from typing import TYPE_CHECKING
from icptest.verdict import judge
from icptest import cli, nothing_here
if TYPE_CHECKING:
    from icptest.report.words import verdict
    from icptest.errors import InputError
else:
    from sqlmodel import SQLModel

def later() -> None:
    from alembic import command
    import tabulate
    from .register import register
'''


def test_a_broken_sample_is_found() -> None:
    """Upward imports, heavy libraries, the command line; inside functions and for types too."""
    found = complaints("outcomes", BROKEN)
    assert [line.partition(" imports ")[2].split(",")[0].split(":")[0] for line in found] == [
        "click",
        "scipy",
        "icptest.verdict.judge",
        "cli",
        "icptest.nothing_here",
        "icptest.report.words.verdict",
        "sqlmodel",
        "alembic",
        "tabulate",
        "icptest.register.register",
    ]
    assert complaints("stats", "from icptest.errors import InputError\nimport scipy\n")
    assert complaints("report", "from icptest.cli import main\nimport tabulate\n")
    assert complaints("__init__", "from icptest.cli import main\n")
    assert not complaints("__main__", "from icptest.cli import main\n")
    assert not complaints("cli", "import click\nfrom icptest.report import data\n")
    relative = "from . import _base\nfrom ..tallies import Tally\nfrom ..verdict import judge\n"
    assert complaints("checks", relative, "icptest.checks") == [
        "checks:3 imports icptest.verdict.judge, which comes after it"
    ]
    assert [
        one.for_types
        for one in imports_of(BROKEN)
        if one.name.split(".")[-1] in {"judge", "verdict", "InputError"}
    ] == [False, True, True]


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("icptest", ("click", "sqlalchemy", "scipy", "alembic", "numpy", "holidays")),
        ("icptest.cli", ("sqlalchemy", "scipy", "alembic", "numpy", "tabulate", "holidays")),
        ("icptest.verdict", ("scipy.stats", "statsmodels", "alembic", "sqlmodel", "click")),
        ("icptest.assess", ("scipy.stats", "statsmodels", "alembic")),
    ],
)
def test_heavy_libraries_are_imported_where_they_are_used(
    module: str, heavy: tuple[str, ...]
) -> None:
    """Start-up is a feature: importing a module does not load what it may never need."""
    code = f"import sys, {module}; print(*[name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
