"""The years in which a date can be one of a list test; outside them it is a slip or a filler."""

FIRST_YEAR = 2000
LAST_YEAR = 2100
"""The first year that is too late."""
