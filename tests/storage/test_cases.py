"""What every CaseStore does: intake, reading, and writing what was decided."""

import pytest
from msgspec.structs import replace

from chalicelib.desk.complaint import Identity
from chalicelib.desk.errors import Conflict, KeyReused
from chalicelib.ports import Answered, Known, NumberTaken, Registered, Request
from chalicelib.storage.stores import Stores
from tests.storage.samples import HOUR, LI, NOON, a_complaint, a_message, a_registration, an_event

ORG, NUMBER = "c-company", "20261121-1111-1"


# intake


def test_a_registered_complaint_is_there_whole(stores: Stores) -> None:
    new = a_registration(NUMBER, messages=[a_message("1-a"), a_message("1-b")])
    assert stores.cases.register(new) == Registered(NUMBER, replayed=False)
    assert stores.cases.load(ORG, NUMBER) == new.complaint
    assert stores.cases.history(ORG, NUMBER) == new.events
    assert stores.cases.identity(ORG, NUMBER) == LI
    assert [posted.message for posted in stores.cases.messages(ORG, NUMBER)] == new.messages
    assert stores.cases.org_of(NUMBER) == ORG


def test_the_same_key_and_body_again_is_the_same_complaint(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER, key="k"))
    again = a_registration("20261121-2222-2", key="k")
    assert stores.cases.register(again) == Registered(NUMBER, replayed=True)
    assert stores.cases.load(ORG, "20261121-2222-2") is None
    assert stores.cases.org_of("20261121-2222-2") is None


def test_the_same_key_with_another_body_is_refused(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER, key="k", body_hash="b1"))
    with pytest.raises(KeyReused):
        stores.cases.register(a_registration("20261121-2222-2", key="k", body_hash="b2"))


def test_a_key_is_one_callers_own(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER, key="k", source="web"))
    other = a_registration("20261121-2222-2", key="k", source="hotline")
    assert stores.cases.register(other) == Registered("20261121-2222-2", replayed=False)


def test_a_number_is_given_once_in_all_organisations(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER))
    elsewhere = a_registration(complaint=a_complaint(NUMBER, org="h-hospital"), messages=[], key="other")
    with pytest.raises(NumberTaken):
        stores.cases.register(elsewhere)
    assert stores.cases.load("h-hospital", NUMBER) is None
    assert stores.cases.org_of(NUMBER) == ORG


def test_what_is_not_there_is_nothing(stores: Stores) -> None:
    assert stores.cases.load(ORG, "none") is None
    assert stores.cases.org_of("none") is None
    assert stores.cases.history(ORG, "none") == []
    assert stores.cases.messages(ORG, "none") == []
    assert stores.cases.identity(ORG, "none") == Identity()


def test_what_no_key_can_hold_is_nothing_too(stores: Stores) -> None:
    long = "9" * 3000
    assert stores.cases.org_of(long) is None
    assert stores.cases.load(ORG, long) is None
    assert stores.cases.load_many([(ORG, long)]) == {}
    assert stores.cases.history(long, NUMBER) == []
    assert stores.cases.worklist(ORG, owner=long).items == []
    assert stores.directory.organisation(long) is None
    assert stores.jobs.load(ORG, "") is None


def test_a_confidential_identity_comes_back(stores: Stores) -> None:
    stores.cases.register(a_registration(complaint=a_complaint(NUMBER, confidential=True)))
    assert stores.cases.identity(ORG, NUMBER) == LI


def test_cases_of_one_phone_are_found_newest_first(stores: Stores) -> None:
    for hour, number in enumerate(["1", "2", "3"]):
        complaint = a_complaint(number, received_at=NOON + hour * HOUR)
        stores.cases.register(a_registration(complaint=complaint, links=[("phone", "9f3a"), ("room", "77")]))
    assert stores.cases.linked(ORG, "phone", "9f3a") == ["3", "2", "1"]
    assert stores.cases.linked(ORG, "room", "77", limit=2) == ["3", "2"]
    assert stores.cases.linked("h-hospital", "phone", "9f3a") == []


# what was decided


def test_a_commit_moves_the_head_and_adds_to_history_and_outbox(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER))
    after = a_complaint(NUMBER, version=3, stage="handling")
    stores.cases.commit(1, after, [an_event(2), an_event(3)], [a_message("3-told")], NOON + HOUR)
    assert stores.cases.load(ORG, NUMBER) == after
    assert [event.version for event in stores.cases.history(ORG, NUMBER)] == [1, 2, 3]
    assert [posted.message.id for posted in stores.cases.messages(ORG, NUMBER)] == ["1-late-u1", "3-told"]


def test_of_two_commits_on_one_version_the_second_is_a_conflict(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER))
    stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2, by="u1")], [], None)
    with pytest.raises(Conflict):
        stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2, by="u2")], [a_message("2-x")], None)
    assert [event.by for event in stores.cases.history(ORG, NUMBER)] == ["", "u1"]
    assert [posted.message.id for posted in stores.cases.messages(ORG, NUMBER)] == ["1-late-u1"]


