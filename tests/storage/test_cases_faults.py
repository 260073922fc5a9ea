"""Intake and commit when calls fail, replies get lost and others are faster."""

from collections.abc import Callable

import pytest
from pynamodb.exceptions import TransactWriteError

from chalicelib.desk.errors import Conflict, KeyReused
from chalicelib.ports import NumberTaken, Registered, Unavailable
from tests.storage.conftest import Stand
from tests.storage.faults import all_at_once, answered, calls_of, meanwhile, replies_lost, unreachable
from tests.storage.samples import NOON, a_complaint, a_message, a_registration, an_event

ORG, NUMBER, OTHER = "c-company", "20261121-1111-1", "20261121-2222-2"
WRITE = "TransactWriteItems"


# how many calls


def test_intake_is_one_write_and_no_read(stand: Stand) -> None:
    with calls_of(stand.client) as calls:
        stand.stores.cases.register(a_registration(NUMBER, links=[("phone", "9f3a")]))
    assert calls == [WRITE]


def test_load_and_commit_are_one_read_and_one_write(stand: Stand) -> None:
    stand.stores.cases.register(a_registration(NUMBER))
    with calls_of(stand.client) as calls:
        stand.stores.cases.load(ORG, NUMBER)
        stand.stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2)], [a_message("2-x")], NOON)
    assert calls == ["GetItem", WRITE]


def test_many_heads_are_one_read(stand: Stand) -> None:
    for number in ("1", "2", "3"):
        stand.stores.cases.register(a_registration(number))
    with calls_of(stand.client) as calls:
        found = stand.stores.cases.load_many([(ORG, "1"), (ORG, "3"), (ORG, "none"), ("h-hospital", "2")])
    assert set(found) == {(ORG, "1"), (ORG, "3")}
    assert calls == ["BatchGetItem"]


# replies lost


def test_an_intake_whose_reply_was_lost_finds_its_own_complaint(stand: Stand) -> None:
    with replies_lost(stand.client, WRITE):
        assert stand.stores.cases.register(a_registration(NUMBER)) == Registered(NUMBER, replayed=True)
    assert len(stand.stores.cases.history(ORG, NUMBER)) == 1


def test_a_commit_whose_reply_was_lost_is_a_success(stand: Stand) -> None:
    stand.stores.cases.register(a_registration(NUMBER))
    with replies_lost(stand.client, WRITE):
        stand.stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2)], [a_message("2-x")], NOON)
    assert [event.version for event in stand.stores.cases.history(ORG, NUMBER)] == [1, 2]


def test_a_commit_that_others_followed_before_its_loss_was_noticed_is_a_success(stand: Stand) -> None:
    cases = stand.stores.cases
    cases.register(a_registration(NUMBER))

    def follow() -> None:
        cases.commit(2, a_complaint(NUMBER, version=3), [an_event(3)], [], NOON)

    with replies_lost(stand.client, WRITE), meanwhile(stand.client, "GetItem", follow):
        cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2)], [], NOON)
    assert [event.version for event in cases.history(ORG, NUMBER)] == [1, 2, 3]


def test_a_commit_without_events_whose_reply_was_lost_is_written_again(stand: Stand) -> None:
    stand.stores.cases.register(a_registration(NUMBER))
    with replies_lost(stand.client, WRITE):
        stand.stores.cases.commit(1, a_complaint(NUMBER), [], [], None)
    assert [item for item in stand.items() if "due_sk" in item and item["SK"]["S"] == "A"] == []


def test_when_not_even_the_outcome_can_be_read_the_store_is_unavailable_and_a_repeat_finds_out(stand: Stand) -> None:
    lost = replies_lost(stand.client, WRITE)
    with lost, unreachable(stand.client, "GetItem", times=9), pytest.raises(Unavailable):
        stand.stores.cases.register(a_registration(NUMBER))
    assert stand.stores.cases.register(a_registration(NUMBER)) == Registered(NUMBER, replayed=True)


# nothing written


@pytest.mark.parametrize(
    ("code", "reasons"),
    [
        ("TransactionCanceledException", ["None", "TransactionConflict"]),
        ("TransactionCanceledException", ["ThrottlingError", "None"]),
        ("ProvisionedThroughputExceededException", []),
        ("InternalServerError", []),
        ("TransactionInProgressException", []),
    ],
)
def test_what_passes_is_tried_again_a_little_later(
    stand_on: Callable[[str], Stand], code: str, reasons: list[str]
) -> None:
    stand = stand_on("moto")
    with answered(stand.client, WRITE, code, reasons, times=2):
        assert stand.stores.cases.register(a_registration(NUMBER)) == Registered(NUMBER, replayed=False)
    assert len(stand.paused) == 2
    with answered(stand.client, WRITE, code, reasons, times=2):
        stand.stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2)], [], NOON)
    assert len(stand.stores.cases.history(ORG, NUMBER)) == 2


