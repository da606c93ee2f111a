"""The ideal customer profile: a definition that is a filter, held against lists and deals.

The definition:

criteria.py     what can be asked of a company, each in one line
definition.py   Definition: filters, disqualifiers, triggers, people, who answers for it
definition_file.py definition_keys.py definition_text.py   its file, `icp/<name>.toml`
reviews.py      which definitions somebody must look at again

What a list says:

fields.py       what a column can hold, and what it is usually called
columns.py      which column of a list holds what, kept in `icp/columns.toml`
ranges.py phrases.py places.py days.py   what a cell means
companies.py    by what rows of different lists are known to be of one company
judging.py      one criterion against one list: yes, no, or not known
signals.py      which event counts on a day, and until when
binding.py      a definition against the columns of one list

A definition against a list:

match.py        who is in, who is out because of what: the funnel
match_file.py   their file
segment.py      the new list of a test, made so
narrow.py diff.py   a narrower definition, and two against one list
findings.py evidence.py lint.py   what is wrong with a definition

Against deals:

outcome.py deal_days.py deals.py joined.py   deals: won or lost, when, and what is known of them
panel.py asked_of.py backtest.py   won, lost and the market, each company counted once
trend.py customer_attributes.py churn.py drift.py   what has changed

What the best customers share:

customers.py    customers: one account per company, what it was worth, whether it left
best.py         the best of them
shared.py       the columns that two lists share
apart.py bands.py counted.py counters.py census.py   a market, its cells turned into numbers
pattern.py pairs.py mine.py   what the best share and the market does not, and its luck
questions.py    who took part in the purchases, who came by referral
draft.py        the filters of a draft
"""
