"""What the store is asked, and what it writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from icptest.errors import Location, RowProblem, StoreError
from icptest.events import Dating, Event, EventKind, Form, Tells
from icptest.experiment import Arm
from icptest.journal import verify
from icptest.record import Member, Sighting
from icptest.store import Store, open_store

from .builders import (
    SLUG,
    T0,
    batch,
    day,
    entry,
    joining,
    people,
    register,
    row,
    sent,
    undated,
)

if TYPE_CHECKING:
    from pathlib import Path

NEVER = day(1000)


def _problem(**more: object) -> RowProblem:
    location = Location(file="export.csv", record=3, line=4, column="Sent at")
    return replace(
        RowProblem(reason="bad-date", location=location, text="p1@x,31/31", value="31/31"),
        **more,  # type: ignore[arg-type]
    )


def test_a_registered_test_is_found_by_name(store: Store) -> None:
    """What was registered comes back, and a name nobody registered does not."""
    one, other = register(store), register(store, slug="other", n=1)
    found = store.experiment(SLUG)
    assert found is not None
    assert (found.experiment_id, found.slug, found.digest) == (one, SLUG, "sha256:frozen")
    assert (found.created_at, found.sending_done_at) == (T0, None)
    assert [known.experiment_id for known in store.experiments()] == [one, other]
    assert store.experiment("none") is None


def test_contacts_come_back_as_they_were_registered(store: Store) -> None:
    """Arms, accounts, looks and identifiers survive the store."""
    number = register(store, n=5)
    record = store.record(number, as_of=NEVER)
    assert list(record.contacts.values()) == [contact for contact, _ in people(5)]
    assert store.arms(number) == {contact.contact_id: contact.arm for contact, _ in people(5)}
    assert store.identifiers(number) == {
        value: contact.contact_id for contact, values in people(5) for value in values
    }


def test_a_name_can_be_registered_once(store: Store, experiment_id: int) -> None:
    """A taken name is refused, and nothing of the second registration stays."""
    with pytest.raises(StoreError, match="experiment-exists"):
        register(store, n=2)
    assert len(store.experiments()) == 1
    assert len(store.journal()) == 1
    assert len(store.arms(experiment_id)) == 4


def test_the_registration_is_kept_as_it_was_frozen(store: Store, experiment_id: int) -> None:
    """The text of the file comes back to the letter; an unknown test has none."""
    assert store.registration(experiment_id) == f'name = "{SLUG}"'
    assert store.registration(experiment_id + 1) is None


def test_two_contacts_cannot_share_an_identifier(store: Store) -> None:
    """A registration in which one address names two people is refused whole."""
    (one, values), (other, _) = people(2)
    with pytest.raises(StoreError, match="identifier-twice") as caught:
        store.register(
            slug=SLUG,
            digest="d",
            registration="",
            created_at=T0,
            contacts=[(one, values), (other, values[:1])],
            entry=entry(),
        )
    assert "@" not in str(caught.value)
    assert store.experiments() == ()


def test_facts_come_back_as_they_were_told(store: Store, experiment_id: int) -> None:
    """Every field of an event survives the store, to the microsecond."""
    told = Event(
        kind=EventKind.POSITIVE_REPLY,
        at=day(3),
        dating=Dating.STATED,
        since=day(2),
        label="Interested \N{SNOWMAN}",
        campaign="launch",
        step=2,
        provider_id="x-1",
    )
    store.save(experiment_id, batch(row(1, told, sent())), entry=entry())
    record = store.record(experiment_id, as_of=NEVER)
    assert [fact.event for fact in record.facts] == [sent(), told]
    assert {fact.source for fact in record.facts} == {"smartlead"}
    assert {(fact.first_seen_at, fact.last_seen_at) for fact in record.facts} == {
        (day(10), day(10))
    }


def test_a_file_comes_back_with_its_balance(store: Store, experiment_id: int) -> None:
    """The batch, its counts and its reasons are what was saved."""
    new = batch(
        row(1, sent()),
        row(2),
        row(1, sent()),
        set_aside=(_problem(),),
        n_unrelated=5,
        reasons={"never-mailed": 1},
    )
    counts = store.save(experiment_id, new, entry=entry())
    stored = store.batch_by_digest(experiment_id, new.digest)
    assert stored is not None
    assert stored.counts == counts
    assert store.batches(experiment_id) == (stored,)
    assert (counts.batch_id, counts.n_read, counts.already) == (1, 9, False)
    assert (counts.n_added, counts.n_updated, counts.n_unchanged) == (1, 0, 2)
    assert (counts.n_unrelated, counts.n_set_aside) == (5, 1)
    assert counts.reasons == {"never-mailed": 1}
    assert stored.batch.form is Form.SNAPSHOT
    assert stored.batch.tells == {Tells.SENDS, Tells.REPLIES}
    assert (stored.batch.exported_at, stored.batch.ingested_at) == (day(10), day(30))
    assert store.batch_by_digest(experiment_id, "sha256:other") is None


def test_a_row_is_counted_by_the_most_it_did(store: Store, experiment_id: int) -> None:
    """Added when it brings a fact, updated when it changes one, else unchanged."""
    early = sent(provider_id="a")
    store.save(experiment_id, batch(row(1, early), row(2, early)), entry=entry())
    later = batch(
        row(1, early, sent(day(1))),  # one known, one new
        row(2, replace(early, label="first touch")),  # the same send, told with more
        row(2, replace(early, label="first touch")),
        row(3),
        digest="sha256:two",
        exported_at=day(11),
    )
    counts = store.save(experiment_id, later, entry=entry())
    assert (counts.n_added, counts.n_updated, counts.n_unchanged) == (1, 1, 2)


def test_the_same_file_twice_writes_nothing(store: Store, experiment_id: int) -> None:
    """The second time the first balance comes back, marked, and no journal entry is made."""
    first = store.save(experiment_id, batch(row(1, sent())), entry=entry())
    before = store.record(experiment_id, as_of=NEVER), store.journal()
    again = store.save(
        experiment_id, batch(row(1, sent()), row(2, sent()), file="copy.csv"), entry=entry()
    )
    assert again == replace(first, already=True)
    assert (store.record(experiment_id, as_of=NEVER), store.journal()) == before


def test_a_dry_run_counts_and_writes_nothing(store: Store, experiment_id: int) -> None:
    """It tells what saving would tell, and the state is as before."""
    new = batch(row(1, sent()), row(joining("new@acme.example"), sent()))
    before = store.record(experiment_id, as_of=NEVER), store.journal()
    counts = store.save(experiment_id, new, entry(), dry_run=True)
    assert (store.record(experiment_id, as_of=NEVER), store.journal()) == before
    assert store.save(experiment_id, new, entry()) == counts


def test_a_row_that_is_not_accounted_for_refuses_the_file(store: Store, experiment_id: int) -> None:
    """A balance that does not add up stores nothing, not even the journal entry."""
    with pytest.raises(StoreError, match="balance-broken"):
        store.save(experiment_id, batch(row(1, sent()), n_read=3), entry=entry())
    assert store.batches(experiment_id) == ()
    assert store.record(experiment_id, as_of=NEVER).facts == ()
    assert len(store.journal()) == 1


def test_an_undated_fact_has_the_time_of_its_first_export(store: Store, experiment_id: int) -> None:
    """It counts from the earliest export that shows it, whichever came in first."""
    store.save(experiment_id, batch(row(1, undated())), entry=entry())
    earlier = batch(row(1, undated()), digest="sha256:two", exported_at=day(8))
    counts = store.save(experiment_id, earlier, entry=entry())
    (fact,) = store.record(experiment_id, as_of=NEVER).facts
    assert (fact.event.at, fact.event.dating) == (day(8), Dating.UNDATED)
    assert (fact.first_seen_at, fact.last_seen_at) == (day(8), day(10))
    assert counts.n_updated == 1


def test_the_record_is_what_was_known_at_its_time(store: Store, experiment_id: int) -> None:
    """Files exported later, and what only they tell, are not in the record of a time."""
    store.save(
        experiment_id,
        batch(row(1, sent()), set_aside=(_problem(),), exported_at=day(5)),
        entry=entry(),
    )
    store.save(
        experiment_id,
        batch(
            row(1, sent(), undated()),
            row(joining("new@acme.example")),
            set_aside=(_problem(), _problem()),
            digest="sha256:two",
            exported_at=day(7),
        ),
        entry=entry(),
    )
    store.set_sending_done(experiment_id, at=day(6), entry=entry("sending-done"))
    early = store.record(experiment_id, as_of=day(5))
    late = store.record(experiment_id, as_of=day(7))
    assert (len(early.batches), len(early.facts), len(early.contacts)) == (1, 1, 4)
    assert early.sightings == (Sighting(contact_id=1, batch_id=1, campaign="launch"),)
    assert (early.n_set_aside, early.sending_done_at) == (1, None)
    assert (len(late.batches), len(late.facts), len(late.contacts)) == (2, 2, 5)
    # The second file shows everybody the first one does: its row aside is replaced.
    assert (len(late.sightings), late.n_set_aside, late.sending_done_at) == (3, 2, day(6))
    assert store.record(experiment_id, as_of=day(4)).batches == {}


def test_sightings_are_kept_once_and_know_no_campaign_as_none(
    store: Store, experiment_id: int
) -> None:
    """A contact in a file twice was seen once, and a file may not name a campaign."""
    store.save(
        experiment_id,
        batch(row(2), row(2), row(1, campaign=None), row(1, campaign="b")),
        entry=entry(),
    )
    assert store.record(experiment_id, as_of=NEVER).sightings == (
        Sighting(contact_id=1, batch_id=1, campaign=None),
        Sighting(contact_id=1, batch_id=1, campaign="b"),
        Sighting(contact_id=2, batch_id=1, campaign="launch"),
    )


def test_tests_do_not_see_each_other(store: Store, experiment_id: int) -> None:
    """One file may be saved for two tests, and each has its own record of it."""
    other = register(store, slug="other", n=1)
    store.save(experiment_id, batch(row(1, sent()), row(2, sent())), entry=entry())
    store.save(other, batch(row(1, undated())), entry=entry())
    one, two = (store.record(number, as_of=NEVER) for number in (experiment_id, other))
    assert (len(one.facts), len(two.facts)) == (2, 1)
    assert (list(one.batches), list(two.batches)) == ([1], [1])


def test_the_latest_meaning_of_a_label_holds(store: Store, experiment_id: int) -> None:
    """A label may be mapped anew; the key is the tool and the label."""
    for kind in (EventKind.NEGATIVE_REPLY, EventKind.POSITIVE_REPLY):
        store.map_label(
            experiment_id,
            source="smartlead",
            label_key="sounds good",
            kind=kind,
            at=day(1),
            entry=entry("map-label"),
        )
    record = store.record(experiment_id, as_of=T0)
    assert record.label_meanings == {("smartlead", "sounds good"): EventKind.POSITIVE_REPLY}
    assert len(store.journal()) == 3


def test_rows_set_aside_are_kept_until_they_are_replayed(store: Store, experiment_id: int) -> None:
    """Reason, place, value and text come back; a replayed row no longer counts."""
    store.save(experiment_id, batch(set_aside=(_problem(), _problem(value=None))), entry=entry())
    kept = store.set_aside(experiment_id)
    assert [aside.problem for aside in kept] == [_problem(), _problem(value=None)]
    assert {(aside.batch_id, aside.source, aside.file) for aside in kept} == {
        (1, "smartlead", "export.csv")
    }
    store.mark_replayed(
        experiment_id, ids=[kept[0].set_aside_id], at=day(20), entry=entry("replay")
    )
    assert [aside.replayed_at for aside in store.set_aside(experiment_id)] == [day(20), None]
    assert store.record(experiment_id, as_of=day(20)).n_set_aside == 1
    assert store.record(experiment_id, as_of=day(19)).n_set_aside == 2


def test_whoever_a_campaign_names_joins_the_test(store: Store, experiment_id: int) -> None:
    """A person nobody knew becomes a contact of the arm; the earliest export is when."""
    person = joining("new@acme.example", "in/new", arm=Arm.SEGMENT, account="acme.example")
    store.save(experiment_id, batch(row(person, sent()), row(person, undated())), entry=entry())
    earlier = batch(row(5, sent()), digest="sha256:two", exported_at=day(9))
    store.save(experiment_id, earlier, entry=entry())
    record = store.record(experiment_id, as_of=NEVER)
    assert record.contacts[5] == Member(
        contact_id=5, arm=Arm.SEGMENT, account="acme.example", joined_at=day(9)
    )
    assert {fact.contact_id for fact in record.facts} == {5}
    assert store.identifiers(experiment_id)["in/new"] == 5


def test_a_drawn_contact_keeps_the_arm_it_was_drawn_into(store: Store, experiment_id: int) -> None:
    """A campaign of the other arm that names a drawn contact does not move it."""
    drawn = joining("p2@acme2.example", "in/elsewhere", arm=Arm.CONTROL)
    store.save(experiment_id, batch(row(drawn, sent())), entry=entry())
    record = store.record(experiment_id, as_of=NEVER)
    assert record.contacts[2].arm is Arm.SEGMENT
    assert record.contacts[2].joined_at is None
    assert store.identifiers(experiment_id)["in/elsewhere"] == 2


def test_the_earliest_export_decides_on_the_arm(store: Store, experiment_id: int) -> None:
    """Two campaigns name one person: the order of the files does not matter."""
    person = ("new@acme.example",)
    for name, arm, at in (("two", Arm.CONTROL, 11), ("one", Arm.SEGMENT, 10)):
        new = batch(row(joining(*person, arm=arm)), digest=name, exported_at=day(at))
        store.save(experiment_id, new, entry=entry())
    contact = store.record(experiment_id, as_of=NEVER).contacts[5]
    assert (contact.arm, contact.joined_at) == (Arm.SEGMENT, day(10))


def test_a_row_that_names_two_people_is_set_aside(store: Store, experiment_id: int) -> None:
    """Its identifiers belong to two contacts, so it is kept and counted, not guessed."""
    both = joining("p1@acme1.example", "in/p2")
    where = Location(file="export.csv", record=7, line=8)
    counts = store.save(
        experiment_id, batch(row(both, sent(), location=where, text="raw")), entry=entry()
    )
    (aside,) = store.set_aside(experiment_id)
    assert counts.n_set_aside == 1
    assert aside.problem == RowProblem(reason="two-contacts", location=where, text="raw")
    assert store.record(experiment_id, as_of=NEVER).facts == ()


def test_every_deed_is_in_the_journal(store: Store, experiment_id: int) -> None:
    """Each deed leaves one entry, in order, and the whole journal chains."""
    store.save(experiment_id, batch(row(1, sent())), entry=entry("ingest", rows=1))
    store.append(entry=entry("peek"))
    store.append(entry=replace(entry("init"), experiment=None))
    entries = store.journal()
    assert [made.action for made in entries] == ["register", "ingest", "peek", "init"]
    assert [made.action for made in store.journal(SLUG)] == ["register", "ingest", "peek"]
    assert (entries[1].detail, entries[1].user, entries[1].at) == ({"rows": 1}, "ada", T0)
    assert verify(entries) is None
    assert store.journal("other") == ()


def test_a_changed_journal_line_is_found(store: Store, experiment_id: int) -> None:
    """Whoever edits the table breaks the chain at the line that was edited."""
    store.append(entry=entry("peek"))
    store.append(entry=entry("verdict"))
    assert store._database is not None
    with store._database.writing() as writer:
        writer.execute("UPDATE journal SET action = 'nothing' WHERE action = 'peek'")
    assert verify(store.journal()) == 1


def test_a_changed_fact_is_found(store: Store, experiment_id: int) -> None:
    """SQLite calls a database with a changed value sound; the digest of the facts does not."""
    assert store.facts_intact(experiment_id)
    store.save(experiment_id, batch(row(1, sent()), row(2, undated())), entry=entry())
    store.save(
        experiment_id,
        batch(row(1, sent()), digest="sha256:two", exported_at=day(11)),
        entry=entry(),
    )
    assert store.facts_intact(experiment_id)
    assert store._database is not None
    with store._database.writing() as writer:
        writer.execute("UPDATE event SET at = at + 1 WHERE kind = 'sent'")
    assert not store.facts_intact(experiment_id)


def test_a_store_opened_for_reading_does_not_write(path: Path, experiment_id: int) -> None:
    """It answers every question, and refuses every deed."""
    with open_store(str(path), write=False) as store:
        assert len(store.arms(experiment_id)) == 4
        assert len(store.journal()) == 1
        with pytest.raises(RuntimeError, match="reading"):
            store.append(entry=entry())


def test_a_time_without_a_zone_is_refused(store: Store, experiment_id: int) -> None:
    """Nothing is ever stored at a time that could be anywhere."""
    naive = sent(T0.replace(tzinfo=None))
    with pytest.raises(TypeError):
        store.save(experiment_id, batch(row(1, naive)), entry=entry())
    assert store.batches(experiment_id) == ()


def test_a_number_no_database_can_keep_is_told(store: Store, experiment_id: int) -> None:
    """A hostile cell is an error with a remedy, and nothing of its file stays."""
    with pytest.raises(StoreError, match="value-not-storable"):
        store.save(experiment_id, batch(row(1, sent(step=10**100))), entry=entry())
    with pytest.raises(StoreError, match="value-not-storable"):
        store.save(experiment_id, batch(row(1, sent(label="\ud800"))), entry=entry())
    assert store.batches(experiment_id) == ()
