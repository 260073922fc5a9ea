"""Marked people come in by every way there is, right and wrong, and AWS fails meanwhile: who hears of them?

A complaint that is not confidential is known to staff by name. Even of that one no log, metric, error, queue, event or
key says who complains; in the table the identity's own item does, and a room and a plate are facts of the case.

The raw mail is kept as it came: in the inbox and, for those who may know, beside its case.
"""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec.structs import asdict, replace

import app as functions
from chalicelib.cases.receive_mail import ReceiveMail
from chalicelib.messaging.reference import Reference
from chalicelib.observability import HandlerFailed, measure
from chalicelib.ports import TryLater, Unavailable, Undeliverable
from chalicelib.web.page import FORM
from chalicelib.web.routes import TABLE
from chalicelib.wiring import use
from infra import seed
from tests.canaries.aviary import Aviary, heard, with_endpoint
from tests.canaries.birds import bird, marks_in
from tests.canaries.test_confidential import NOW, _whole
from tests.mail.mails import mail
from tests.storage.conftest import PlainSealer
from tests.test_app import Context, sqs
from tests.web.calling import a_call, signed
from tests.web.test_pages import Fields

ORGANISATIONS = {found.id: replace(with_endpoint(found), open311=True) for found in seed.organisations()}
WHO = bird(1)
SECRET, OPEN = "h-hospital", "c-company"
"""One whose complaints are all confidential by its procedure, whatever was asked for; and one whose are not."""


def aviary(org: str) -> Aviary:
    found = Aviary(ORGANISATIONS[org], PlainSealer(), NOW, confidential=False)
    found.now = NOW
    return found


def by_api(desk: Aviary, **changes: Any) -> int:
    said = {"summary": "窗口收费", "details": "窗口收费与公示不符。"}
    body = {"org": desk.org, "customer": asdict(WHO), "content": said, "channel": "web", **changes}
    return int(desk.call("POST", "/v1/complaints", body, headers={"Idempotency-Key": WHO.phone}).status_code)


def by_form(desk: Aviary) -> int:
    fields = Fields(desk.get(f"/complain?org={desk.org}")).found
    desk.now = NOW.replace(minute=1)
    filled = {**fields, **asdict(WHO), "summary": "窗口收费", "details": "窗口收费与公示不符。"}
    headers = {"Content-Type": FORM}
    return int(desk.call("POST", "/complain", raw=urlencode(filled).encode(), headers=headers).status_code)


def by_hotline(desk: Aviary, **changes: Any) -> int:
    said = {"name": WHO.name, "summary": "窗口收费", "details": "窗口收费与公示不符。"}
    changes = {"answers": said, **changes}
    call = a_call(org=desk.org, caller=WHO.phone, started_at=None, ended_at=NOW.isoformat(), **changes)
    raw = json.dumps(call).encode()
    headers = signed(raw, desk.world.webhook_secret(desk.org), f"msg-{changes.get('call_id', 1)}", NOW)
    return int(
        desk.call(
            "POST", "/v1/hotline/calls", raw=raw, headers={"Content-Type": "application/json", **headers}
        ).status_code
    )


def by_open311(desk: Aviary) -> int:
    services = desk.get(f"/open311/v2/services.json?jurisdiction_id={desk.org}").json_body
    form = {
        "jurisdiction_id": desk.org, "api_key": desk.world.open311_key(desk.org),
        "service_code": services[0]["service_code"], "description": "窗口收费与公示不符。", "first_name": WHO.name,
        "last_name": WHO.name, "phone": WHO.phone, "email": WHO.email,
    }  # fmt: skip
    headers = {"Content-Type": FORM}
    answer = desk.call("POST", "/open311/v2/requests.json", raw=urlencode(form).encode(), headers=headers)
    return int(answer.status_code)


def by_mail(desk: Aviary, key: str = "inbound/1", **changes: Any) -> int:
    """As S3 tells the function of it."""
    given = {"sender": f"{WHO.name} <{WHO.email}>", "to": f"complaints+{desk.org}@desk.example", **changes}
    desk.inbox.put(key, mail("窗口收费与公示不符。", **given), desk.now)
    event = {"Records": [{"s3": {"bucket": {"name": "mail"}, "object": {"key": key}}}]}
    with use(desk.world):
        functions.receive_mail(event, None)
    return 201


WAYS = {"api": by_api, "form": by_form, "hotline": by_hotline, "open311": by_open311, "mail": by_mail}


