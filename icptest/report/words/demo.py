"""What the demo says around the commands it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.report.words.numbers import WIDTH, wrap

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from icptest.worked import Worked

ELIDED = "  ..."
RULE = "-" * WIDTH
_PARTS = {"new": 5}
_PARTS_IN_SHORT = {"new": 0, "verdict": 2}


def intro(n_tests: int) -> str:
    """Return what is about to happen."""
    return wrap(
        f"{_NUMBERS.get(n_tests, str(n_tests))} tests, from two lists to a verdict. People, "
        "companies and answers are invented; the commands and what they say are real. After the "
        "first test, what they say is cut short."
    )


def heading(worked: Worked, n_tests: int) -> str:
    """Return the line above a test, and what it shows."""
    title = f"--- {worked.place} of {n_tests}: {worked.name} "
    return f"{title:-<{WIDTH}}\n{wrap(worked.shows)}"


def shell(words: Sequence[str]) -> str:
    """Return a command as a person types it, folded so that it can be pasted."""
    lines, line = [], "$ icptest"
    for word in _kept_together(words):
        if len(line) + len(word) + 3 > WIDTH:
            lines.append(f"{line} \\")
            line = f"    {word}"
        else:
            line += f" {word}"
    return "\n".join([*lines, line])


def excerpt(command: str, said: str, *, in_full: bool) -> str:
    """Return what is shown of a command's output, with a mark where more was cut off.

    The first test is shown nearly in full, of the others only where the rows went and the
    answer. "Next" is left out: the next command follows anyway.
    """
    parts = [part for part in said.strip("\n").split("\n\n") if not part.startswith("Next:")]
    limits = _PARTS if in_full else _PARTS_IN_SHORT
    shown = parts[: limits.get(command, len(parts))]
    if command == "ingest" and not in_full:
        return "\n".join(part.partition("\nPeople of")[0] for part in shown)
    if shown and len(shown) < len(parts):
        shown[-1] += f"\n{ELIDED}"
    return "\n\n".join(shown)


def ending(path: str, label_command: Sequence[str], verdict_command: Sequence[str]) -> str:
    """Return where the workspace is and what to do in it."""
    return "\n".join(
        [
            wrap("The workspace stays, for you to try things out. Go there, and look around:"),
            f"  cd {path}",
            "  icptest show hubspot-new-vp",
            "",
            wrap('Say what "Send info" means, and the last test has its verdict:'),
            *(shell(words).replace("$ ", "  ", 1) for words in (label_command, verdict_command)),
            "",
            wrap("Then test a list of your own, in a folder of your own:"),
            "  icptest init",
        ]
    )


def _kept_together(words: Iterable[str]) -> list[str]:
    """Return quoted words, an option and its value as one."""
    together: list[str] = []
    for word in words:
        quoted = f'"{word}"' if " " in word else word
        option = together[-1] if together else ""
        if option.startswith("--") and " " not in option and option not in _FLAGS:
            together[-1] = f"{option} {quoted}"
        else:
            together.append(quoted)
    return together


_FLAGS = {"--yes", "--sending-done"}
_NUMBERS = {5: "Five", 6: "Six", 7: "Seven"}
