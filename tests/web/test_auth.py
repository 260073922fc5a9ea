"""Sign-ins: whose token is believed."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from chalicelib.web.auth import Tokens
from chalicelib.web.issuer import Issuer
from tests.fakes.issuer import FakeIssuer
from tests.web.air import AUDIENCE, ISSUER, ORG, Air, on_air, organisation, signing_key, token

PATH = "/v1/tickets"


LEEWAY = 30
"""Seconds by which the issuer's clock and ours may differ."""


def asked(air: Air, sent: str) -> int:
    return air.get(PATH, headers={"Authorization": sent}).status_code


def test_a_good_token_is_believed(air: Air) -> None:
    assert asked(air, f"Bearer {token('lin')}") == 200
    assert asked(air, f"bearer {token('lin')}") == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://elsewhere.example"}, {"aud": "another-desk"}, {"exp": int(time.time()) - 60},
        {"exp": None}, {"aud": None}, {"iss": None}, {"token_use": "access"}, {"nbf": int(time.time()) + 86_400},
    ],
)  # fmt: skip
def test_a_token_of_another_issuer_audience_time_or_use_is_not(air: Air, changes: dict[str, Any]) -> None:
    assert asked(air, f"Bearer {token('lin', **changes)}") == 401


@pytest.mark.parametrize(
    "sent", ["", "Bearer", "Bearer ", "Basic bGluOmxpbg==", "Bearer a.b.c", "Bearer " + "x" * 9000]
)
def test_what_is_no_token_is_not_believed(air: Air, sent: str) -> None:
    refused = air.get(PATH, headers={"Authorization": sent} if sent else {})
    assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_token_signed_by_another_key_or_algorithm_is_not_believed(air: Air) -> None:
    claims = jwt.decode(token("lin"), options={"verify_signature": False})
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert asked(air, "Bearer " + jwt.encode(claims, other, algorithm="RS256")) == 401
    assert asked(air, "Bearer " + jwt.encode(claims, "a shared secret of thirty-two bytes", algorithm="HS256")) == 401
    assert asked(air, "Bearer " + jwt.encode(claims, None, algorithm="none")) == 401
    assert asked(air, "Bearer " + jwt.encode(claims, signing_key(), algorithm="RS512")) == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"cognito:username": "nobody"}, {"cognito:username": "left"}, {"custom:org": "another"}, {"custom:org": None},
        {"cognito:username": None},
    ],
)  # fmt: skip
def test_who_is_not_in_the_directory_may_do_nothing(air: Air, changes: dict[str, Any]) -> None:
    assert asked(air, f"Bearer {token('lin', **changes)}") == 403


def test_the_name_may_stand_in_another_claim(air: Air) -> None:
    assert asked(air, f"Bearer {token('lin', **{'cognito:username': None, 'preferred_username': 'lin'})}") == 200
    assert asked(air, f"Bearer {token('lin', **{'cognito:username': None, 'sub': 'lin'})}") == 200


def test_administration_is_for_administrators(air: Air) -> None:
    assert air.get("/v1/admin/staff", by="shen").status_code == 403
    assert air.get("/v1/admin/staff", by="root").status_code == 200


def test_one_organisation_sees_nothing_of_another() -> None:
    with on_air(organisation(), organisation("m-property")) as air:
        number = air.registered()
        assert air.get(f"/v1/tickets/{number}", by="root").status_code == 200
        assert air.get(f"/v1/tickets/{number}", by="root", org="m-property").status_code == 404
        assert air.get("/v1/customers?room=1-405", by="root", org="m-property").json_body["items"] == []
        assert air.get("/v1/tickets?owner=lin", by="root", org="m-property").json_body["items"] == []


def test_a_desk_without_an_issuer_believes_nobody(air: Air) -> None:
    air.world.tokens = Tokens(issuer="", audience=AUDIENCE, org_claim="custom:org", keys=lambda _: signing_key())
    assert asked(air, f"Bearer {token('lin')}") == 401


