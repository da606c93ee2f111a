"""Every sentence that people read, once, written for them.

numbers        how numbers, times and names are written
verdict        the decision and its reasons     next_step   what to do after it
trust          what would have turned the answer
explanation    what `explain` says
checks         what each check found, and the remedy of those that stop
registration   what `new` says           ingestion   what `ingest` says
progress       what `status` says        plan        what `plan` says
commands       the smaller commands
errors         what is wrong and what to do, by error code
reasons        why a row was set aside, why somebody was not drawn
"""
