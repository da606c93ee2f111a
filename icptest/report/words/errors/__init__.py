"""What is wrong and what to do, for every error code.

Each code has two texts with the facts of the error in braces: what is wrong, and a remedy that
names an option or a command. Where the remedy depends on the case, `BY_CASE` has it.
"""

from icptest.report.words.errors.database import DATABASE
from icptest.report.words.errors.exports import EXPORTS, EXPORTS_BY_CASE
from icptest.report.words.errors.extensions import EXTENSIONS
from icptest.report.words.errors.files import FILES
from icptest.report.words.errors.icp import ICP, ICP_BY_CASE
from icptest.report.words.errors.registrations import REGISTRATIONS
from icptest.report.words.errors.verdicts import VERDICTS

__all__ = ["BY_CASE", "ERRORS"]

ERRORS: dict[str, tuple[str, str]] = {
    **FILES,
    **EXPORTS,
    **REGISTRATIONS,
    **EXTENSIONS,
    **DATABASE,
    **VERDICTS,
    **ICP,
}

BY_CASE: dict[tuple[str, str], str] = {
    **EXPORTS_BY_CASE,
    **ICP_BY_CASE,
    ("folder-not-writable", "init"): (
        "Choose another folder with `icptest init FOLDER`, or ask for the right to write there."
    ),
    ("folder-not-writable", "demo"): (
        "Choose another folder with `icptest demo --into FOLDER`, or ask for the right to write "
        "there."
    ),
}
"""Remedies that differ by the fact `case` of the error, by code and case."""
