"""Every complaint of tests/complaints/ is played along its way, from the first word to the archive."""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from chalicelib.desk.posting import Posting
from tests.stories.dates import local
from tests.stories.pace import reported_back
from tests.stories.story import Case
from tests.stories.town import Town
from tests.stories.ways import WAYS

FOLDER = Path(__file__).parents[1] / "complaints"
ENDS = {"c-company": ("closed", "closed"), "w-workshop": ("archived", "archived")}


LATE = {
    "c-company": {
        "late_everywhere": ["form_in", "transfer", "three_days", "tell_result"],
        "late_from_the_start": ["form_in"],
        "new_time_missed": ["agreed_time"],
        "not_accepted": ["accept"],
    },
    "w-workshop": {
        "late_everywhere": [
            "report",
            "open_form",
            "number_form",
            "first_action",
            "determination",
            "reach_customer",
            "review",
            "report_up",
            "rework",
            "accountability",
            "carry_out",
            "same_day",
            "assess",
            "revisit",
            "archive",
        ],
        "not_reached": ["reach_customer"],
    },
}  # fmt: skip
"""Which clocks are late on which way; on all others none is."""


def _read(name: str) -> list[dict[str, Any]]:
    return list(yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8")))


ALL = {f"{org}: {entry['id']}": entry for org in WAYS for entry in _read(org)}
EVERY = pytest.mark.parametrize("name", ALL)


@cache
def played(name: str) -> Case:
    """The case at the end of its way, a month later. Played once, looked at by every test."""
    entry = ALL[name]
    body = entry["body"]
    received = datetime.fromisoformat(body["received_at"])
    recorded = entry.get("recorded_at")
    start = datetime.fromisoformat(recorded) if recorded else received + timedelta(minutes=10)
    town = Town(body["org"], local(start))
    case = town.receives(body, by=entry.get("by", ""))
    WAYS[body["org"]][entry["way"]](case)
    return reported_back(case).until(town.now + timedelta(days=31))


def texts(body: Any) -> list[str]:
    """Everything that somebody wrote in a body."""
    if isinstance(body, dict):
        return [text for value in body.values() for text in texts(value)]
    if isinstance(body, list):
        return [text for value in body for text in texts(value)]
    return [body] if isinstance(body, str) else []


@EVERY
def test_every_complaint_reaches_its_end_and_nothing_follows(name: str) -> None:
    case, entry = played(name), ALL[name]
    end = ("withdrawn", "withdrawn") if entry["way"] == "withdrawn" else ENDS[entry["body"]["org"]]
    assert (case.stage, case.head.status) == end
    assert not [t for t in case.head.tasks.values() if t.finished is None and end[0] != "withdrawn"]
    assert not [p for p in case.messages if p.state == "waiting"]


@EVERY
def test_every_complaint_is_late_only_where_its_way_is(name: str) -> None:
    case, entry = played(name), ALL[name]
    late = [one.partition(" ")[0] for one in case.late]
    assert late == LATE[entry["body"]["org"]].get(entry["way"], [])


@EVERY
def test_every_complainant_who_can_be_reached_hears_that_it_arrived(name: str) -> None:
    case, customer = played(name), ALL[name]["body"].get("customer", {})
    assert len(case.sent("acknowledgement")) == int("phone" in customer or "email" in customer)
    assert case.head.promised_at is not None


@EVERY
@pytest.mark.rules("C-17")
def test_the_body_says_nothing_that_the_form_does_not_know(name: str) -> None:
    body = ALL[name]["body"]
    strict = msgspec.json.decode(msgspec.json.encode(body), type=Posting)
    assert strict.org == body["org"]
    assert datetime.fromisoformat(body["received_at"]).utcoffset() == timedelta(hours=8)


@EVERY
def test_nobody_whom_the_complaint_names_sees_it_or_gets_a_letter_about_it(name: str) -> None:
    case = played(name)
    concerned = case.head.values.get("person_concerned", [])
    for person in concerned if isinstance(concerned, list) else []:
        later = [letter.letter for letter in case.town.letters if letter.to == person]
        assert later == [], f"{person} got {later}"


@EVERY
def test_who_complains_stands_in_no_event_and_in_no_letter_to_staff(name: str) -> None:
    case, customer = played(name), ALL[name]["body"].get("customer", {})
    kept = msgspec.json.encode(case.history).decode()
    to_staff = "\n".join(letter.text for letter in case.town.letters if letter.to != "customer")
    for part in ("name", "phone", "email", "address"):
        if said := customer.get(part):
            assert said not in kept
            assert said not in to_staff
            assert said.replace(" ", "") not in kept


@EVERY
def test_the_customer_is_told_nothing_that_is_for_staff_alone(name: str) -> None:
    case = played(name)
    told = case.to_customer()
    for field, entry in case.desk.procedure.fields.items():
        value = case.head.values.get(field)
        if entry.seen_by != "customer" and isinstance(value, str) and len(value) > 8 and entry.type in ("text", "long"):
            assert value not in told, f"{field} went to the customer"


@pytest.mark.parametrize("org", WAYS)
def test_what_the_customer_said_is_kept_whole(org: str) -> None:
    lost = {}
    for name, entry in ALL.items():
        if entry["body"]["org"] != org:
            continue
        head, body = played(name).head, entry["body"]
        kept = [*texts(msgspec.to_builtins(head.values)), *head.posted.values(), head.summary]
        said = {**body["content"], **{part: body.get(part, "") for part in ("demand", "external_ref")}}
        if found := [part for part, text in said.items() if text and not any(text.strip() in known for known in kept)]:
            lost[name] = found
    assert lost == {}


def test_there_are_enough_of_them_by_every_way_and_channel() -> None:
    for org, ways in WAYS.items():
        own = [entry for entry in ALL.values() if entry["body"]["org"] == org]
        assert len(own) >= 17
        assert {entry["way"] for entry in own} == set(ways)
    channels = {entry["body"]["channel"] for entry in ALL.values()}
    assert channels == {"phone", "visit", "letter", "email", "web", "referral", "other"}