def furnished(desk: Aviary) -> Aviary:
    """With what receives mail, over the inbox in memory."""
    vars(desk.world)["receive_mail"] = ReceiveMail(
        inbox=desk.inbox, files=desk.files, cases=desk.stores.cases, desks=desk.world.desks,
        register=desk.world.register, act=desk.world.act, hasher=desk.world.hasher, own="Desk <desk@desk.example>",
        clock=desk.world.clock, measure=measure,
    )  # fmt: skip
    return desk


def rows(desk: Aviary) -> Iterator[tuple[str, dict[str, Any]]]:
    for row in desk.table.items():
        yield str(row["kind"]["S"]), row


def everything_outside(desk: Aviary) -> Iterator[str | bytes]:
    """What leaves the desk, but letters."""
    yield from desk.outside.events
    yield from desk.handed


@pytest.mark.parametrize("way", WAYS)
def test_of_one_who_comes_in_confidence_nothing_is_told_or_kept_in_clear(way: str) -> None:
    desk = furnished(aviary(SECRET))
    with heard() as said:
        assert WAYS[way](desk) == 201
        desk.sweep.run(lambda: 60.0)
    found = [row for _, row in rows(desk)]
    [head] = [json.loads(row["state"]["S"]) for kind, row in rows(desk) if kind == "case"]
    assert head["confidential"] is True
    assert marks_in(repr(desk.stores.cases.identity(SECRET, head["number"])))
    for row in found:
        assert marks_in(json.dumps(row, default=str, ensure_ascii=False)) == [], row["SK"]
    assert marks_in(said.getvalue()) == []
    assert [mark for told in everything_outside(desk) for mark in marks_in(told)] == []
    for letter in (*desk.mail.taken, *desk.sms.taken):
        assert marks_in(letter.subject + letter.text + letter.html + letter.reference) == []
    kept = {name for name, (content, _) in desk.files.items() if marks_in(content)}
    assert all(name.startswith(f"mail/{SECRET}/") for name in kept)


@pytest.mark.parametrize("way", WAYS)
def test_of_one_who_gives_a_name_no_key_log_metric_queue_or_event_says_who(way: str) -> None:
    desk = furnished(aviary(OPEN))
    with heard() as said:
        assert WAYS[way](desk) == 201
        desk.sweep.run(lambda: 60.0)
    for kind, row in rows(desk):
        keys = [str(value) for name, value in row.items() if name in ("PK", "SK") or name.endswith(("_pk", "_sk"))]
        assert marks_in(" ".join(keys)) == []
        if kind not in ("identity", "case", "event"):
            assert marks_in(json.dumps(row, default=str, ensure_ascii=False)) == [], kind
        told = json.dumps(row, default=str, ensure_ascii=False) if kind in ("case", "event") else ""
        assert not [one for one in (WHO.name, WHO.phone, WHO.email, WHO.address) if one in told], kind
    assert marks_in(said.getvalue()) == []
    assert [mark for told in everything_outside(desk) for mark in marks_in(told)] == []


def test_a_call_that_nobody_answered_does_not_tell_even_the_end_of_the_number_where_that_is_confidential() -> None:
    desk = aviary(SECRET)
    assert by_hotline(desk, answered=False, answers=None) == 201
    [head] = [row["state"]["S"] for kind, row in rows(desk) if kind == "case"]
    assert WHO.phone[-4:] not in json.loads(head)["summary"]
    assert "***" not in json.loads(head)["summary"]


def test_what_a_field_does_not_take_of_who_called_is_not_kept_in_clear() -> None:
    desk = aviary(SECRET)
    said = {"phone": WHO.phone, "reporter_phone": f"找{WHO.name} {WHO.phone}", "details": "窗口收费与公示不符。"}
    assert by_hotline(desk, answers=said) == 201
    for _, row in rows(desk):
        assert marks_in(json.dumps(row, default=str, ensure_ascii=False)) == [], row["SK"]


def test_a_mail_from_another_address_of_theirs_does_not_tell_it_where_the_case_is_confidential() -> None:
    desk = furnished(aviary(SECRET))
    assert by_api(desk) == 201
    [number] = [json.loads(row["state"]["S"])["number"] for kind, row in rows(desk) if kind == "case"]
    with heard() as said:
        by_mail(desk, "inbound/2", sender=f"{WHO.name} <{bird(2).email}>", subject=f"补充 {number}")
    assert '"outcome":"unverified"' in said.getvalue()
    for _, row in rows(desk):
        assert marks_in(json.dumps(row, default=str, ensure_ascii=False)) == [], row["SK"]


