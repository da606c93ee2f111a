"""Tests: what the program promises, held."""
