"""Marked people complain in confidence, in every procedure and up to every stage: where do they turn up?

What may say who they are is said here, and nowhere else:

- the letter to a complainant goes to their own address (`to`), and its text does not name them;
- the identity's own item in the table is sealed;
- `GET /v1/tickets/{number}?identity=show`, and its button at the desk, name them to those whom the procedure lets know,
  and each look is an event.
"""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from chalicelib.cases.sight import may_know, may_see
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.people import Organisation
from chalicelib.web.sessions import begun, kept
from chalicelib.wiring import use
from infra import seed
from tests.canaries.aviary import Aviary, heard, with_endpoint
from tests.canaries.birds import marks_in
from tests.storage.conftest import PlainSealer

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
ORGANISATIONS: dict[str, Organisation] = {found.id: with_endpoint(found) for found in seed.organisations()}
EVERY = pytest.mark.parametrize("org", ORGANISATIONS)
MONTHS = ("2026-11", "2026-10")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@cache
def flown(org: str) -> tuple[Aviary, str]:
    """An aviary after two months, and what was logged and measured meanwhile."""
    with heard() as said:
        aviary = Aviary(ORGANISATIONS[org], PlainSealer(), NOW, confidential=True).play()
    assert isinstance(aviary, Aviary)
    return aviary, said.getvalue()


def cases(aviary: Aviary) -> list[Complaint]:
    return [aviary._case(number) for number in aviary.numbers.values()]


def one_of_each_stage(aviary: Aviary) -> list[Complaint]:
    return list({case.stage: case for case in cases(aviary)}.values())


def people(aviary: Aviary) -> list[str]:
    return [person.id for person in ORGANISATIONS[aviary.org].staff.values() if person.active]


def administrator(aviary: Aviary) -> str:
    return next(person.id for person in ORGANISATIONS[aviary.org].staff.values() if person.admin)


@EVERY
def test_everybody_is_marked_and_complains_in_confidence_and_all_that_was_planned_was_done(org: str) -> None:
    aviary, _ = flown(org)
    assert aviary.refused == []
    assert {case.stage for case in cases(aviary)} == set(aviary.desk.procedure.stages)
    for case in cases(aviary):
        assert case.confidential
        identity = json.dumps(aviary.stores.cases.identity(org, case.number).__class__.__struct_fields__)
        assert "name" in identity
        assert marks_in(repr(aviary.stores.cases.identity(org, case.number)))
    assert len(aviary.mail.taken) + len(aviary.sms.taken) > 50
    assert len(aviary.outside.events) > 50


@EVERY
def test_no_row_of_the_table_says_who_complains(org: str) -> None:
    aviary, _ = flown(org)
    for row in aviary.table.items():
        assert marks_in(json.dumps(row, default=str, ensure_ascii=False)) == [], (row["PK"], row["SK"])


@EVERY
def test_no_letter_says_who_complains_but_by_where_it_goes(org: str) -> None:
    aviary, _ = flown(org)
    to_complainants = 0
    for letter in (*aviary.mail.taken, *aviary.sms.taken, *aviary.outside.taken):
        assert marks_in("\n".join((letter.subject, letter.text, letter.html, letter.reference))) == [], letter.subject
        to_complainants += bool(marks_in(letter.to))
    assert to_complainants > 5


@EVERY
def test_no_event_for_another_system_and_no_message_of_a_queue_says_who_complains(org: str) -> None:
    aviary, _ = flown(org)
    assert [mark for event in aviary.outside.events for mark in marks_in(event)] == []
    assert [mark for reference in aviary.handed for mark in marks_in(reference)] == []


@EVERY
def test_no_report_register_or_file_that_is_kept_says_who_complains(org: str) -> None:
    aviary, _ = flown(org)
    assert any(name.startswith("registers/") for name in aviary.files)
    for name, (content, _) in aviary.files.items():
        assert marks_in(content) == [] == marks_in(name), name


@EVERY
def test_nothing_logged_or_measured_says_who_complains(org: str) -> None:
    _, said = flown(org)
    assert marks_in(said) == []


