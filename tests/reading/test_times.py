"""Times as tools write them become the right instant, a question, or a row set aside."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from icptest.errors import InputError, UnusableRowError
from icptest.reading import DateOrder, Row, TimeColumn, decide_order, is_blank_time, parse_time
from icptest.reading.times import local_to_utc

NEW_YORK = ZoneInfo("America/New_York")
LORD_HOWE = ZoneInfo("Australia/Lord_Howe")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")


def utc(*parts: int) -> datetime:
    """An instant."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-01-15T09:00:00Z", utc(2025, 1, 15, 9)),
        ("2025-01-15t09:00:00z", utc(2025, 1, 15, 9)),
        ("2025-01-15T09:00:00.811Z", utc(2025, 1, 15, 9, 0, 0, 811000)),
        ("2025-01-15T09:00:00.000000Z", utc(2025, 1, 15, 9)),
        ("2025-01-15T09:00:00.123456789Z", utc(2025, 1, 15, 9, 0, 0, 123456)),
        ("2024-08-02T09:13:53+00:00", utc(2024, 8, 2, 9, 13, 53)),
        ("2025-03-20T14:32:34+0100", utc(2025, 3, 20, 13, 32, 34)),
        ("2025-03-20T14:32:34-05", utc(2025, 3, 20, 19, 32, 34)),
        ("2025-03-20T14:32:34+05:45", utc(2025, 3, 20, 8, 47, 34)),
        ("2025-10-14 17:50:33.104655+00:00", utc(2025, 10, 14, 17, 50, 33, 104655)),
        ("2025-01-15 09:00 UTC", utc(2025, 1, 15, 9)),
        ("2025-01-15 09:00 GMT+02:00", utc(2025, 1, 15, 7)),
        ("Mon, 02 Mar 2026 10:00:00 +0000", utc(2026, 3, 2, 10)),
        ("Mon,  2 Mar 2026 10:00:00 -0500 (UTC)", utc(2026, 3, 2, 15)),
        ("1741600000", utc(2025, 3, 10, 9, 46, 40)),
        ("1741600000.5", utc(2025, 3, 10, 9, 46, 40, 500000)),
        ("1741600000123", utc(2025, 3, 10, 9, 46, 40, 123000)),
        ("1741600000123456", utc(2025, 3, 10, 9, 46, 40, 123456)),
        ("2024-02-29T23:59:59Z", utc(2024, 2, 29, 23, 59, 59)),
        ("2000-02-29T00:00:00Z", utc(2000, 2, 29)),
    ],
)
def test_a_time_that_says_its_zone_needs_no_other(text: str, expected: datetime) -> None:
    """A time with a zone, or in Unix time, is read the same with and without a said zone."""
    assert parse_time(text, zone=None) == expected
    assert parse_time(f"  {text} ", zone=LORD_HOWE) == expected
    assert parse_time(text, zone=None).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-03 11:00 am", utc(2025, 3, 3, 16)),
        ("2025-03-03 11:00\u202fAM", utc(2025, 3, 3, 16)),
        ("2025-03-03 12:00 am", utc(2025, 3, 3, 5)),
        ("2025-03-03 12:00 pm", utc(2025, 3, 3, 17)),
        ("2025-03-03 11:30 p.m.", utc(2025, 3, 4, 4, 30)),
        ("2025-03-03 11 PM", utc(2025, 3, 4, 4)),
        ("2025-03-03 11:00", utc(2025, 3, 3, 16)),
        ("2025-07-03T11:00:05", utc(2025, 7, 3, 15, 0, 5)),
        ("2025/03/03 11:00", utc(2025, 3, 3, 16)),
        ("30 May 2024 10:00", utc(2024, 5, 30, 14)),
        ("30-May-2024 10:00", utc(2024, 5, 30, 14)),
        ("Mar 3, 2025 11:00 AM", utc(2025, 3, 3, 16)),
        ("March 3rd, 2025 at 11:00 AM", utc(2025, 3, 3, 16)),
        ("Sept 3 2025, 11:00", utc(2025, 9, 3, 15)),
        ("4.3.2025 13:05:09", utc(2025, 3, 4, 18, 5, 9)),
        ("5/5/2025 10:00", utc(2025, 5, 5, 14)),
    ],
)
def test_a_local_time_is_read_in_the_said_zone(text: str, expected: datetime) -> None:
    """A time without a zone is that zone's local time, and a question when none is said."""
    assert parse_time(text, zone=NEW_YORK) == expected
    with pytest.raises(InputError, match="missing-zone") as caught:
        parse_time(text, zone=None)
    assert caught.value.excerpt == text


