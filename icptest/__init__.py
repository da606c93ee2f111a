"""icptest."""
