"""Files of a case over HTTP."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from chalice.test import HTTPResponse
from msgspec import structs

from chalicelib.desk.complaint import Attachment
from chalicelib.desk.filing import LIMITS, OF_CUSTOMERS
from tests.desk.test_kinds import OTHERS, SAMPLES
from tests.fakes.uploads import MemoryUploads, declared_of, described
from tests.web.air import ORG, START, Air, complaint, on_air, organisation

PHOTO, LETTER = SAMPLES["image/jpeg"], SAMPLES["application/pdf"]
PROOF = "phone_tail=8000"


@pytest.fixture
def uploads(air: Air) -> MemoryUploads:
    """The store that forms send to."""
    made = MemoryUploads(lambda: air.now)
    air.world.uploads = made
    return made


Add = Callable[..., HTTPResponse]


@pytest.fixture
def add(air: Air, uploads: MemoryUploads) -> Add:
    """Add a file to a case the whole way; by whom empty: the complainant. Answers what taking it in answered."""

    def whole_way(
        number: str, content: bytes = PHOTO, name: str = "现场.jpg", kind: str = "image/jpeg", by: str = "", **more: Any
    ) -> HTTPResponse:
        place = f"/v1/tickets/{number}/attachments" if by else f"/v1/complaints/{number}/attachments"
        proof = "" if by else f"?{PROOF}"
        begun = air.post(place + proof, described(content, name, kind, **more), by=by)
        assert begun.status_code == 201, begun.json_body
        uploads.send(begun.json_body["fields"], content)
        return air.post(f"{place}/{begun.json_body['id']}{proof}", None, by=by)

    return whole_way


def head(air: Air, number: str) -> Any:
    """The case as it is stored."""
    return air.stores.cases.load(ORG, number)


def test_staff_add_a_scan_in_three_calls(air: Air, uploads: MemoryUploads, add: Add) -> None:
    number = air.registered()
    taken = add(number, LETTER, "来信.pdf", "application/pdf", by="lin", purpose="客户来信原件")
    assert taken.status_code == 201
    view = taken.json_body
    assert (view["name"], view["kind"], view["size"]) == ("来信.pdf", "application/pdf", len(LETTER))
    assert (view["by"], view["purpose"], view["version"]) == ("lin", "客户来信原件", 2)
    [kept] = uploads.kept.items()
    assert kept == (f"attachments/{ORG}/{number}/{view['id']}", (LETTER, "application/pdf"))
    assert uploads.waiting == {}
    shown = air.get(f"/v1/tickets/{number}", by="lin").json_body
    assert [file["name"] for file in shown["attachments"]] == ["来信.pdf"]
    events = air.get(f"/v1/tickets/{number}/history", by="lin").json_body["items"]
    assert (events[-1]["kind"], events[-1]["by"]["id"], events[-1]["note"]) == ("attached", "lin", "来信.pdf")


def test_the_same_file_again_is_the_same_attachment(air: Air, uploads: MemoryUploads, add: Add) -> None:
    number = air.registered()
    first, second = add(number, by="lin"), add(number, by="lin")
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert second.json_body == first.json_body
    again = air.post(f"/v1/tickets/{number}/attachments/{first.json_body['id']}", None, by="lin")
    assert again.status_code == 200
    assert (len(head(air, number).attachments), head(air, number).version) == (1, 2)


def test_who_is_in_charge_hears_of_a_complainants_file(air: Air, add: Add) -> None:
    number = air.registered()
    air.queue.delivered.clear()
    taken = add(number)
    assert (taken.status_code, taken.json_body["by"]) == (201, "customer")
    assert [(m.letter, m.to) for m in air.queue.delivered] == [("customer_wrote", "lin")]
    air.queue.delivered.clear()
    add(number, LETTER, "来信.pdf", "application/pdf", by="lin")
    assert air.queue.delivered == []


def test_everything_wrong_with_a_declaration_is_said_at_once(air: Air) -> None:
    number = air.registered()
    bad = {"name": " \n", "kind": "text/html", "size": LIMITS.bytes + 1, "sha256": "0" * 64}
    refused = air.post(f"/v1/tickets/{number}/attachments", bad, by="lin")
    assert refused.status_code == 422
    assert {e["field"] for e in refused.json_body["errors"]} == {"name", "kind", "size"}
    unreadable = air.post(f"/v1/tickets/{number}/attachments", {"name": 1, "size": 0, "sha256": "x"}, by="lin")
    assert {e["field"] for e in unreadable.json_body["errors"]} == {"name", "kind", "size", "sha256"}


def test_complainants_add_fewer_and_smaller_files(air: Air, add: Add) -> None:
    number = air.registered()
    large = described(PHOTO, "a.jpg", "image/jpeg") | {"size": OF_CUSTOMERS.bytes + 1}
    assert air.post(f"/v1/tickets/{number}/attachments", large, by="lin").status_code == 201
    assert air.post(f"/v1/complaints/{number}/attachments?{PROOF}", large).status_code == 422
    for nth in range(OF_CUSTOMERS.files):
        assert add(number, PHOTO + bytes([nth])).status_code == 201
    refused = air.post(f"/v1/complaints/{number}/attachments?{PROOF}", described(LETTER, "a.pdf", "application/pdf"))
    assert (refused.status_code, refused.json_body["errors"][0]["field"]) == (422, "file")
    assert add(number, by="lin").status_code == 201


def test_a_case_holds_no_more_than_it_can_carry(air: Air, uploads: MemoryUploads, add: Add) -> None:
    number = air.registered()
    full = head(air, number)
    full.attachments += [
        Attachment(name="x", kind="text/plain", size=1, sha256=f"{n:064d}", place="mail/x", at=START)
        for n in range(LIMITS.files - 1)
    ]
    air.stores.cases.commit(full.version, full, [], [], None)
    begun = [
        air.post(f"/v1/tickets/{number}/attachments", described(c, "a.jpg", "image/jpeg"), by="lin").json_body
        for c in (PHOTO, PHOTO + b"2")
    ]
    for one, content in zip(begun, (PHOTO, PHOTO + b"2"), strict=True):
        uploads.send(one["fields"], content)
    answers = [air.post(f"/v1/tickets/{number}/attachments/{one['id']}", None, by="lin") for one in begun]
    assert [answer.status_code for answer in answers] == [201, 422]
    assert uploads.waiting == {}


@pytest.mark.parametrize("what", OTHERS)
def test_a_file_that_is_not_what_it_was_called_is_refused_and_forgotten(
    air: Air, uploads: MemoryUploads, what: str
) -> None:
    content = OTHERS[what] or b"\x00"
    number = air.registered()
    place = f"/v1/tickets/{number}/attachments"
    begun = air.post(place, described(content, "照片.jpg", "image/jpeg"), by="lin").json_body
    uploads.send(begun["fields"], content)
    refused = air.post(f"{place}/{begun['id']}", None, by="lin")
    assert (refused.status_code, refused.json_body["errors"]) == (
        422,
        [{"field": "kind", "problem": "is not what the file is"}],
    )
    assert (uploads.waiting, uploads.kept, head(air, number).attachments) == ({}, {}, [])
    assert air.post(f"{place}/{begun['id']}", None, by="lin").status_code == 404


def test_a_store_that_held_nobody_to_the_form_is_not_believed(air: Air, uploads: MemoryUploads) -> None:
    number = air.registered()
    place = f"/v1/tickets/{number}/attachments"
    begun = air.post(place, described(PHOTO, "照片.jpg", "image/jpeg"), by="lin").json_body
    uploads.put(f"{ORG}/{number}/{begun['id']}", PHOTO + b"more", begun["fields"]["declared"])
    refused = air.post(f"{place}/{begun['id']}", None, by="lin")
    assert {e["field"] for e in refused.json_body["errors"]} == {"size", "sha256"}
    assert uploads.kept == {}


def test_a_file_that_was_not_sent_cannot_be_taken_in(air: Air, uploads: MemoryUploads) -> None:
    number = air.registered()
    place = f"/v1/tickets/{number}/attachments"
    begun = air.post(place, described(PHOTO, "照片.jpg", "image/jpeg"), by="lin").json_body
    for id in (begun["id"], "0" * 32, "..", "x" * 500):
        assert air.post(f"{place}/{id}", None, by="lin").status_code == 404


def test_nobody_takes_in_what_somebody_else_sent(air: Air, uploads: MemoryUploads) -> None:
    number, other = air.registered(), air.registered()
    begun = air.post(f"/v1/tickets/{number}/attachments", described(PHOTO, "a.jpg", "image/jpeg"), by="lin").json_body
    uploads.send(begun["fields"], PHOTO)
    assert air.post(f"/v1/tickets/{number}/attachments/{begun['id']}", None, by="shen").status_code == 404
    assert air.post(f"/v1/complaints/{number}/attachments/{begun['id']}?{PROOF}", None).status_code == 404
    assert air.post(f"/v1/tickets/{other}/attachments/{begun['id']}", None, by="lin").status_code == 404
    assert air.post(f"/v1/tickets/{number}/attachments/{begun['id']}", None, by="lin").status_code == 201


def test_who_may_not_see_the_case_finds_nothing(air: Air, add: Add) -> None:
    number = air.registered()
    id = add(number, by="lin").json_body["id"]
    place = f"/v1/tickets/{number}/attachments"
    body = described(PHOTO, "a.jpg", "image/jpeg")
    for answer in (
        air.get(place, by="far"), air.get(f"{place}/{id}", by="far"), air.post(place, body, by="far"),
        air.post(f"{place}/{id}", None, by="far"),
    ):  # fmt: skip
        assert answer.status_code == 404
    for answer in (air.get(place), air.get(f"{place}/{id}"), air.post(place, body), air.post(f"{place}/{id}", None)):
        assert answer.status_code == 401
    for proof in ("phone_tail=0000", "token=x", ""):
        assert air.get(f"/v1/complaints/{number}/attachments?{proof}").status_code == 404
        assert air.post(f"/v1/complaints/{number}/attachments?{proof}", body).status_code == 404


def test_a_file_is_handed_out_to_be_saved_for_a_short_time(air: Air, add: Add) -> None:
    number = air.registered()
    id = add(number, by="lin").json_body["id"]
    found = air.get(f"/v1/tickets/{number}/attachments/{id}", by="shen").json_body
    assert (found["name"], found["expires_in"]) == ("现场.jpg", 120)
    assert found["url"].startswith(f"https://files.example/attachments/{ORG}/{number}/{id}?")
    assert "seconds=120" in found["url"]
    assert air.get(f"/v1/tickets/{number}/attachments/{'0' * 32}", by="shen").status_code == 404


def test_the_complainant_gets_their_own_files_and_no_others(air: Air, add: Add) -> None:
    number = air.registered()
    theirs = add(number, name="我的照片.jpg").json_body["id"]
    inside = add(number, LETTER, "内部记录.pdf", "application/pdf", by="lin").json_body["id"]
    listed = air.get(f"/v1/complaints/{number}/attachments?{PROOF}").json_body["items"]
    assert [file["id"] for file in listed] == [theirs]
    assert air.get(f"/v1/complaints/{number}/attachments/{theirs}?{PROOF}").status_code == 200
    assert air.get(f"/v1/complaints/{number}/attachments/{inside}?{PROOF}").status_code == 404
    assert len(air.get(f"/v1/tickets/{number}/attachments", by="lin").json_body["items"]) == 2


def test_in_a_confidential_case_files_are_for_few_and_every_look_is_recorded(air: Air, add: Add) -> None:
    number = air.registered(confidential=True)
    id = add(number, name="李女士的身份证.jpg", by="lin", purpose="李女士").json_body["id"]
    place = f"/v1/tickets/{number}/attachments"
    everywhere = [place, f"/v1/tickets/{number}", f"/v1/tickets/{number}/history"]
    for page in everywhere:
        said = air.get(page, by="gao").body.decode()
        assert "李女士" not in said
        assert air.get(page, by="gao").status_code == 200
    assert air.get(place, by="gao").json_body["items"][0]["withheld"] is True
    assert air.get(f"{place}/{id}", by="gao").status_code == 403
    assert air.get(place, by="lin").json_body["items"][0]["name"] == "李女士的身份证.jpg"
    before = head(air, number).version
    assert air.get(f"{place}/{id}", by="lin").status_code == 200
    events = air.get(f"/v1/tickets/{number}/history", by="lin").json_body["items"]
    assert (events[-1]["kind"], events[-1]["by"]["id"], events[-1]["note"]) == ("seen", "lin", id)
    assert head(air, number).version == before + 1
    assert air.get(f"/v1/tickets/{number}/history/verify", by="lin").json_body["whole"] is True


def test_a_file_that_came_by_mail_is_fetched_alike_and_its_kind_is_not_believed(
    air: Air, uploads: MemoryUploads
) -> None:
    number = air.registered()
    case, content = head(air, number), b"<script>alert(1)</script>"
    sha256 = hashlib.sha256(content).hexdigest()
    case.attachments.append(
        Attachment(name="x.html", kind="text/html", size=25, sha256=sha256, place=f"mail/{ORG}/{sha256}", at=START)
    )
    air.stores.cases.commit(case.version, case, [], [], None)
    [listed] = air.get(f"/v1/tickets/{number}/attachments", by="lin").json_body["items"]
    found = air.get(f"/v1/tickets/{number}/attachments/{listed['id']}", by="lin").json_body
    assert found["url"].startswith(f"https://files.example/mail/{ORG}/{sha256}?kind=application%2Foctet-stream")


def test_what_is_declared_travels_with_the_form_and_nothing_is_written_before_the_file_is_there(
    air: Air, uploads: MemoryUploads
) -> None:
    number = air.registered()
    air.cases.calls.clear()
    begun = air.post(
        f"/v1/tickets/{number}/attachments", described(PHOTO, "现" * 255, "image/jpeg", purpose="照" * 100), by="lin"
    )
    assert air.cases.calls == {"load": 1}
    fields = begun.json_body["fields"]
    assert b'"by":"lin"' in declared_of(fields)
    assert len(fields["declared"]) <= 2000


def test_a_field_that_wants_a_file_takes_one_of_this_case_and_shows_it_by_name() -> None:
    workshop = organisation("w-workshop", "w-workshop")
    site = structs.replace(workshop.sites["main"], posts={"service_centre": ["shen"], "receptionist": ["lin"]})
    with on_air(structs.replace(workshop, sites={"main": site})) as air:
        air.world.uploads = store = MemoryUploads(lambda: air.now)
        body = complaint(org="w-workshop", content={"summary": "索赔", "details": "要求十倍赔偿"})
        number = str(air.post("/v1/complaints", body, by="lin", org="w-workshop").json_body["number"])
        place, sound = f"/v1/tickets/{number}", SAMPLES["audio/amr"]
        threat = {"demand_made": "十倍赔偿", "way_explained": "按保修条款", "way_accepted": "no"}

        def flag(recording: object, version: int, **changes: object) -> HTTPResponse:
            answers, match = threat | {"recording": recording} | changes, {"If-Match": str(version)}
            return air.post(f"{place}/actions/flag_extortion", answers, by="shen", org="w-workshop", headers=match)

        for nothing in ("电话录音3", "0" * 32, 7):
            refused = flag(nothing, 1, demand_made="")
            assert {e["field"] for e in refused.json_body["errors"]} == {"recording", "demand_made"}
        assert [e["problem"] for e in flag("x", 1).json_body["errors"]] == ["must be the id of a file of this case"]
        begun = air.post(f"{place}/attachments", described(sound, "来电.amr", "audio/amr"), by="shen", org="w-workshop")
        store.send(begun.json_body["fields"], sound)
        id = begun.json_body["id"]
        assert air.post(f"{place}/attachments/{id}", None, by="shen", org="w-workshop").status_code == 201
        done = flag(id, 2)
        assert done.status_code == 200, done.json_body
        [field] = [field for field in done.json_body["fields"] if field["id"] == "recording"]
        assert (field["value"], field["text"]) == (id, "来电.amr")
        assert flag({"unknown": "当面提出"}, done.json_body["version"]).status_code == 200


def test_what_stood_in_such_a_field_before_may_stay(air: Air) -> None:
    number = air.registered()
    case = head(air, number)
    case.values["paper_scan"] = "https://calls.example/17"
    air.stores.cases.commit(case.version, case, [], [], None)
    paper = {"paper_what": "record", "paper_on": "2026-11-23", "paper_by": "lin", "paper_signed": ["none"]}
    assert air.act(number, "file_paper", "lin", **paper, paper_scan="https://calls.example/18").status_code == 422
    assert air.act(number, "file_paper", "lin", **paper, paper_scan="https://calls.example/17").status_code == 200
