"""The package as others import it: light, complete, and with words for all it can say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import icptest.reading
from icptest.report.words.errors import ERRORS
from icptest.report.words.reasons import REASONS

FOLDER = Path(icptest.reading.__file__).parent
SOURCE = "\n".join(file.read_text("utf-8") for file in sorted(FOLDER.glob("*.py")))


def test_every_public_name_can_be_imported() -> None:
    """Each name of `__all__` is there, and shown by dir."""
    for name in icptest.reading.__all__:
        assert getattr(icptest.reading, name) is not None
        assert name in dir(icptest.reading)
    assert not hasattr(icptest.reading, "nothing")


def test_importing_is_light() -> None:
    """Reading a CSV file imports nothing but the standard library and icptest."""
    code = (
        "import sys, icptest.reading as r; r.open_table, r.parse_time;"
        "import icptest.reading.csv_file, icptest.reading.json_file, icptest.reading.xlsx_file;"
        "print([m for m in sys.modules if m.split('.')[0] not in sys.stdlib_module_names"
        " and not m.startswith(('icptest', '_', 'sitecustomize')) and m != 'python_calamine'])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=FOLDER.parents[1],
    )
    assert done.stdout.strip() == "[]"


def test_every_code_and_reason_has_its_words() -> None:
    """Whatever the package raises or sets aside can be said to people."""
    codes = set(re.findall(r'InputError\(\s*"([a-z-]+)"', SOURCE))
    assert {"wrong-encoding", "missing-zone", "not-a-table"} <= codes
    assert codes | {"empty-file", "broken-header"} <= set(ERRORS)
    raised = r'(?:_bad|_rest|_broken|RefusedError|UnusableRowError)\(\s*"([a-z-]+)"'
    chosen = r'(?:return|reason =|odd\.append\() ?"([a-z]+(?:-[a-z]+)+)"'
    reasons = set(re.findall(raised, SOURCE)) | set(re.findall(chosen, SOURCE))
    reasons = {reason for reason in reasons if not reason.startswith("utf-")}
    assert {"broken-quote", "duplicate-key", "bad-date", "nul-byte"} <= reasons
    assert reasons <= set(REASONS)
