"""Tests of the command line, and the small world they run in."""
