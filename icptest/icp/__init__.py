"""The ideal customer profile: a definition that is a filter, held against lists and deals.

criteria.py     what can be asked of a company, each in one line
definition.py   Definition: filters, disqualifiers, triggers, people, who answers for it
definition_file.py  its file, `icp/<name>.toml`
fields.py       what a column can hold, and what it is usually called
columns.py      which column of a list holds what, kept in `icp/columns.toml`
ranges.py phrases.py places.py days.py   what a cell means
judging.py      one criterion against one list: yes, no, or not known
signals.py      which event counts on a day, and until when
binding.py      a definition against the columns of one list
match.py        who is in, who is out because of what: the funnel
match_file.py   their file
customers.py    customers: one account per company, what it was worth, whether it left
best.py         the best of them
shared.py       the columns that two lists share
apart.py bands.py counters.py census.py   a market, its cells turned into numbers
mine.py         what the best share and the market does not, and what of it is luck
questions.py    who took part in the purchases, who came by referral
draft.py        the filters of a draft
"""
