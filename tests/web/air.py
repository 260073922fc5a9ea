"""A desk on the air: the application over stores in memory, with sign-ins that the test signs itself."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import jwt
from chalice.test import Client, HTTPResponse
from cryptography.hazmat.primitives.asymmetric import rsa

from app import app
from chalicelib.cases.desks import Desks
from chalicelib.desk.complaint import Message
from chalicelib.desk.people import Department, Organisation, Person, Site
from chalicelib.procedures.compile import compile_source, sources
from chalicelib.procedures.load import Compiled, Unknown
from chalicelib.settings import Settings
from chalicelib.web.auth import Tokens
from chalicelib.web.issuer import Issuer
from chalicelib.wiring import World, use
from tests.fakes.files import MemoryFiles
from tests.fakes.issuer import FakeIssuer
from tests.fakes.store import in_memory

ORG = "c-company"
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in Shanghai
ISSUER, AUDIENCE = "https://issuer.example/pool", "desk"

STAFF = {
    "lin": Person(id="lin", name="林一", email="lin@example.org", departments=["sales"]),
    "shen": Person(id="shen", name="沈二", email="shen@example.org", departments=["service"]),
    "song": Person(id="song", name="宋三", email="song@example.org", departments=["service"]),
    "hou": Person(id="hou", name="侯四", email="hou@example.org", departments=["service"]),
    "gao": Person(id="gao", name="高五", email="gao@example.org"),
    "wei": Person(id="wei", name="魏六", email="wei@example.org", departments=["works"]),
    "wan": Person(id="wan", name="万七", email="wan@example.org", departments=["works"]),
    "far": Person(id="far", name="范八", email="far@example.org", departments=["kitchen"]),
    "left": Person(id="left", name="乐九", email="left@example.org", departments=["service"], active=False),
    "root": Person(id="root", name="管十", email="root@example.org", admin=True),
}
DEPARTMENTS = {
    "sales": Department(id="sales", name={"zh-Hans": "销售部", "en": "Sales"}, people=["lin"], head="lin"),
    "service": Department(
        id="service", name={"zh-Hans": "客户服务部", "en": "Customer service"}, people=["shen", "song"]
    ),
    "works": Department(id="works", name={"zh-Hans": "工程部", "en": "Works"}, people=["wei", "wan"], head="wei"),
    "kitchen": Department(id="kitchen", name={"zh-Hans": "食堂", "en": "Kitchen"}, people=["far"]),
}
POSTS = {
    "customer_service": ["shen", "song"],
    "head_of_customer_service": ["hou"],
    "general_manager": ["gao"],
    "reception": ["lin"],
}


def organisation(org: str = ORG, procedure: str = "c-company") -> Organisation:
    """An organisation with one site."""
    site = Site(id="main", name={"zh-Hans": "本部", "en": "Main"}, procedure=procedure, posts=POSTS)
    return Organisation(
        id=org, name={"zh-Hans": "丙公司", "en": "C"}, sites={"main": site}, departments=DEPARTMENTS, staff=STAFF
    )


@cache
def compiled(procedure: str) -> Compiled:
    """A procedure that ships, straight from its source."""
    found = sources().get(procedure)
    if found is None:
        raise Unknown(procedure)
    return compile_source(found)


def shipped(procedure: str, version: int | None = None) -> Compiled:
    """Procedures by id; each has one version here."""
    found = compiled(procedure)
    if version not in (None, int(found.tree["version"])):
        raise Unknown(procedure)
    return found


@cache
def signing_key() -> rsa.RSAPrivateKey:
    """The issuer's key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Counted:
    """Any store, with how often each of its methods was called."""

    def __init__(self, store: Any) -> None:
        self.store = store
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        self.calls[name] += 1
        return getattr(self.store, name)


class FakeQueue:
    """Remembers what was handed over."""

    def __init__(self) -> None:
        self.delivered: list[Message] = []
        self.shards: list[int] = []

    def deliver(self, messages: Sequence[Message]) -> None:
        self.delivered += messages

    def sweep_shards(self, shards: Sequence[int]) -> None:
        self.shards += shards

    def build_report(self, *of: str) -> None:
        raise AssertionError(f"no duty is run here: {of}")


