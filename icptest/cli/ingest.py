"""`icptest ingest`."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from icptest.answers import (
    find_mapping,
    keep_mapping,
    keep_zone,
    kept_zones,
    mapped_layout,
    zones_for,
)
from icptest.cli._common import (
    Loaded,
    json_option,
    loaded,
    now,
    print_json,
    read_time,
    say,
    user,
    workspace_option,
)
from icptest.errors import IcptestError, InputError, Location
from icptest.experiment import require_zone
from icptest.ingest import Ingested, ingest_file, say_sending_done
from icptest.intake import Said
from icptest.report.failure import failure_data, failure_text, failure_words
from icptest.report.ingestion import (
    ingested_text,
    ingestion_data,
    next_command,
    warnings_text,
)
from icptest.report.words.ingestion import EXPORTED_WHEN_SAVED
from icptest.report.words.mapping import (
    guess_text,
    mapping_question,
    mapping_toml,
    shown_mapping,
)
from icptest.row_text import shown

if TYPE_CHECKING:
    from datetime import datetime

    from icptest.sources._base import Layout, Source
    from icptest.sources.generic import Mapping

_FAILED = 1


@click.command("ingest")
@click.argument("name")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--from", "source", metavar="SOURCE", help="The tool, where the file could be two.")
@click.option("--campaign", metavar="NAME", help="Campaign of the file, if it does not say it.")
@click.option("--tz", metavar="ZONE", help="Zone of times that say none; asked once per tool.")
@click.option("--exported-at", metavar="TIME", help="When the file was exported.")
@click.option(
    "--sent-between",
    nargs=2,
    metavar="A B",
    help="When the first mails went out, for exports without send times.",
)
@click.option("--sending-done", is_flag=True, help="Sending is over: who is not mailed never was.")
@click.option("--encoding", metavar="NAME", help="Encoding of the file, if not UTF-8.")
@click.option("--strict", is_flag=True, help="Refuse a file if any row cannot be read.")
@click.option("--dry-run", is_flag=True, help="Say what would be stored, and store nothing.")
@click.option("--yes", is_flag=True, help="Agree to a guessed mapping and to the file's own date.")
@click.option("--map", "map_file", metavar="FILE", help="Read a table of no known tool by this.")
@workspace_option
@json_option
def command(
    name: str,
    files: tuple[str, ...],
    source: str | None,
    campaign: str | None,
    tz: str | None,
    exported_at: str | None,
    sent_between: tuple[str, str] | None,
    sending_done: bool,
    encoding: str | None,
    strict: bool,
    dry_run: bool,
    yes: bool,
    map_file: str | None,
    workspace: str | None,
    as_json: bool,
) -> None:
    """Read exports of your outreach tool or calendar into a test.

    The tool is recognised from the file. The same file twice, an older export after a newer
    one, overlapping ones in any order: the test knows the same.

    Example: icptest ingest hubspot-new-vp statistics.json meetings.csv
    """
    with loaded(workspace, name, write=True) as test:
        zone = test.experiment.zone
        said = Said(
            source=source,
            campaign=campaign,
            zone=ZoneInfo(require_zone(tz)) if tz else None,
            kept_zones=kept_zones(test.workspace),
            exported_at=read_time(exported_at, zone, option="--exported-at")
            if exported_at
            else None,
            trust_saved_at=yes,
            sent_between=_span(sent_between, zone),
            strict=strict,
            encoding=encoding,
        )
        done: list[Ingested | tuple[str, IcptestError]] = []
        for file in files:
            path = Path(file)
            try:
                one = _ingest(
                    test, path, said, map_file=map_file, yes=yes, dry_run=dry_run, as_json=as_json
                )
            except IcptestError as error:
                click.echo(failure_text(error), err=True)
                done.append((file, error))
                continue
            done.append(one)
            if not as_json:
                say(ingested_text(one, zone) + "\n")
            if warnings := warnings_text(one, name, zone):
                click.echo(warnings + "\n", err=True)
        if sending_done and not dry_run:
            _say_sending_done(test, [one for one in done if isinstance(one, Ingested)])
    failed = [one for one in done if isinstance(one, tuple)]
    if as_json:
        data = (
            failure_data(failed[0][1]) if len(failed) == len(done) else ingestion_data(name, done)
        )
        print_json(data)
    elif len(failed) < len(done):
        say(f"Next:\n  {next_command(name)}")
    if failed:
        sys.exit(_FAILED)


def _ingest(
    test: Loaded,
    path: Path,
    said: Said,
    *,
    map_file: str | None,
    yes: bool,
    dry_run: bool,
    as_json: bool,
) -> Ingested:
    mapping, is_new = _choose_mapping(test, path, said, map_file=map_file, yes=yes, as_json=as_json)
    if mapping is not None:
        said = replace(said, kept_zones=zones_for(said.kept_zones, mapping))
    chosen = None if mapping is None else mapped_layout(mapping)
    try:
        one = _once(test, path, said, chosen, dry_run=dry_run)
    except InputError as error:
        if error.code != "export-time-unclear" or as_json or not sys.stdin.isatty():
            raise
        message, _ = failure_words(error)
        if not click.confirm(f"{shown(path.name)}: {message}\n{EXPORTED_WHEN_SAVED}"):
            raise
        one = _once(test, path, replace(said, trust_saved_at=True), chosen, dry_run=dry_run)
    if mapping is not None and is_new and not as_json:
        say(shown_mapping(path.name, mapping))
    if not dry_run:
        # Only now: what read no file is no answer worth keeping.
        if mapping is not None and is_new:
            keep_mapping(test.workspace, mapping)
        if said.zone is not None:
            keep_zone(test.workspace, one.parsed.source.name, said.zone, mapping)
    return one


def _once(
    test: Loaded,
    path: Path,
    said: Said,
    chosen: tuple[Source, Layout, str] | None,
    *,
    dry_run: bool,
) -> Ingested:
    return ingest_file(
        test.store,
        test.experiment,
        test.registered,
        path,
        said,
        now=now(),
        user=user(),
        chosen=chosen,
        dry_run=dry_run,
    )


def _choose_mapping(
    test: Loaded, path: Path, said: Said, *, map_file: str | None, yes: bool, as_json: bool
) -> tuple[Mapping | None, bool]:
    """Return how a table of no known tool is read, and whether that is to be kept.

    It is shown and confirmed once, and kept once a file was read with it.
    """
    found = find_mapping(
        test.workspace,
        path,
        source=said.source,
        map_file=Path(map_file) if map_file else None,
        may_guess=yes,
        encoding=said.encoding,
    )
    if found is None:
        return None, False
    mapping, agreed = found
    is_new = not agreed or map_file is not None
    if agreed or yes:
        return mapping, is_new
    proposal = shown_mapping(path.name, mapping)
    if (
        not as_json
        and sys.stdin.isatty()
        and click.confirm(f"{proposal}\n{mapping_question()}", err=True)
    ):
        return mapping, is_new
    raise InputError(
        "mapping-needed",
        location=Location(file=str(path)),
        guess=guess_text(mapping),
        toml=mapping_toml(mapping),
    )


def _span(pair: tuple[str, str] | None, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    """Return when the first mails went out; a date alone means the whole of that day."""
    if pair is None:
        return None
    option = "--sent-between"
    since = read_time(pair[0], zone, option=option, dates_ok=True)
    until = read_time(pair[1], zone, option=option, dates_ok="end")
    if until < since:
        raise InputError("sent-between-order")
    if since > now():
        raise InputError("sent-in-the-future", value=since, now=now())
    return since, until


def _say_sending_done(test: Loaded, files: list[Ingested]) -> None:
    if files:
        say_sending_done(
            test.store,
            test.registered,
            # One file may speak of one list only: what the earliest of them shows is over.
            at=min(one.parsed.exported_at for one in files),
            now=now(),
            user=user(),
        )