@pytest.mark.parametrize(
    ("text", "order", "expected"),
    [
        ("3/4/2025 1:05 PM", DateOrder.MONTH_FIRST, utc(2025, 3, 4, 18, 5)),
        ("3/4/2025 1:05 PM", DateOrder.DAY_FIRST, utc(2025, 4, 3, 17, 5)),
        ("03-04-2025 13:05:07", DateOrder.DAY_FIRST, utc(2025, 4, 3, 17, 5, 7)),
        ("03/31/2025, 13:05", DateOrder.MONTH_FIRST, utc(2025, 3, 31, 17, 5)),
        ("3.4.2025 13:05", DateOrder.MONTH_FIRST, utc(2025, 4, 3, 17, 5)),
    ],
)
def test_figures_follow_the_order_of_the_column(
    text: str, order: DateOrder, expected: datetime
) -> None:
    """Day and month in figures are told apart by the column's order; dots put the day first."""
    assert parse_time(text, zone=NEW_YORK, order=order) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "12",
        "1_000",
        "1_741_600_000",
        "\uff11\uff17\uff14\uff11\uff16\uff10\uff10\uff10\uff10\uff10",
        "\u0662\u0660\u0662\u0665-01-15 09:00",
        "9" * 5000,
        "0000000000",
        "9999999999",
        "174160000",
        "2025-02-29 10:00",
        "1900-01-01 10:00",
        "2101-01-01 10:00",
        "0001-01-01T00:00:00Z",
        "25-03-03 10:00",
        "03/31/25 10:00",
        "30 May 24 10:00",
        "2025-13-01 10:00",
        "2025-00-01 10:00",
        "2025-01-32 10:00",
        "2025-01-15T24:00:00",
        "2025-01-15 09:60",
        "2025-01-15 09:00:60",
        "2025-01-15 13:00 pm",
        "2025-01-15 0:00 am",
        "2025-01-15T09",
        "2025-01-15 09:00 EST",
        "2025-01-15T09:00:00+25:00",
        "2025-W03-1",
        "20250115",
        "2025-01-15T09:00:00Z; DROP",
        "13/13/2025 10:00",
        "31/12/2025 10:00",
        "30 Foo 2024 10:00",
        "'2025-01-15 09:00",
        "2025-01-15 09:00" + " " * 60,
    ],
)
def test_what_is_no_time_is_refused(text: str) -> None:
    """A text that is no time, or one that would have to be guessed, is a bad date."""
    with pytest.raises(UnusableRowError, match="bad-date") as caught:
        parse_time(text, zone=NEW_YORK, order=DateOrder.MONTH_FIRST)
    assert caught.value.value == text


@pytest.mark.parametrize(
    ("text", "zone", "reason"),
    [
        ("2026-03-08 02:00", NEW_YORK, "time-in-dst-gap"),
        ("2026-03-08 02:30 am", NEW_YORK, "time-in-dst-gap"),
        ("2026-03-08 02:59:59.999", NEW_YORK, "time-in-dst-gap"),
        ("2026-11-01 01:00", NEW_YORK, "time-in-dst-fold"),
        ("2026-11-01 01:59:59", NEW_YORK, "time-in-dst-fold"),
        ("2026-10-04 02:15", LORD_HOWE, "time-in-dst-gap"),
        ("2026-04-05 01:45", LORD_HOWE, "time-in-dst-fold"),
    ],
)
def test_a_clock_change_makes_no_time(text: str, zone: ZoneInfo, reason: str) -> None:
    """A local time that a clock change skips or repeats is set aside."""
    with pytest.raises(UnusableRowError, match=reason):
        parse_time(text, zone=zone)
    naive = datetime.fromisoformat(text.removesuffix(" am"))
    assert local_to_utc(naive, zone) is None


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-03-08 01:59:59", NEW_YORK, utc(2026, 3, 8, 6, 59, 59)),
        ("2026-03-08 03:00", NEW_YORK, utc(2026, 3, 8, 7)),
        ("2026-11-01 00:59:59", NEW_YORK, utc(2026, 11, 1, 4, 59, 59)),
        ("2026-11-01 02:00", NEW_YORK, utc(2026, 11, 1, 7)),
        ("2026-10-04 02:30", LORD_HOWE, utc(2026, 10, 3, 15, 30)),
        ("2026-04-05 01:29", LORD_HOWE, utc(2026, 4, 4, 14, 29)),
    ],
)
def test_beside_a_clock_change_times_are_plain(
    text: str, zone: ZoneInfo, expected: datetime
) -> None:
    """The last minute before and the first after a clock change are read."""
    assert parse_time(text, zone=zone) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 May 2024", utc(2024, 5, 30, 4)),
        ("2026-03-08", utc(2026, 3, 8, 5)),
        ("2026-11-01", utc(2026, 11, 1, 4)),
        ("Mar 3, 2025", utc(2025, 3, 3, 5)),
    ],
)
def test_a_date_alone_is_taken_only_where_the_caller_says(text: str, expected: datetime) -> None:
    """A date without a time of day is the start of the local day, or set aside."""
    assert parse_time(text, zone=NEW_YORK, dates_ok=True) == expected
    with pytest.raises(UnusableRowError, match="date-without-time"):
        parse_time(text, zone=NEW_YORK)


