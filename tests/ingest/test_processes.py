"""Several processes at once, and processes that are stopped."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest

from tests.cli.world import AFTER, NAME, POSITIVE, Fate, World, run_process

AT = ("--exported-at", AFTER)
ENVIRONMENT = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}


def _start(world: World, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "icptest", *words],
        cwd=world.root,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_two_processes_at_once(world: World) -> None:
    """Four processes that read two files in at once leave what one would: each file once."""
    story = world.story(control=[POSITIVE], segment=[POSITIVE] * 9)
    both = [world.statistics(story, name="a.json").name, world.leads(story, name="b.csv").name]
    running = [_start(world, "ingest", NAME, *files, *AT) for files in (both, both[::-1]) * 2]
    for process in running:
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said) == (0, "")
    assert sorted(one["file"] for one in world.json("show", NAME)["files"]) == sorted(both)
    told = world.verdict()
    assert told["decision"] == "scale"
    assert told["arms"]["segment"]["positive"] == 9
    assert world.json("log")["intact"] is True


def _interrupt(world: World, name: signal.Signals) -> tuple[int, str]:
    """Send a signal to an ingest that waits for the database; return its exit code and stderr."""
    path = world.statistics(world.story())
    with closing(sqlite3.connect(world.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        process = _start(world, "ingest", NAME, path.name, *AT)
        time.sleep(1.5)
        assert process.poll() is None
        process.send_signal(name)
        time.sleep(0.2)
        other.execute("ROLLBACK")
        _, said = process.communicate(timeout=60)
    return process.returncode, said


def test_ctrl_c(world: World) -> None:
    """Ctrl-C ends a command with 130 and one sentence; the file is whole in the test or not."""
    code, said = _interrupt(world, signal.SIGINT)
    assert "Traceback" not in said
    assert code == 130
    assert said == (
        "\n\nStopped. What was not finished was not stored; `icptest log` shows what was.\n"
    )
    assert world.json("show", NAME)["files"] == []
    assert world.ingest(world.statistics(world.story()))["rows"]["added"] == 60


def test_terminated(world: World) -> None:
    """SIGTERM ends a command at once, and leaves the test as it was."""
    code, said = _interrupt(world, signal.SIGTERM)
    assert (code, said) == (-signal.SIGTERM, "")
    assert world.json("show", NAME)["files"] == []


def test_closed_pipe(world: World) -> None:
    """A reader that closes the pipe ends a command with 141, without a word."""
    for words in (("log",), ("sources", "--json"), ("--help",), ("verdict", "sprin", "--json")):
        process = _start(world, *words)
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
        process.stderr.close()
        assert (process.wait(timeout=60), said) == (141, "")
    world.settle()
    shell = f"{sys.executable} -m icptest log | head -1"
    done = subprocess.run(
        ["sh", "-c", shell],
        cwd=world.root,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "new spring" in done.stdout


FULL = "> /dev/full"
READ_ONLY = "< /dev/null 1>&0"
CLOSED = ">&-"
NEW = "new fall --control today.csv --segment narrowed.csv --size 20"


@pytest.mark.parametrize(
    ("words", "target", "unbuffered"),
    [
        *(
            (words, FULL, "")
            for words in (
                *("--help", "--version", "new --help", "list", "list --json", "status"),
                *(f"status {NAME} --json", f"verdict {NAME}", f"show {NAME} --json", "log --json"),
                *("sources", f"set-aside {NAME}", "demo", NEW, "init elsewhere --timezone UTC"),
                f"ingest {NAME} statistics.json --exported-at {AFTER}",
                f"map-label {NAME} --from smartlead Soon positive_reply",
            )
        ),
        *(
            (words, target, unbuffered)
            for words in ("--help", "log --json", NEW)
            for target, unbuffered in ((FULL, "1"), (READ_ONLY, ""), (CLOSED, ""))
        ),
    ],
)
def test_output_that_cannot_be_written(
    world: World, words: str, target: str, unbuffered: str
) -> None:
    """A full disk or a closed stdout is one message on stderr and exit code 1."""
    world.statistics(world.story())
    done = _shell(world, f"{words} {target}", unbuffered)
    code = "output-closed" if target == CLOSED else "output-failed"
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"icptest: error[{code}]\n")
    assert done.stderr.count("\n") == 3


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_failure_that_cannot_be_printed_either(world: World, unbuffered: str) -> None:
    """A command that fails is told of once, and where nothing can be told, by its exit code."""
    said = world.run("verdict", "sprin").stderr
    done = _shell(world, f"verdict sprin --json {FULL}", unbuffered)
    assert (done.returncode, done.stderr) == (1, said)
    for words, code in (("verdict sprin", 1), ("verdict --nonsense", 2)):
        done = _shell(world, f"{words} 2{FULL}", unbuffered)
        assert (done.returncode, done.stderr) == (code, "")


def test_nothing_is_done_that_cannot_be_told(world: World) -> None:
    """With a closed stdout nothing is registered; on a full disk it is, and the message is true."""
    assert _shell(world, f"{NEW} {CLOSED}").returncode == 1
    assert [one["experiment"] for one in world.json("list")["experiments"]] == [NAME]
    done = _shell(world, f"{NEW} {FULL}")
    assert "`icptest log`" in done.stderr
    assert "new fall" in world.run("log").stdout


def _shell(world: World, line: str, unbuffered: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of a shell in the workspace."""
    return subprocess.run(
        ["bash", "-c", f"{sys.executable} -m icptest {line}"],
        cwd=world.root,
        env={**ENVIRONMENT, "PYTHONUNBUFFERED": unbuffered},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_plain_terminal(world: World) -> None:
    """A letter the terminal lacks is a question mark, in JSON an escape; LANG=C is no matter."""
    path = world.root / "rule.toml"
    text = (world.folder / "experiment.toml").read_text(encoding="utf-8")
    text = text.replace('name = "spring"', 'name = "zoe"').replace('owner = "Ada"', 'owner = "Zoł"')
    text = text.replace("lists/control", "today").replace("lists/segment", "narrowed")
    path.write_text(text, encoding="utf-8")
    world.run("new", path)
    plain = {"PYTHONUTF8": "0", "PYTHONIOENCODING": "latin-1"}
    done = run_process(world.root, "show", "zoe", environment=plain)
    assert (done.returncode, done.stderr) == (0, "")
    assert "owner            Zo?" in done.stdout
    done = run_process(world.root, "show", "zoe", "--json", environment=plain)
    assert r'"owner": "Zo\u0142"' in done.stdout
    for environment in ({"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}):
        done = run_process(world.root, "show", "zoe", environment=environment)
        assert (done.returncode, done.stderr) == (0, "")


def test_no_terminal_is_asked_nothing(world: World) -> None:
    """Without a terminal a question is an error with the option that answers it."""
    path = world.sheet({one: Fate() for one in world.everyone()})
    process = _start(world, "ingest", NAME, path.name, "--from", "generic", *AT)
    told, said = process.communicate(timeout=60)
    assert (process.returncode, told) == (1, "")
    assert "error[mapping-needed]" in said
    assert "`--from generic --yes`" in said


def test_a_terminal_is_asked(world: World) -> None:
    """At a terminal the guessed mapping is shown and a "y" is enough; it is not asked again."""
    path = world.sheet({one: Fate() for one in world.everyone()})
    for typed, code in (("n\n", 1), ("y\n", 0), ("", 0)):
        ours, theirs = os.openpty()
        process = subprocess.Popen(
            [sys.executable, "-m", "icptest", "ingest", NAME, path.name, "--from", "generic", *AT],
            cwd=world.root,
            env=ENVIRONMENT,
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        os.write(ours, typed.encode())
        told, said = process.communicate(timeout=60)
        os.close(ours)
        os.close(theirs)
        assert process.returncode == code, said
        assert ("Is that right?" in told + said) == bool(typed)
        assert (told + said).count("  e-mail address        <- Email") <= 2
