"""Sign-ins: whose token is believed."""

import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from chalicelib.web.auth import Tokens
from tests.web.air import AUDIENCE, ISSUER, ORG, Air, on_air, organisation, signing_key, token

PATH = "/v1/tickets"


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
        issuer=ISSUER, audience=AUDIENCE, org_claim="custom:org", jwks_url="http://127.0.0.1:9/jwks.json"
    )
    signed = jwt.encode({"iss": ISSUER, "org": ORG}, signing_key(), algorithm="RS256", headers={"kid": "1"})
    refused = air.get(PATH, headers={"Authorization": f"Bearer {signed}"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