class Air:
    """The application with a world of its own. Time stands still until `wait`."""

    def __init__(self, *organisations: Organisation) -> None:
        self.now = START
        self.stores = in_memory()
        self.cases = Counted(self.stores.cases)
        self.queue = FakeQueue()
        self.files = MemoryFiles()
        for one in organisations or (organisation(),):
            self.stores.directory.put_organisation(one)
        stores = self.stores._replace(cases=self.cases)
        draws = count(1)
        self.world = World(
            Settings(public_url="https://desk.example", oidc_issuer=ISSUER, oidc_audience=AUDIENCE), stores=stores,
            queue=self.queue, clock=lambda: self.now, files=self.files,
            secret=b"a secret of the tests", randbelow=lambda most: next(draws) % most,
            desks=Desks(stores.directory, shipped),
            even=lambda: lambda: None,
            tokens=Tokens(
                issuer=ISSUER, audience=AUDIENCE, org_claim="custom:org", keys=lambda _: signing_key().public_key()
            ),
        )  # fmt: skip
        self.issuer = FakeIssuer(ISSUER, lambda person, nonce: token(person, nonce=nonce))
        self.world.issuer = Issuer(issuer=ISSUER, client_id=AUDIENCE, fetch=self.issuer.fetch)
        self.client = Client(app)

    def wait(self, **span: float) -> None:
        """Let time pass."""
        self.now += timedelta(**span)

    def call(
        self, method: str, path: str, body: Any = None, *, by: str = "", headers: dict[str, str] | None = None,
        raw: bytes | None = None, org: str = ORG, source: str = "127.0.0.1",
    ) -> HTTPResponse:  # fmt: skip
        """One request; `by` a member of staff, signed in; `source`: the address that the gateway sees it come from."""
        self.client.http._local_gateway.event_converter.LOCAL_SOURCE_IP = source
        sent = {"Accept-Language": "en", **(headers or {})}
        if by:
            sent["Authorization"] = f"Bearer {token(by, org)}"
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
            raw = json.dumps(body).encode()
        return self.client.http.request(method, path, headers=sent, body=raw or b"")

    def get(self, path: str, **how: Any) -> HTTPResponse:
        """A GET."""
        return self.call("GET", path, **how)

    def post(self, path: str, body: Any, **how: Any) -> HTTPResponse:
        """A POST."""
        return self.call("POST", path, body, **how)

    def registered(self, **changes: Any) -> str:
        """Take a complaint in; its number."""
        return str(self.post("/v1/complaints", complaint(**changes)).json_body["number"])

    def act(self, number: str, action: str, by: str, version: int | None = None, **answers: Any) -> HTTPResponse:
        """Do an action, at the version the case is at unless another is named."""
        seen = version or self.stores.cases.load(ORG, number).version  # type: ignore[union-attr]  # it is there
        headers = {"If-Match": f'"{seen}"'}
        return self.post(f"/v1/tickets/{number}/actions/{action}", answers, by=by, headers=headers)


@contextmanager
def on_air(*organisations: Organisation) -> Iterator[Air]:
    """The application over a new memory."""
    air = Air(*organisations)
    with use(air.world):
        yield air


def complaint(**changes: Any) -> dict[str, Any]:
    """A good body of POST /v1/complaints."""
    return {
        "org": ORG,
        "customer": {"name": "李女士", "phone": "13800138000", "room": "1-405"},
        "content": {"summary": "电梯停运", "details": "一号楼电梯停运三天。", "where": "一号楼"},
        **changes,
    }


def token(person: str, org: str = ORG, **changes: Any) -> str:
    """An ID token as the issuer gives out."""
    now = int(datetime.now(UTC).timestamp())
    claims = {
        "iss": ISSUER, "aud": AUDIENCE, "exp": now + 600, "iat": now, "sub": "a-subject", "token_use": "id",
        "cognito:username": person, "custom:org": org, **changes,
    }  # fmt: skip
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(given, signing_key(), algorithm="RS256")
