"""The desk of the matrix: two sites, two organisations, and somebody for every way to stand to a case.

It is built once and only asked: what is sent is let through or not, and then is nothing that could be done.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from chalice.test import HTTPResponse
from msgspec import Struct
from msgspec.structs import replace

from chalicelib.desk.people import Absence, Organisation, Person
from chalicelib.web.page import FORM
from chalicelib.web.sessions import begun, form_token, kept
from tests.desk.test_kinds import SAMPLES
from tests.fakes.inbox import FakeInbox
from tests.fakes.uploads import MemoryUploads, described
from tests.web.air import START, Air, complaint, on_air, organisation

TABLE = Path(__file__).with_name("matrix.txt")
HERE, COMPETITOR = "workshop", "competitor"

PEOPLE = {
    "handler": (HERE, "tang"),  # the cases `here` lie with them
    "post": (HERE, "qian"),  # holds another post here
    "concerned": (HERE, "guo"),  # holds a third, and is complained about, here and there
    "elsewhere": (HERE, "zhou"),  # holds the other posts there
    "away": (HERE, "yuan"),  # whose work the cases `there` are; they are away
    "stand_in": (HERE, "dai"),  # stands in for them, and has no post
    "foreign": (COMPETITOR, "tang"),  # of another organisation, by the handler's name
    "admin": (HERE, "root"),
    "left": (HERE, "jiu"),  # held a post, and has left
}
ACTORS = ("nobody", "proof", "wrong", *PEOPLE)
"""`proof` knows the number of the case and the tail of the phone, `wrong` the number alone."""

CASES = ("here", "here, confidential", "there", "there, confidential")
POSTS = ("receptionist", "store_manager", "customer_manager", "service_centre", "management", "finance",
         "general_manager")  # fmt: skip
PHOTO = SAMPLES["image/jpeg"]
TAIL = "8000"

BODIES: dict[str, Any] = {
    "POST /v1/tickets/{number}/actions/report": {"nonsense": 1},
    "POST /v1/tickets/{number}/actions/withdraw": {"nonsense": 1},
    "POST /v1/tickets/{number}/actions/link_duplicate": {"nonsense": 1},
    "POST /v1/tickets/{number}/hold": {"reason": " "},
    "POST /v1/tickets/{number}/release": {"reason": " "},
    "POST /v1/tickets/{number}/erase": {"reason": " "},
    "POST /v1/tickets/{number}/attachments": described(PHOTO, "又一张.jpg", "image/jpeg"),
    "POST /v1/complaints/{number}/attachments": described(PHOTO, "又一张.jpg", "image/jpeg"),
    "POST /v1/registers/feedback_forms/close": {"period": "2027-01", "site": "main"},
    "POST /v1/reports/weekly_summary/issue": {"period": "2026-11-24..2026-11-30", "site": "main", "hash": "0" * 64},
}
"""What is sent by whoever is let through, so that it is refused for another reason; otherwise nothing."""


class Row(Struct, frozen=True):
    """One line of the table: what is called, in which case, and the status for each actor."""

    call: str
    case: str  # one of CASES, `here` or `there` for both of a site, `any`, or `-` where it is about no case
    said: tuple[str, ...]
    exact: bool = False  # its site's confidential cases have a line of their own

    @property
    def method(self) -> str:
        return self.call.split(" ", 1)[0]

    @property
    def path(self) -> str:
        return self.call.split(" ", 1)[1]

    @property
    def cases(self) -> list[str]:
        """The cases it speaks of."""
        if self.case in ("-", "any"):
            return list(CASES) if self.case == "any" else ["-"]
        return [case for case in CASES if case == self.case or (case.partition(",")[0] == self.case and not self.exact)]


class Matrix:
    """The desk with its four cases, each with a file of its complainant."""

    def __init__(self, air: Air) -> None:
        self.air = air
        air.world.uploads, air.world.inbox = MemoryUploads(lambda: air.now), FakeInbox()
        air.queue.build_report = air.world.reports.prepare  # type: ignore[method-assign, assignment]
        air.wait(days=2)
        air.world.duties.begin(HERE, "main")
        self.numbers = {case: self._case(case) for case in CASES}
        self.files = {case: self._file(number) for case, number in self.numbers.items()}
        air.wait(days=6)
        air.world.sweep.run(lambda: 900.0)

    def status(self, actor: str, method: str, path: str, case: str, body: Any) -> str:
        """What somebody is answered: a status, or `sign` where they are sent to sign in."""
        answer = self.answer(actor, method, path, case, body)
        self.air.stores.cases.memory.wrong_proofs.clear()  # nobody here is locked out for what others tried
        return "sign" if "/desk/sign-in" in str(answer.headers.get("Location", "")) else str(answer.status_code)

    def answer(self, actor: str, method: str, path: str, case: str, body: Any) -> HTTPResponse:
        """One call, as that actor calls."""
        number = self.numbers.get(case, "")
        path = path.format(number=number, file=self.files.get(case, ""))
        proof = {"proof": TAIL, "wrong": "0000"}.get(actor) if number else None
        if not path.startswith(("/v1/", "/open311/", "/healthz", "/openapi")):
            return self._page(actor, method, path, number, proof)
        headers = {"If-Match": str(self._version(number))} if number else {}
        query = {"phone_tail": proof} if proof else {}
        org, by = PEOPLE.get(actor, ("", ""))
        if path.startswith("/open311/") and method == "POST":
            asked = urlencode({"jurisdiction_id": HERE}).encode()
            return self.air.call(method, path, raw=asked, by=by, org=org, headers={"Content-Type": FORM})
        sent = None if method == "GET" else body
        return self.air.call(method, _with(path, query), sent, by=by, org=org, headers=headers)

    def _page(self, actor: str, method: str, path: str, number: str, proof: str | None) -> HTTPResponse:
        org, person = PEOPLE.get(actor, ("", ""))
        sent, headers = {"phone_tail": proof} if proof else {}, {}
        if number and number not in path:
            sent["number"] = number
        if path == "/desk/new" and method == "POST":
            sent["site"] = "main"
        if path.startswith("/desk/cases/") and method == "POST":
            sent |= {"action": "withdraw", "version": str(self._version(number))}
        if person:
            session = begun(org, person, self.air.now)
            headers["Cookie"] = kept(self.air.world, session).partition(";")[0]
            sent |= {"token": form_token(self.air.world, session)} if method == "POST" else {}
        if method == "POST":
            return self.air.call("POST", path, raw=urlencode(sent).encode(), headers={**headers, "Content-Type": FORM})
        return self.air.get(_with(path, sent), headers=headers)

    def _version(self, number: str) -> int:
        case = self.air.stores.cases.load(HERE, number)
        assert case is not None
        return case.version

    def _case(self, case: str) -> str:
        site = "main" if case.startswith("here") else "branch"
        posting = complaint(org=HERE, site=site, confidential="confidential" in case, people_concerned=["guo"])
        answer = self.air.post("/v1/complaints", posting)
        assert answer.status_code == 201, answer.json_body
        return str(answer.json_body["number"])

    def _file(self, number: str) -> str:
        place = f"/v1/complaints/{number}/attachments"
        begun = self.air.post(f"{place}?phone_tail={TAIL}", described(PHOTO, "现场.jpg", "image/jpeg")).json_body
        self.air.world.uploads.send(begun["fields"], PHOTO)  # type: ignore[attr-defined]  # the one in memory
        taken = self.air.post(f"{place}/{begun['id']}?phone_tail={TAIL}", None)
        assert taken.status_code == 201, taken.json_body
        return str(begun["id"])


def _with(path: str, query: dict[str, str]) -> str:
    return path + ("&" if "?" in path else "?") + urlencode(query) if query else path


@contextmanager
def matrix() -> Iterator[Matrix]:
    """The desk on the air."""
    ours = _workshop(HERE, "w-workshop")
    theirs = _workshop(COMPETITOR, "w-workshop")
    with on_air(ours, theirs) as air:
        yield Matrix(air)


def rows() -> list[Row]:
    """The table. A call that a line leaves out is that of the line above; `#` begins a remark."""
    found: list[Row] = []
    for line in TABLE.read_text("utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        call, case, *said = re.split(r"\s{2,}", line) if line[0] != " " else ["", *re.split(r"\s{2,}", line.strip())]
        found.append(Row(call or found[-1].call, case, tuple(" ".join(said).split())))
    own = {(row.call, row.case) for row in found}
    return [replace(row, exact=(row.call, f"{row.case}, confidential") in own) for row in found]


def _workshop(org: str, procedure: str) -> Organisation:
    like = organisation(org, procedure)
    names = {name for _, name in PEOPLE.values()} | {"bian"}
    staff = {
        id: Person(id=id, name=id.title(), email=f"{id}@example.org", admin=id == "root", active=id != "jiu")
        for id in sorted(names)
    }
    posts = {post: ["bian"] for post in POSTS} | {
        "receptionist": ["tang"], "service_centre": ["qian"], "management": ["guo", "jiu"],
    }  # fmt: skip
    there = {post: ["zhou"] for post in POSTS} | {"receptionist": ["yuan"]}
    sites = {
        "main": replace(like.sites["main"], posts=posts),
        "branch": replace(like.sites["main"], id="branch", posts=there),
        "shop": replace(like.sites["main"], id="shop", procedure="s-store", posts={}),
    }
    away = Absence(person="yuan", start=START, end=START + timedelta(days=30), stand_in="dai")
    return replace(like, staff=staff, departments={}, sites=sites, absences=[away], open311=org == HERE)