def test_keys_that_cannot_be_fetched_are_a_matter_of_time_not_of_the_caller(air: Air) -> None:
    air.world.tokens = Tokens(
        issuer=ISSUER, audience=AUDIENCE, org_claim="custom:org", keys_url=lambda: "http://127.0.0.1:9/jwks.json"
    )
    signed = jwt.encode({"iss": ISSUER, "org": ORG}, signing_key(), algorithm="RS256", headers={"kid": "1"})
    refused = air.get(PATH, headers={"Authorization": f"Bearer {signed}"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(
    ("claim", "seconds", "status"),
    [
        ("exp", -LEEWAY + 10, 200), ("exp", -LEEWAY - 10, 401), ("nbf", LEEWAY - 10, 200), ("nbf", LEEWAY + 10, 401),
        ("iat", LEEWAY - 10, 200), ("iat", LEEWAY + 10, 401),
    ],
)  # fmt: skip
def test_the_issuers_clock_may_be_off_by_half_a_minute_either_way_and_no_more(
    air: Air, claim: str, seconds: int, status: int
) -> None:
    assert asked(air, f"Bearer {token('lin', **{claim: int(time.time()) + seconds})}") == status


class Published:
    """An issuer's keys over HTTP, and how often they were fetched."""

    def __init__(self) -> None:
        self.keys: dict[str, rsa.RSAPrivateKey] = {}
        self.fetched = 0
        self.down = False
        published = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                published.fetched += 1
                keys = [
                    {**json.loads(RSAAlgorithm.to_jwk(key.public_key())), "kid": kid, "use": "sig"}
                    for kid, key in published.keys.items()
                ]
                self.send_response(503 if published.down else 200)
                self.end_headers()
                self.wfile.write(json.dumps({"keys": keys}).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def add(self, kid: str) -> None:
        self.keys[kid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def signed(self, kid: str, by: str = "") -> str:
        claims = jwt.decode(token("lin"), options={"verify_signature": False})
        return "Bearer " + jwt.encode(claims, self.keys[by or kid], algorithm="RS256", headers={"kid": kid})

    def tokens(self, asked_every: float) -> Tokens:
        url = f"http://127.0.0.1:{self.server.server_port}/jwks.json"
        return Tokens(
            issuer=ISSUER, audience=AUDIENCE, org_claim="custom:org", keys_url=lambda: url, asked_every=asked_every
        )


@pytest.fixture
def published() -> Iterator[Published]:
    """An issuer with one key."""
    found = Published()
    found.add("first")
    yield found
    found.server.shutdown()
    found.server.server_close()


def test_a_token_of_a_new_key_has_the_keys_fetched_anew_and_is_believed(air: Air, published: Published) -> None:
    air.world.tokens = published.tokens(asked_every=0)
    assert [asked(air, published.signed("first")) for _ in range(3)] == [200] * 3
    assert published.fetched == 1
    published.add("second")
    assert asked(air, published.signed("second")) == 200
    assert published.fetched == 2


def test_a_withdrawn_key_is_believed_no_longer_once_the_keys_were_fetched_anew(air: Air, published: Published) -> None:
    air.world.tokens = published.tokens(asked_every=0)
    old = published.signed("first")
    assert asked(air, old) == 200
    published.add("second")
    published.keys.pop("first")
    assert asked(air, published.signed("second")) == 200
    assert asked(air, old) == 401


def test_made_up_keys_have_the_keys_fetched_no_more_often_than_once_in_a_while(air: Air, published: Published) -> None:
    air.world.tokens = published.tokens(asked_every=30)
    assert asked(air, published.signed("first")) == 200
    for n in range(20):
        assert asked(air, published.signed(f"forged-{n}", by="first")) == 401
    assert published.fetched == 1


def test_while_the_issuer_is_away_callers_do_not_wait_for_it_one_after_the_other(
    air: Air, published: Published
) -> None:
    air.world.tokens = published.tokens(asked_every=30)
    published.down = True
    assert [asked(air, published.signed("first")) for _ in range(5)] == [503] * 5
    assert published.fetched == 1


def test_where_the_keys_are_is_what_the_issuer_says_of_itself(air: Air) -> None:
    fake = FakeIssuer(ISSUER, lambda *_: "")
    air.world.issuer = Issuer(issuer=ISSUER, client_id=AUDIENCE, fetch=fake.fetch)
    assert air.world.issuer.keys_url() == "https://issuer.example/keys"
    assert [address for address, *_ in fake.asked] == [f"{ISSUER}/.well-known/openid-configuration"]
    elsewhere = Issuer(issuer=ISSUER, client_id=AUDIENCE, discovery_url="https://other.example/d", fetch=fake.fetch)
    elsewhere.keys_url()
    elsewhere.keys_url()
    assert [address for address, *_ in fake.asked[1:]] == ["https://other.example/d"]
