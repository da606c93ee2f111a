"""What people and programs read.

words/         every sentence, once
data.py        the JSON of a verdict       terminal.py    its page
registration.py  ingestion.py  progress.py  inventory.py   the same for the other commands
failure.py     how an error is said
"""
