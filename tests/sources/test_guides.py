"""The commands of the guides, run against a stand-in for `curl`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import pytest

from icptest.reading.opening import open_export
from icptest.sources import all_sources, identify

CURL = f"""\
#!{sys.executable}
import json, sys
words = []
for word in sys.argv[1:]:
    words += [word[:2], word[2:]] if word.startswith("-ds") else [word]
key = sys.stdin.read()
assert "secret" in key and "secret" not in " ".join(words), (key, words)
url = next(word for word in words if word.startswith("https://"))
said = dict(two.split("=", 1) for one, two in zip(words, words[1:]) if one == "-d" and "=" in two)
body = next((json.loads(word) for word in words if word.startswith("{{")), said)
at = int(body.get("starting_after", body.get("offset", 0)))
when, who = "2026-03-02T09:00:00Z", f"p{{at}}@example.com"
following = {{"next_starting_after": str(at + 1)}} if at < 2 else {{}}
if url.endswith("/statistics"):
    row = dict(stats_id="s", lead_email=who, sequence_number=1, sent_time=when, reply_time=None)
    print(json.dumps(dict(total_stats=3, data=[row] if at < 3000 else [], offset=at)))
elif url.endswith("/leads-export"):
    from icptest.sources.smartlead.leads import HEADER
    print(",".join(HEADER))
elif url.endswith("/emails"):
    print(json.dumps(dict(items=[dict(ue_type=1, timestamp_email=when, lead=who)], **following)))
elif url.endswith("/leads/list"):
    lead = dict(email=who, status=1, email_open_count=0, email_reply_count=0)
    print(json.dumps(dict(items=[dict(lead, timestamp_created=when)], **following)))
elif url.endswith("/activities"):
    act = dict(_id="a", type="emailsSent", createdAt=when, leadEmail=who, campaignId="c")
    print(json.dumps([act] if at < 300 else []))
else:
    sys.exit(22)
"""
FILES: dict[str, dict[str, tuple[str, int] | None]] = {
    "smartlead": {"smartlead-statistics.jsonl": ("statistics", 3), "smartlead-leads.csv": None},
    "instantly": {
        "instantly-emails.jsonl": ("emails", 3),
        "instantly-leads.jsonl": ("leads", 3),
    },
    "lemlist": {"lemlist-activities.jsonl": ("activities", 3)},
}


def _commands(guide: str) -> str:
    """The lines of a guide that are pasted into a shell, with a key in place of the dots."""
    lines = [line[4:] for line in guide.splitlines() if line.startswith("    ")]
    return "\n".join(lines).replace("_API_KEY=...", "_API_KEY=secret")


@pytest.mark.skipif(which("sh") is None, reason="the commands are for a POSIX shell")
@pytest.mark.parametrize("name", list(FILES))
def test_the_download_of_a_guide_gets_every_page_into_files_its_source_claims(
    name: str, tmp_path: Path
) -> None:
    """Pasted as it stands, the command pages to the end and hides the key from `ps`."""
    for tool, text in (("curl", CURL), ("sleep", "#!/bin/sh\n"), ("icptest", "#!/bin/sh\n")):
        (tmp_path / tool).write_text(text, encoding="utf-8")
        (tmp_path / tool).chmod(0o755)
    (tmp_path / "python3").symlink_to(sys.executable)
    subprocess.run(
        ["sh", "-e"],
        input=_commands(all_sources()[name].guide),
        text=True,
        check=True,
        cwd=tmp_path,
        env={
            **os.environ,
            "PATH": f"{tmp_path}:{os.environ['PATH']}",
            "PYTHONPATH": str(Path(__file__).parents[2]),
        },
    )
    for file, expected in FILES[name].items():
        export = open_export(tmp_path / file)
        source, layout = identify(export)
        assert source.name == name
        if expected:
            assert (layout.name, sum(1 for _ in export.rows())) == expected


@pytest.mark.parametrize("name", list(all_sources()))
def test_a_command_has_no_comment_a_shell_might_run(name: str) -> None:
    """The shell of macOS takes "# ..." on a pasted line for words of the command."""
    assert "#" not in _commands(all_sources()[name].guide)
