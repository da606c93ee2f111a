"""Tests of the profile: what it asks, and what a list answers."""
