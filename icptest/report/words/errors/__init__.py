"""What is wrong and what to do, for every error code.

Each code has two texts with the facts of the error in braces: what is wrong, and a remedy that
names an option or a command.
"""

from icptest.report.words.errors.database import DATABASE
from icptest.report.words.errors.exports import EXPORTS
from icptest.report.words.errors.extensions import EXTENSIONS
from icptest.report.words.errors.files import FILES
from icptest.report.words.errors.registrations import REGISTRATIONS
from icptest.report.words.errors.verdicts import VERDICTS

__all__ = ["ERRORS"]

ERRORS: dict[str, tuple[str, str]] = {
    **FILES,
    **EXPORTS,
    **REGISTRATIONS,
    **EXTENSIONS,
    **DATABASE,
    **VERDICTS,
}