def pages_of(aviary: Aviary, case: Complaint) -> Iterator[str]:
    """Everything that staff can read of one case."""
    path = f"/v1/tickets/{case.number}"
    yield from (path, f"{path}/history", f"{path}/history/verify", f"{path}/attachments", f"{path}/forms")
    yield from (f"{path}/acknowledgement?format={format}" for format in ("json", "html"))
    yield from (f"{path}/forms/{form}?format=json" for form in aviary.desk.procedure.forms)
    yield from (f"{path}/attachments/{file.id}" for file in case.attachments)


@EVERY
def test_no_page_of_a_case_says_who_complains_to_anybody_who_does_not_ask_to_be_told(org: str) -> None:
    aviary, _ = flown(org)
    seen = 0
    for case in one_of_each_stage(aviary):
        readers = [person for person in people(aviary) if may_see(aviary.desk, case, person, NOW)]
        knowing = [person for person in readers if may_know(aviary.desk, case, person, NOW)]
        for person in {*readers[:1], *knowing[:1], administrator(aviary)}:
            for path in pages_of(aviary, case):
                answer = aviary.get(path, person)
                assert answer.status_code < 500, path
                assert marks_in(_whole(answer)) == [], (path, person)
                seen += answer.status_code == 200
    assert seen > 30


def desk_pages_of(aviary: Aviary, case: Complaint) -> Iterator[str]:
    """The same in a browser."""
    yield f"/desk/cases/{case.number}"
    yield from (f"/desk/cases/{case.number}/forms/{form}" for form in aviary.desk.procedure.forms)


@EVERY
def test_no_page_of_the_desk_says_who_complains_to_anybody_who_does_not_ask_to_be_told(org: str) -> None:
    aviary, _ = flown(org)
    seen = 0
    for case in one_of_each_stage(aviary):
        readers = [person for person in people(aviary) if may_see(aviary.desk, case, person, NOW)]
        knowing = [person for person in readers if may_know(aviary.desk, case, person, NOW)]
        for person in {*readers[:1], *knowing[:1], administrator(aviary)}:
            cookie = kept(aviary.world, begun(org, person, NOW)).partition(";")[0]
            for path in ("/desk", "/desk/new", *desk_pages_of(aviary, case)):
                with use(aviary.world):
                    answer = aviary.client.http.request("GET", path, headers={"Cookie": cookie})
                assert answer.status_code < 500, path
                assert marks_in(_whole(answer)) == [], (path, person)
                seen += answer.status_code == 200
    assert seen > 20


@EVERY
def test_no_form_on_paper_says_who_complains(org: str) -> None:
    aviary, _ = flown(org)
    case = cases(aviary)[0]
    for form in aviary.desk.procedure.forms:
        for format in ("html", "xlsx"):
            answer = aviary.get(f"/v1/tickets/{case.number}/forms/{form}?format={format}", administrator(aviary))
            assert (answer.status_code, marks_in(_whole(answer))) == (200, []), (form, format)


@EVERY
def test_who_asks_to_be_told_is_told_only_where_the_procedure_lets_them_know_and_it_is_noted(org: str) -> None:
    aviary, _ = flown(org)
    told = refused = 0
    for case in one_of_each_stage(aviary):
        knowing = [person for person in people(aviary) if may_know(aviary.desk, case, person, NOW)]
        for person in {*people(aviary)[:4], *knowing[:2], administrator(aviary)}:
            with heard() as said:
                answer = aviary.get(f"/v1/tickets/{case.number}?identity=show", person)
            assert marks_in(said.getvalue()) == []
            if may_know(aviary.desk, case, person, NOW) and may_see(aviary.desk, case, person, NOW):
                assert marks_in(_whole(answer)), (case.stage, person)
                told += 1
                assert aviary.stores.cases.history(org, case.number)[-1].kind == "seen"
            else:
                assert (answer.status_code in (403, 404), marks_in(_whole(answer))) == (True, []), (case.stage, person)
                refused += 1
    assert told
    assert refused


