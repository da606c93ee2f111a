"""A fault of our own is told in one message, and shown in full to whoever asks."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from icptest.cli import main, sources


def _broken() -> None:
    raise LookupError("no such thing")


def test_a_fault_of_our_own_is_one_message(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says whose fault it is and what to do, without a traceback, and exits with 1."""
    monkeypatch.setattr(sources, "all_sources", _broken)
    done = CliRunner().invoke(main, ["sources"])
    assert done.exit_code == 1
    assert "error[internal]" in done.stderr
    assert "LookupError: no such thing" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_whoever_asks_sees_where(monkeypatch: pytest.MonkeyPatch) -> None:
    """With ICPTEST_DEBUG the fault itself comes out."""
    monkeypatch.setattr(sources, "all_sources", _broken)
    monkeypatch.setenv("ICPTEST_DEBUG", "1")
    with pytest.raises(LookupError, match="no such thing"):
        CliRunner().invoke(main, ["sources"], catch_exceptions=False)