def test_a_day_whose_midnight_is_skipped_starts_at_the_change() -> None:
    """Where clocks go forward at midnight, the day starts at its first instant."""
    assert parse_time("2018-11-04", zone=SAO_PAULO, dates_ok=True) == utc(2018, 11, 4, 3)


def test_the_order_is_decided_by_the_whole_column() -> None:
    """One day over 12 decides all; blanks, other forms and equal figures decide nothing."""
    assert decide_order(["", "1/2/2025 10:00", "x", "13/2/2025 10:00"]) is DateOrder.DAY_FIRST
    assert decide_order(["1/2/2025", "2/13/2025", "5/5/2025"]) is DateOrder.MONTH_FIRST
    assert decide_order(["2025-01-02 10:00", "1.2.2025", ""]) is None
    assert decide_order(["5/5/2025 10:00"]) is not None


def test_an_undecidable_column_is_refused() -> None:
    """A column whose every date has two figures up to 12 is a question, with an example."""
    with pytest.raises(InputError, match="undecidable-dates") as caught:
        decide_order(["5/5/2025 10:00", "3/4/2025 10:00"], column="Sent")
    assert caught.value.facts["value"] == "3/4/2025 10:00"
    assert caught.value.location.column == "Sent"
    with pytest.raises(InputError, match="undecidable-dates"):
        parse_time("3/4/2025 10:00", zone=NEW_YORK)


def test_a_column_of_both_orders_is_refused() -> None:
    """A column that proves both orders is refused, with an example of each."""
    with pytest.raises(InputError, match="mixed-date-orders") as caught:
        decide_order(["13/2/2025", "2/13/2025"])
    assert caught.value.facts["day_first"] == "13/2/2025"
    assert caught.value.facts["month_first"] == "2/13/2025"


def test_a_column_says_where_its_trouble_stands() -> None:
    """Trouble with a cell names the column, and a question the file, line and record too."""
    column = TimeColumn("Sent", None, file="a.csv")
    row = Row(7, 9, [])
    with pytest.raises(InputError, match="missing-zone") as question:
        column("2025-01-15 09:00", row)
    where = question.value.location
    assert (where.file, where.record, where.line, where.column) == ("a.csv", 7, 9, "Sent")
    with pytest.raises(UnusableRowError, match="bad-date") as caught:
        column("soon", row)
    assert caught.value.column == "Sent"
    assert column("2025-01-15 09:00Z") == utc(2025, 1, 15, 9)


@pytest.mark.parametrize(
    ("text", "blank"),
    [
        ("", True),
        (" N/A ", True),
        ("null", True),
        ("0001-01-01T00:00:00Z", True),
        ("1970-01-01 00:00:00", True),
        ("0", False),
        ("2025-01-15", False),
    ],
)
def test_cells_that_say_there_is_no_time(text: str, blank: bool) -> None:
    """Empty cells, null words and null times are blank; everything else is not."""
    assert is_blank_time(text) is blank


def test_hostile_text_costs_linear_time() -> None:
    """Hostile cells a thousand times as long cost no more than short ones by a small factor."""

    def spent(size: int) -> float:
        texts = ["1" * size, "1/" * (size // 2), "2025-01-15T" + ":" * size, "a " * size]
        best = float("inf")
        for _ in range(3):
            start = time.perf_counter()
            for text in texts * 200:
                with suppress(UnusableRowError):
                    parse_time(text, zone=NEW_YORK)
            best = min(best, time.perf_counter() - start)
        return best

    assert spent(60_000) < 10 * spent(60)
