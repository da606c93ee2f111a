"""Executed pages as steps: commands, what the page says they print, and how the two compare.

In a ```console block a line that begins with `$ ` is a command (folded with a backslash if
long), the lines below it are its output. `...` alone on a line stands for any lines, and
inside a line for anything: a folder of this machine, today's date.

    python -m tests.end_to_end.tutorial      # after a sentence has changed: write it down anew
"""

from __future__ import annotations

import re
import shlex
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .conftest import icptest

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = DOCS / "tutorial" / "first-test.md"
PROFILE = DOCS / "tutorial" / "from-customers-to-a-verdict.md"
EXECUTED = (PAGE, PROFILE, DOCS / "how-to" / "plan-a-test.md")
"""The pages whose commands are run, each in a folder of its own."""
BLOCK = re.compile(r"^```console\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
DOTS = "..."


@dataclass(frozen=True, kw_only=True)
class Step:
    """A command of the page and what it prints.

    Attributes:
        command: As it is run.
        written: As it stands on the page, without the prompt.
        output: The lines below it.
    """

    command: str
    written: str
    output: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Run:
    """A step that was run."""

    step: Step
    got: tuple[str, ...]
    code: int


def steps_of(block: str) -> list[Step]:
    """Return the commands of a console block in their order."""
    steps = []
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        n_folded = next(number for number, line in enumerate(lines) if line[-1:] != "\\") + 1
        written = "\n".join(lines[:n_folded])
        command = written.replace("\\\n", " ")
        steps.append(Step(command=command, written=written, output=tuple(lines[n_folded:])))
    return steps


def run_page(text: str, start: Path) -> list[Run]:
    """Run every command of a page, from an empty folder on."""
    runs, where = [], start
    for block in BLOCK.findall(text):
        for step in steps_of(block):
            if step.command.startswith("cd "):
                where = (where / step.command.removeprefix("cd ")).resolve(strict=True)
                runs.append(Run(step=step, got=(), code=0))
                continue
            got, code = _run(step.command, where)
            lines = [line.rstrip() for line in got.rstrip("\n").split("\n")] if got.strip() else []
            runs.append(Run(step=step, got=tuple(lines), code=code))
    return runs


def matches(wanted: tuple[str, ...], got: tuple[str, ...]) -> bool:
    """Whether an output is what the page shows of it."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == DOTS else f"{_loose(line)}\n" for line in wanted
    )
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in got)) is not None


def refreshed(text: str, start: Path) -> str:
    """Return the page with the output its commands have now; the dots stay where they were."""
    runs = iter(run_page(text, start))

    def again(found: re.Match[str]) -> str:
        lines = []
        for step in steps_of(found[1]):
            lines += [f"$ {step.written}", *_with_dots(step.output, next(runs).got)]
        return "\n".join(["```console", *lines, "```"])

    return BLOCK.sub(again, text)


def _loose(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.rstrip().split(DOTS))


def _run(command: str, where: Path) -> tuple[str, int]:
    words = shlex.split(command)
    if words[0] == "icptest":
        said = icptest(where, *words[1:])
        return said.out + said.err, said.code
    done = subprocess.run(
        ["/bin/sh", "-c", command],
        cwd=where,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout, done.returncode


def _with_dots(old: tuple[str, ...], got: tuple[str, ...]) -> list[str]:
    """Return the new output, left out where the old one was: between the same two lines."""
    if matches(old, got):
        return list(old)
    loose = [line for line in old if DOTS in line and line.strip() != DOTS]
    lines = [
        next((kept for kept in loose if re.fullmatch(_loose(kept), line)), line) for line in got
    ]
    for place, line in enumerate(old):
        if line.strip() != DOTS:
            continue
        before, after = old[:place][-1:], old[place + 1 :][:1]
        start = lines.index(before[0]) + 1 if before and before[0] in lines else place
        end = lines.index(after[0], start) if after and after[0] in lines[start:] else None
        lines[start:end] = [DOTS]
    return lines


if __name__ == "__main__":
    for page in EXECUTED:
        with tempfile.TemporaryDirectory() as folder:
            page.write_text(
                refreshed(page.read_text(encoding="utf-8"), Path(folder)), encoding="utf-8"
            )
