"""From two lists to a verdict: the worked experiments, the demo, the tutorial."""
