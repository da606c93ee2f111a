"""`icptest map-label`."""

from __future__ import annotations

import click

from icptest.assess import labels_seen
from icptest.cli._common import json_option, loaded, now, print_json, say, user, workspace_option
from icptest.errors import InputError
from icptest.events import EventKind
from icptest.journal import make_entry
from icptest.labels import LABEL_KINDS, label_key
from icptest.report.words.commands import mapped_data, mapped_text, unseen_label_text
from icptest.sources import find_source
from icptest.spelling import nearest


@click.command("map-label")
@click.argument("name")
@click.argument("label")
@click.argument("kind")
@click.option("--from", "source", required=True, metavar="SOURCE", help="The tool that sets it.")
@workspace_option
@json_option
def command(
    name: str, label: str, kind: str, source: str, workspace: str | None, as_json: bool
) -> None:
    """Say what a reply label means in a test.

    KIND is positive_reply, negative_reply, neutral_reply, out_of_office, unsubscribed,
    meeting_booked, meeting_held, meeting_no_show, meeting_canceled, bounced, or replied (a
    reply nobody has judged).

    Example: icptest map-label hubspot-new-vp --from smartlead "Call Booked" meeting_booked
    """
    meaning = _require_kind(kind)
    tool = find_source(source).name
    with loaded(workspace, name, write=True) as test:
        at = now()
        entry = make_entry(
            at=at,
            user=user(),
            experiment=name,
            action="map-label",
            source=tool,
            label=label,
            kind=str(meaning),
        )
        test.store.map_label(
            test.registered.experiment_id,
            source=tool,
            label_key=label_key(label),
            kind=meaning,
            at=at,
            entry=entry,
        )
        seen = labels_seen(test.store.record(test.registered.experiment_id, as_of=at), tool)
    n_people = seen.get(label_key(label), 0)
    if as_json:
        print_json(mapped_data(name, tool, label, str(meaning), n_people))
        return
    note = None
    if n_people == 0:
        close = nearest(label_key(label), seen)
        note = unseen_label_text(tool, label, close, is_any=bool(seen))
    say(mapped_text(name, tool, label, str(meaning), n_people, note=note))


def _require_kind(text: str) -> EventKind:
    word = text.strip().lower().replace("-", "_").replace(" ", "_")
    allowed = sorted(str(kind) for kind in LABEL_KINDS - {EventKind.UNKNOWN_LABEL})
    if word not in allowed:
        raise InputError(
            "unknown-label-kind",
            value=text,
            allowed=", ".join(allowed),
            nearest=nearest(word, allowed),
        )
    return EventKind(word)
