"""The documentation says what the program does: nothing missing, nothing stale, nothing dead."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest
from click.testing import CliRunner

from icptest.checks import CODES
from icptest.cli import COMMANDS, main
from icptest.cli.icp import ICP_COMMANDS
from icptest.cli.icp import command as icp
from icptest.experiment import DrawRules, Experiment
from icptest.profile import Profile
from icptest.protocol import Protocol, Rule
from icptest.report.words.checks import REMEDIES
from icptest.report.words.errors import ERRORS
from icptest.report.words.reasons import LEFT_OUT, REASONS
from icptest.stats import Prior

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
NAMES = (*COMMANDS, *(f"icp {name}" for name in ICP_COMMANDS))
"""Every command as it is typed."""
RAISED = {
    "InputError",
    "RegistrationError",
    "WorkspaceError",
    "StoreError",
    "Refusal",
}
SET_ASIDE = "UnusableRowError"

# Codes that no literal in icptest/ names, each with the reason why it has words all the same.
NAMED_ELSEWHERE: dict[str, str] = {}
# Reasons likewise.
REASONS_NAMED_ELSEWHERE: dict[str, str] = {}

_FENCE = re.compile(r"^(`{3,})(\w*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_ADDRESS = re.compile(r"[\w.+-]+@((?:[\w-]+\.)+[A-Za-z][\w-]*)")
_RESERVED = (
    ".example",
    ".test",
    ".invalid",
    ".localhost",
    "example.com",
    "example.net",
    "example.org",
)
# In tests/ only: what free mail and a suffix of two parts are cannot be shown with reserved names.
_NEEDED_BY_TESTS = ("@gmail.com", ".co.uk")


def blocks(page: Path, language: str) -> list[str]:
    """Return the fenced blocks of a page in a language."""
    text = page.read_text(encoding="utf-8")
    return [body for _, found, body in _FENCE.findall(text) if found == language]


def anchors(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub makes them."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-") for heading in headings
    }


def sections(page: Path) -> dict[str, str]:
    """Return the text under each heading of the second level."""
    parts = re.split(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def help_of(name: str) -> str:
    """Return what a command's --help prints."""
    result = CliRunner().invoke(main, [*name.split(), "--help"])
    assert result.exit_code == 0, result.output
    return result.stdout


def command_of(name: str) -> click.Command:
    """Return a command by how it is typed."""
    group = icp if name.startswith("icp ") else main
    command = group.get_command(click.Context(group), name.rsplit(maxsplit=1)[-1])
    assert command is not None
    return command