WRONG: list[dict[str, Any]] = [
    {"customer": {**asdict(WHO), "phone": WHO.phone * 9}},
    {"site": WHO.name}, {"org": WHO.phone}, {"content": {WHO.name: WHO.phone}},
    {"form": {WHO.name: WHO.phone}}, {"received_at": WHO.phone}, {WHO.email: WHO.name}, {"anonymous": WHO.name},
]  # fmt: skip


@pytest.mark.parametrize("changes", WRONG, ids=str)
def test_what_is_wrong_with_a_complaint_is_logged_without_it(changes: dict[str, Any]) -> None:
    desk = aviary(OPEN)
    with heard() as said:
        assert by_api(desk, **changes) in (404, 422)
    assert marks_in(said.getvalue()) == []


class Broken:
    """A store that fails by an error which says everything that it was given."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def fail(*given: Any, **more: Any) -> Any:
            raise self._error(f"{name} failed for {given} {more} of {WHO} with {asdict(WHO)}")

        return fail


@pytest.mark.parametrize("error", [RuntimeError, Unavailable, KeyError])
def test_when_aws_fails_with_everything_in_the_error_neither_answers_nor_logs_tell_it(error: type[Exception]) -> None:
    desk = furnished(aviary(OPEN))
    by_api(desk)
    number = next(json.loads(row["state"]["S"])["number"] for kind, row in rows(desk) if kind == "case")
    admin = next(person.id for person in ORGANISATIONS[OPEN].staff.values() if person.admin)
    stores = desk.stores._replace(
        **dict.fromkeys(("cases", "wrong_proofs", "buckets", "duties", "outbox"), Broken(error))
    )
    broken = Aviary(ORGANISATIONS[OPEN], PlainSealer(), NOW, confidential=False)
    vars(broken.world)["stores"] = stores
    vars(broken.world)["desks"] = desk.world.desks
    failed = 0
    with heard() as said:
        for route in TABLE:
            path = route.path.format_map(_Parts(number=number, action="add_note", report="trend", library="x"))
            query = f"?phone_tail={WHO.phone[-4:]}" if "complaints" in path else f"?phone={WHO.phone}&format=json"
            body = {"org": OPEN, "customer": asdict(WHO), "content": {"details": "停水"}} if route.body else None
            if route.path == "/v1/customers":
                query = f"?phone={WHO.phone}"
            headers = {"If-Match": '"1"'}
            answer = broken.call(route.method, path + query, body, by=admin, headers=headers)
            assert marks_in(_whole(answer)) == [], route.path
            failed += answer.status_code in (500, 503)
        for path in (f"/track?number={number}&phone_tail=0001", f"/attach?number={number}&token=x"):
            assert marks_in(_whole(broken.get(path))) == [], path
        for way in (by_form, by_open311, by_hotline):
            way(broken)
        furnished(broken)
        with pytest.raises(HandlerFailed) as failing:
            by_mail(broken)
        with use(broken.world):
            assert len(functions.deliver(sqs(*desk.handed), Context())["batchItemFailures"]) == len(desk.handed) > 0
    assert marks_in(str(failing.value)) == []
    assert failed > 5
    assert said.getvalue().count("failed") > 5
    assert marks_in(said.getvalue()) == []


@pytest.mark.parametrize("error", [RuntimeError, TryLater, Undeliverable])
def test_when_a_provider_fails_with_everything_in_its_error_nothing_of_it_is_logged_or_kept(
    error: type[Exception],
) -> None:
    desk = aviary(SECRET)
    vars(desk)["deliver"] = lambda messages: desk.handed.extend(Reference.of(one).encode() for one in messages)
    assert by_api(desk) == 201
    everything = f"cannot write to {WHO.name} at {WHO.email} or {WHO.phone}"
    code = everything if error is RuntimeError else "Throttled"
    for sender in (desk.mail, desk.sms):
        sender.troubles += [error(code)] * 9
    vars(desk.world)["post_office"] = desk.office
    with heard() as said, use(desk.world):
        functions.deliver(sqs(*desk.handed), Context())
    assert desk.handed
    assert marks_in(said.getvalue()) == []
    for _, row in rows(desk):
        assert marks_in(json.dumps(row, default=str, ensure_ascii=False)) == [], row["SK"]


class _Parts(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return "1"
