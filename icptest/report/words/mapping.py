"""How a guessed mapping of columns and labels is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from icptest.report.words.numbers import wrap
from icptest.row_text import shown
from icptest.sources.generic import to_toml

if TYPE_CHECKING:
    from icptest.sources.generic import Mapping

ROLES = {
    "email": "e-mail address",
    "linkedin": "LinkedIn profile",
    "sent_at": "first mailed at",
    "sent": "was mailed",
    "last_contacted_at": "last mailed at",
    "replied_at": "first replied at",
    "replied": "replied",
    "label": "label of the reply",
    "bounced": "bounced",
    "bounced_at": "bounced at",
    "unsubscribed": "unsubscribed",
    "meeting_at": "meeting booked at",
    "campaign": "campaign",
    "step": "step of the sequence",
    "event": "what happened",
    "event_at": "when it happened",
    "event_id": "id of the event",
}


NO_SENDS = "No column says who was mailed, or when: nobody would count as mailed."


def guess_text(mapping: Mapping) -> str:
    """Return which column is read as what, and what each label means."""
    lines = [f"  {ROLES[role]:<22}<- {column}" for role, column in mapping.columns().items()]
    for word, meaning in (*mapping.labels.items(), *mapping.events.items()):
        said = str(meaning).replace("_", " ")
        lines.append(f'  "{word}" means {said}')
    if not {"sent_at", "sent", "last_contacted_at", "event"} & mapping.columns().keys():
        lines.append(f"  {NO_SENDS}")
    return "\n".join(lines)


def shown_mapping(file: str, mapping: Mapping) -> str:
    """Return how a table of no known tool is read, with its heading."""
    said = f"{file}: a table of no known tool; its columns are read so:\n{guess_text(mapping)}\n"
    return shown(said)


def mapping_question() -> str:
    """Return the question under a guessed mapping."""
    return "Is that right? It is kept, and not asked again for tables with these columns."


def mapping_toml(mapping: Mapping) -> str:
    """Return the mapping as the file that --map takes."""
    others = ", ".join(role for role in ROLES if role not in mapping.columns())
    hint = wrap(f"Under [columns] you can also name: {others}", first="# ", indent="#   ")
    return f"{to_toml(mapping).rstrip()}\n{hint}"