def calls() -> Iterator[ast.Call]:
    """Return every call in icptest/."""
    for path in sorted((ROOT / "icptest").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield node


def literals(node: ast.expr) -> set[str]:
    """Return the texts an expression can be: a literal, or either side of an `if`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return {node.value}
    if isinstance(node, ast.IfExp):
        return literals(node.body) | literals(node.orelse)
    return set()


def name_of(call: ast.Call) -> str:
    """Return the name of what is called, without its module."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def words_in_code() -> set[str]:
    """Return every text literal of icptest/, the words of errors and reasons left out."""
    found = set()
    for path in sorted((ROOT / "icptest").rglob("*.py")):
        if "words" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


def shell_commands(page: Path) -> list[str]:
    """Return the icptest commands that a page tells to type."""
    found = []
    for block in blocks(page, "console"):
        joined = block.replace("\\\n", " ")
        found += [line[2:] for line in joined.splitlines() if line.startswith("$ icptest")]
    return found


# --- commands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_help_with_an_example_and_a_section(name: str) -> None:
    """A command's help shows how it is typed, and the reference repeats it."""
    text = help_of(name)
    assert f"icptest {name}" in text.partition("Example:")[2], "help without an example"
    assert f"icptest {name}" in sections(DOCS / "reference" / "cli.md")


@pytest.mark.parametrize("name", NAMES)
def test_the_summary_is_the_first_line_of_the_help(name: str) -> None:
    """What `icptest --help` says of a command is what the command says of itself."""
    command = command_of(name)
    table = ICP_COMMANDS if name.startswith("icp ") else COMMANDS
    assert table[name.rsplit(maxsplit=1)[-1]][1] == (command.help or "").strip().splitlines()[0]


@pytest.mark.parametrize("name", NAMES)
def test_every_option_says_what_it_does(name: str) -> None:
    """An option without a help text is a riddle."""
    command = command_of(name)
    riddles = [
        option.opts[0]
        for option in command.params
        if isinstance(option, click.Option) and not option.help
    ]
    assert riddles == []


def test_generated_pages_are_up_to_date() -> None:
    """The pages the code knows are what `python docs/generate.py` writes now."""
    done = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


# --- errors and reasons -----------------------------------------------------------------------


def test_every_error_that_is_raised_has_its_words() -> None:
    """No error reaches a person without a sentence and a remedy."""
    raised = {
        code
        for call in calls()
        if name_of(call) in RAISED and call.args
        for code in literals(call.args[0])
    }
    assert set() == raised - ERRORS.keys()


def test_no_error_is_dead() -> None:
    """Every error code that has words can occur."""
    dead = ERRORS.keys() - words_in_code() - NAMED_ELSEWHERE.keys()
    assert set() == dead
    assert set() == NAMED_ELSEWHERE.keys() - ERRORS.keys()


def test_every_reason_that_is_given_has_its_words() -> None:
    """No row is set aside or left out for a reason that nobody explains."""
    given = set()
    for call in calls():
        if name_of(call) == SET_ASIDE and call.args:
            given |= literals(call.args[0])
        for keyword in call.keywords:
            if keyword.arg in {"reason", "note"} and name_of(call) in {
                "BadRow",
                "RowProblem",
                "Reading",
                SET_ASIDE,
            }:
                given |= literals(keyword.value)
    assert set() == given - REASONS.keys() - LEFT_OUT.keys()


def test_no_reason_is_dead() -> None:
    """Every reason that has words can occur."""
    known = words_in_code()
    assert set() == REASONS.keys() - known - REASONS_NAMED_ELSEWHERE.keys()
    assert set() == LEFT_OUT.keys() - known - REASONS_NAMED_ELSEWHERE.keys()


@pytest.mark.parametrize("code", sorted(ERRORS))
def test_a_remedy_is_a_sentence_that_names_commands_that_exist(code: str) -> None:
    """A remedy ends like a sentence, and what it says to type is a command of icptest."""
    message, remedy = ERRORS[code]
    assert message.strip()
    assert remedy.strip()
    for command in re.findall(r"`icptest ([a-z-]+)", message + remedy):
        assert command in COMMANDS


# --- checks, registration ---------------------------------------------------------------------


def test_every_check_has_its_section_in_the_order_of_a_report() -> None:
    """checks.md names all checks and no other, and repeats the remedy of those that stop."""
    found = sections(DOCS / "reference" / "checks.md")
    assert list(CODES) == list(found)
    for code, remedy in REMEDIES.items():
        assert remedy in found[code], code
        assert "- Stop:" in found[code], code
    assert set(REMEDIES) == {code for code in found if "- Stop:" in found[code]}


def test_the_registration_page_has_every_key() -> None:
    """registration.md explains every key a registration can have, with its default."""
    page = DOCS / "reference" / "registration.md"
    text = page.read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| (`[^|]+`) ", text, re.MULTILINE))
    explained = {key for cell in explained for key in re.findall(r"`([a-z0-9_-]+)`", cell)}
    example = tomllib.loads(blocks(page, "toml")[0])
    keys = {key for key in example if not isinstance(example[key], dict)}
    protocol = Protocol().to_mapping()
    draw = set(DrawRules.__dataclass_fields__)
    assert set() == (keys | protocol.keys() | draw | {str(rule) for rule in Rule}) - explained
    assert protocol.keys() == example["protocol"].keys()
    assert draw == example["draw"].keys()
    known = Experiment.__dataclass_fields__.keys()
    elsewhere = {"control", "segment", "positive_labels", "protocol", "draw", "prior", "icp"}
    elsewhere.add("prior_from")  # in [prior], as learned_from
    assert {f.name for f in fields(Profile)} <= explained
    assert set(Prior.__dataclass_fields__) == example["prior"].keys()
    assert example["prior"].keys() <= explained
    assert known - elsewhere == keys
    for name, value in protocol.items():
        if name != "control_size":
            said = f'"{value}"' if isinstance(value, str) else str(value)
            assert f"| `{name}` | `{said}` |" in text


def test_the_example_registration_can_be_registered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The complete example of registration.md is one: `icptest new FILE.toml` takes it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ICPTEST_WORKSPACE", raising=False)
    for name, letter in (("today", "c"), ("narrowed", "s")):
        rows = "".join(f"p{n}@{letter}{n:02}.example\n" for n in range(30))
        (tmp_path / f"{name}.csv").write_text("Email\n" + rows, encoding="utf-8")
    example = blocks(DOCS / "reference" / "registration.md", "toml")[0]
    (tmp_path / "my-test.toml").write_text(example, encoding="utf-8")
    for arguments in (["init", "--timezone", "UTC"], ["new", "my-test.toml"]):
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == 0, result.output
    written = tmp_path / "experiments" / "hubspot-new-vp" / "experiment.toml"
    kept = tomllib.loads(written.read_text(encoding="utf-8"))
    asked = tomllib.loads(example)
    assert asked["protocol"] == kept["protocol"]
    assert kept["arms"]["segment"]["assigned"] == 20


# --- pages ------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    """A relative link names a file that is there, and a heading that it has."""
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists() or (anchor and anchor not in anchors(path)):
            broken.append(target)
    assert broken == []


def test_every_page_is_on_the_map() -> None:
    """index.md leads to every page but itself."""
    linked = {
        (DOCS / target.partition("#")[0]).resolve()
        for target in _LINK.findall((DOCS / "index.md").read_text(encoding="utf-8"))
        if not re.match(r"[a-z]+:", target)
    }
    assert set() == set(DOCS.rglob("*.md")) - linked - {DOCS / "index.md"}


@pytest.mark.parametrize("page", sorted((DOCS / "how-to").glob("*.md")), ids=lambda page: page.stem)
def test_a_how_to_has_a_goal_and_ends_in_verifying_it(page: Path) -> None:
    """A how-to says what for, and how one sees that it worked."""
    assert "\nGoal: " in page.read_text(encoding="utf-8")
    assert list(sections(page))[-1] == "Verify it"


def commands_of_pages() -> list[tuple[str, str]]:
    """Return every command that a page of prose tells to type."""
    pages = [
        page
        for page in PAGES
        if "tutorial" not in page.parts and page.name not in {"cli.md", "errors.md"}
    ]
    return [(page.stem, command) for page in pages for command in shell_commands(page)]


@pytest.mark.parametrize(("page", "line"), commands_of_pages())
def test_every_command_in_the_docs_parses(page: str, line: str) -> None:
    """Click accepts the command, its options and its arguments; nothing is run."""
    _, *words = shlex.split(line, comments=True)
    if words[0] in {"--help", "--version"}:
        return
    with click.Context(main, info_name="icptest") as group:
        command = main.get_command(group, words[0])
        assert command is not None, page
        with command.make_context(words[0], words[1:], parent=group):
            pass


def test_every_mapping_in_the_docs_can_be_read() -> None:
    """A mapping that a page shows is one that `--map` takes."""
    from icptest.sources.generic import from_toml  # noqa: PLC0415 - only this test reads one

    shown = [
        block for page in PAGES for block in blocks(page, "toml") if "icptest.mapping/1" in block
    ]
    assert shown
    for block in shown:
        assert from_toml(block).email


def test_no_address_outside_reserved_domains() -> None:
    """Nobody's real address stands anywhere in the repository."""
    listed = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"],
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    real = set()
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError, IsADirectoryError):
            continue
        real |= {
            (name, found.group())
            for found in _ADDRESS.finditer(text)
            if not found.group(1).lower().endswith(_RESERVED)
            and not (name.startswith("tests/") and found.group().endswith(_NEEDED_BY_TESTS))
        }
    assert set() == real
