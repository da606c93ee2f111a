"""What people and programs read.

words/         every sentence, once
data.py        the JSON of a verdict       terminal.py    its page
registration.py  plan.py  ingestion.py  progress.py  inventory.py  explanation.py
                                           for the other commands
failure.py     how an error is said
"""
