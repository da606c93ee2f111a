"""Tests of the checks of validity."""