def test_the_same_commit_again_is_a_success_also_when_others_followed(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER))
    second = a_complaint(NUMBER, version=2), [an_event(2)], [a_message("2-x")], NOON
    stores.cases.commit(1, *second)
    stores.cases.commit(1, *second)
    stores.cases.commit(2, a_complaint(NUMBER, version=3), [an_event(3)], [], NOON)
    stores.cases.commit(1, *second)
    found = stores.cases.load(ORG, NUMBER)
    assert found is not None
    assert found.version == 3
    assert len(stores.cases.history(ORG, NUMBER)) == 3


@pytest.mark.parametrize("confidential", [False, True])
def test_a_commit_makes_more_known_of_who_complains_and_the_case_is_found_by_it(
    stores: Stores, confidential: bool
) -> None:
    whose = {"confidential": confidential}
    stores.cases.register(a_registration(complaint=a_complaint(NUMBER, **whose), links=[("room", "77")]))
    known = Known(identity=replace(LI, address="示例路1号"), links=[("phone", "9f3a"), ("room", "77")])
    second = a_complaint(NUMBER, version=2, **whose), [an_event(2)], [], NOON
    stores.cases.commit(1, *second, known=known)
    stores.cases.commit(1, *second, known=known)
    assert stores.cases.identity(ORG, NUMBER) == known.identity
    assert stores.cases.linked(ORG, "phone", "9f3a") == stores.cases.linked(ORG, "room", "77") == [NUMBER]


def test_whoever_comes_too_late_makes_nothing_known(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER))
    stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2, by="u1")], [], None)
    late = Known(identity=replace(LI, name="another"), links=[("phone", "9f3a")])
    with pytest.raises(Conflict):
        stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2, by="u2")], [], None, known=late)
    assert stores.cases.identity(ORG, NUMBER) == LI
    assert stores.cases.linked(ORG, "phone", "9f3a") == []


def test_a_commit_on_nothing_is_a_conflict(stores: Stores) -> None:
    with pytest.raises(Conflict):
        stores.cases.commit(1, a_complaint(NUMBER, version=2), [an_event(2)], [], None)


def test_a_commit_without_events_arms_anew_and_keeps_the_version(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER, messages=[]))
    stores.cases.commit(1, a_complaint(NUMBER), [], [], NOON + 9 * HOUR)
    armed = [item for shard in range(stores.due.shards) for item in stores.due.due(shard, NOON + 99 * HOUR, 10)]
    assert [(item.id, item.due) for item in armed] == [(NUMBER, NOON + 9 * HOUR)]


def test_a_commit_without_events_on_an_older_version_is_a_conflict(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER))
    after = a_complaint(NUMBER, version=2)
    stores.cases.commit(1, after, [an_event(2)], [], None)
    with pytest.raises(Conflict):
        stores.cases.commit(1, a_complaint(NUMBER), [], [], NOON)
    assert stores.cases.load(ORG, NUMBER) == after


def test_what_was_put_in_can_be_changed_without_changing_what_is_stored(stores: Stores) -> None:
    new = a_registration(NUMBER)
    stored = replace(new.complaint)
    stores.cases.register(new)
    new.complaint.summary = "another"
    new.messages[0].letter = "another"
    assert stores.cases.load(ORG, NUMBER) == stored
    assert stores.cases.messages(ORG, NUMBER)[0].message.letter == "late"


# what is known again


CALL, SIGNED = Request("hotline", "call-1", "b1"), Request("hotline-message", "msg-1", "m1")


def test_a_request_is_known_again_by_each_of_its_keys(stores: Stores) -> None:
    assert stores.cases.answered(ORG, SIGNED.source, SIGNED.key) is None
    stores.cases.register(a_registration(NUMBER, source="hotline", key="call-1", body_hash="b1", also=[SIGNED]))
    assert stores.cases.answered(ORG, SIGNED.source, SIGNED.key) == Answered(NUMBER, "m1")
    assert stores.cases.answered(ORG, CALL.source, CALL.key) == Answered(NUMBER, "b1")
    assert stores.cases.answered("h-hospital", CALL.source, CALL.key) is None


def test_a_further_key_that_was_used_refuses_the_whole_registration(stores: Stores) -> None:
    stores.cases.register(a_registration(NUMBER, also=[SIGNED]))
    with pytest.raises(KeyReused):
        stores.cases.register(a_registration("20261121-2222-2", also=[SIGNED]))
    assert stores.cases.load(ORG, "20261121-2222-2") is None


def test_a_commit_answers_requests_once_and_together_with_what_it_writes(stores: Stores) -> None:
    new = a_registration(NUMBER)
    stores.cases.register(new)
    second = replace(new.complaint, version=2)
    for _ in range(2):  # the same again after a lost reply is a success
        stores.cases.commit(1, second, [an_event(2)], [], None, requests=[CALL, SIGNED])
    assert stores.cases.answered(ORG, CALL.source, CALL.key) == Answered(NUMBER, "b1")
    with pytest.raises(Conflict):
        stores.cases.commit(2, replace(second, version=3), [an_event(3)], [], None, requests=[CALL])
    assert stores.cases.load(ORG, NUMBER) == second