def test_what_does_not_pass_in_time_is_unavailable(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("moto")
    with unreachable(stand.client, WRITE, times=99), pytest.raises(Unavailable):
        stand.stores.cases.register(a_registration(NUMBER))
    assert stand.items() == []
    assert len(stand.paused) == 3


def test_an_error_of_our_own_making_is_neither_retried_nor_dressed_up(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("moto")
    with answered(stand.client, WRITE, "ValidationException"), pytest.raises(TransactWriteError):
        stand.stores.cases.register(a_registration(NUMBER))
    assert stand.paused == []


def test_reads_that_get_no_answer_are_unavailable(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("moto")
    with unreachable(stand.client, "GetItem"), pytest.raises(Unavailable):
        stand.stores.cases.load(ORG, NUMBER)
    with unreachable(stand.client, "BatchGetItem"), pytest.raises(Unavailable):
        stand.stores.cases.load_many([(ORG, NUMBER)])
    with answered(stand.client, "Query", "ThrottlingException"), pytest.raises(Unavailable):
        stand.stores.cases.history(ORG, NUMBER)


def test_more_than_a_transaction_takes_is_refused_by_name(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("moto")
    many = [a_message(f"1-{i}") for i in range(100)]
    with pytest.raises(ValueError, match="a transaction takes 100 items, not 105"):
        stand.stores.cases.register(a_registration(NUMBER, messages=many))
    assert stand.items() == []


# others were faster


def test_a_duplicate_that_arrives_during_intake_wins_and_both_get_its_number(stand: Stand) -> None:
    def first() -> None:
        stand.stores.cases.register(a_registration(OTHER, key="k"))

    with meanwhile(stand.client, WRITE, first):
        late = stand.stores.cases.register(a_registration(NUMBER, key="k"))
    assert late == Registered(OTHER, replayed=True)
    assert stand.stores.cases.load(ORG, NUMBER) is None


def test_another_body_that_arrives_during_intake_makes_it_refused(stand: Stand) -> None:
    def first() -> None:
        stand.stores.cases.register(a_registration(OTHER, key="k", body_hash="another"))

    with meanwhile(stand.client, WRITE, first), pytest.raises(KeyReused):
        stand.stores.cases.register(a_registration(NUMBER, key="k"))


def test_a_number_given_away_during_intake_is_taken(stand: Stand) -> None:
    def first() -> None:
        stand.stores.cases.register(a_registration(NUMBER, key="another"))

    with meanwhile(stand.client, WRITE, first), pytest.raises(NumberTaken):
        stand.stores.cases.register(a_registration(NUMBER, key="k"))


def test_a_commit_that_comes_second_is_a_conflict_and_leaves_no_trace(stand: Stand) -> None:
    cases = stand.stores.cases
    cases.register(a_registration(NUMBER))

    def first() -> None:
        cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2, by="u1")], [], NOON)

    second = a_complaint(NUMBER, version=3), [an_event(2, by="u2"), an_event(3, by="u2")], [a_message("2-x")], NOON
    with meanwhile(stand.client, WRITE, first), pytest.raises(Conflict):
        cases.commit(1, *second)
    assert [event.by for event in cases.history(ORG, NUMBER)] == ["", "u1"]
    assert len(cases.messages(ORG, NUMBER)) == 1


@pytest.mark.emulator
def test_of_many_same_intakes_at_once_one_writes_and_all_get_its_number(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("dynamodb_local")
    got = all_at_once(lambda i: stand.stores.cases.register(a_registration(f"number-{i}", key="k")), 8)
    assert len({registered.number for registered in got}) == 1
    assert [registered.replayed for registered in got].count(False) == 1
    assert len([item for item in stand.items() if item["kind"]["S"] == "case"]) == 1


@pytest.mark.emulator
def test_of_many_commits_at_once_one_wins(stand_on: Callable[[str], Stand]) -> None:
    stand = stand_on("dynamodb_local")
    stand.stores.cases.register(a_registration(NUMBER))

    def commit(who: int) -> str:
        stand.stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2, by=f"u{who}")], [], NOON)
        return f"u{who}"

    got = all_at_once(commit, 8)
    winners = [who for who in got if isinstance(who, str)]
    assert len(winners) == 1
    assert all(isinstance(loser, Conflict) for loser in got if not isinstance(loser, str))
    assert [event.by for event in stand.stores.cases.history(ORG, NUMBER)] == ["", winners[0]]