@EVERY
def test_no_list_register_or_report_says_who_complains(org: str) -> None:
    aviary, _ = flown(org)
    organisation, site = ORGANISATIONS[org], aviary.site
    paths = [f"/v1/tickets?department={unit}&limit=100" for unit in (*organisation.departments, "-")]
    paths += [f"/v1/tickets?owner={person}&limit=100" for person in people(aviary)]
    formats = ("json", "html", "csv", "xlsx")
    files: list[str] = []
    for register in aviary.desk.procedure.registers:
        for month in MONTHS:
            query = f"period={month}&site={site}"
            files += [f"/v1/registers/{register}?{query}&format={one}" for one in formats[1:]]
            paths += [f"/v1/registers/{register}?{query}&part={part}" for part in ("lines", "corrections")]
    for duty in aviary.desk.procedure.duties:
        for run in aviary.stores.duties.periods(org, site, duty, limit=2):
            query = f"site={site}&period={run.period}"
            files += [f"/v1/reports/{duty}?{query}&format={one}" for one in ("html", "xlsx")]
            paths += [f"/v1/reports/{duty}?{query}"]
    paths += ["/v1/registers", "/v1/reports", f"/v1/libraries?site={site}", f"/v1/intake?site={site}"]
    paths += [f"/v1/libraries/{library}?site={site}" for library in aviary.desk.procedure.libraries]
    admin, seen = administrator(aviary), Counter[str]()
    for person in {admin, people(aviary)[0], people(aviary)[-1]}:
        for path in [*paths, *(files if person == admin else [])]:
            answer = aviary.get(path, person)
            assert answer.status_code in (200, 403, 404, 422), (path, answer.body)  # some list open cases alone
            assert marks_in(_whole(answer)) == [], (path, person)
            seen[answer.headers["Content-Type"].partition(";")[0]] += answer.status_code == 200
    assert all(seen[kind] for kind in ("application/json", "text/html", "text/csv", XLSX))
    for what in (
        "sites", "departments", "staff", "absences", "settings", "calendars", "mail", "notices", "open311", "signing",
        "webhooks", "webhooks/crm/undelivered",
    ):  # fmt: skip
        answer = aviary.get(f"/v1/admin/{what}", admin)
        assert (answer.status_code, marks_in(_whole(answer))) == (200, []), what


@EVERY
def test_who_looks_for_a_customer_is_not_told_that_one_complains_in_confidence(org: str) -> None:
    aviary, _ = flown(org)
    for n in (1, 2):
        case = aviary._case(list(aviary.numbers.values())[n - 1])
        [bred] = [plan for plan in aviary.plans if aviary.numbers[plan.key] == case.number]
        who = bred.posting.customer
        for person in {*people(aviary)[:3], administrator(aviary)}:
            knows = may_know(aviary.desk, case, person, NOW)
            for query in (f"phone={who.phone}", f"room={who.room}", f"plate={who.plate}"):
                answer = aviary.get(f"/v1/customers?{query}", person)
                assert marks_in(_whole(answer)) == [], (query, person)
                assert knows or case.number not in answer.body.decode(), (query, person)
                assert knows or answer.json_body.get("counts", {}).get("cases", 0) == 0, (query, answer.body)


@EVERY
def test_a_complainant_is_not_named_on_their_own_page_nor_to_whoever_guesses(org: str) -> None:
    aviary, _ = flown(org)
    with heard() as said:
        for case in one_of_each_stage(aviary):
            link = f"token={aviary.world.links.token(case.number)}"
            for path in (f"/track?number={case.number}&", f"/v1/complaints/{case.number}?"):
                own = aviary.get(path + link)
                assert (own.status_code, marks_in(_whole(own))) == (200, [])
                for wrong in ("token=00", "phone_tail=9999", "code=00000000"):
                    guessed = aviary.get(path + wrong)
                    assert (guessed.status_code, marks_in(_whole(guessed))) == (404, [])
    assert marks_in(said.getvalue()) == []


@EVERY
def test_the_public_list_shows_no_complaint_that_is_made_in_confidence(org: str) -> None:
    aviary, _ = flown(org)
    switched = aviary.call("PUT", "/v1/admin/open311", {"published": True, "epoch": 0}, by=administrator(aviary))
    assert switched.status_code == 200
    for format in ("json", "xml"):
        answer = aviary.get(f"/open311/v2/requests.{format}?jurisdiction_id={org}")
        assert (answer.status_code, marks_in(_whole(answer))) == (200, [])
        assert not any(number in answer.body.decode() for number in aviary.numbers.values())


def _whole(answer: Any) -> bytes:
    """Body and headers."""
    body: bytes = answer.body
    return body if body.startswith(b"PK") else body + json.dumps(dict(answer.headers), ensure_ascii=False).encode()
