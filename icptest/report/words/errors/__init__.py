"""What is wrong and what to do, for every error code.

Each code has two texts with the facts of the error in braces: what is wrong, and a remedy that
names an option or a command. Where the remedy depends on the case, `BY_CASE` has it.
"""

from icptest.report.words.errors.database import DATABASE
from icptest.report.words.errors.exports import BY_CASE, EXPORTS
from icptest.report.words.errors.extensions import EXTENSIONS
from icptest.report.words.errors.files import FILES
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
}
