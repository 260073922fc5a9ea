"""What administrators see of mail that became no complaint, and the addresses they give to sites."""

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec import to_builtins

from tests.fakes.inbox import FakeInbox
from tests.web.air import ORG, START, Air, on_air, organisation


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air(organisation(), organisation("w-workshop", "w-workshop")) as found:
        inbox = FakeInbox()
        inbox.put("inbound/b", b"From: li@mail.example", START)
        inbox.put("inbound/a", b"x", START)
        inbox.keep_apart("inbound/b", "nobody")
        inbox.keep_apart("inbound/a", "virus")
        vars(found.world)["inbox"] = inbox
        yield found


def test_it_is_listed_by_reason_and_without_what_it_says(air: Air) -> None:
    first = air.get("/v1/admin/mail?limit=1", by="root").json_body
    assert [(one["reason"], one["id"], one["size"]) for one in first["items"]] == [("nobody", "b", 21)]
    assert set(first["items"][0]) == {"id", "reason", "at", "size"}
    rest = air.get(f"/v1/admin/mail?cursor={first['next']}", by="root").json_body
    assert [one["id"] for one in rest["items"]] == ["a"]
    assert rest["next"] == ""


def test_only_administrators_see_it(air: Air) -> None:
    assert air.get("/v1/admin/mail", by="shen").status_code == 403
    assert air.get("/v1/admin/mail").status_code == 401


def site(org: str, *addresses: str) -> dict[str, Any]:
    name = "w-workshop" if org != ORG else "c-company"
    return {**to_builtins(organisation(org, name).sites["main"]), "mail": list(addresses)}


def put(air: Air, *addresses: str) -> Any:
    return air.call("PUT", "/v1/admin/sites", site(ORG, *addresses), by="root")


def test_a_site_is_given_addresses(air: Air) -> None:
    assert put(air, "complaints@c.example").status_code == 200
    assert air.stores.directory.takes_mail("complaints@c.example") == (ORG, "main")


@pytest.mark.parametrize("address", ["Complaints@c.example", "no address", "a@b@c", "a b@c.example", ""])
def test_what_is_no_address_is_refused(air: Air, address: str) -> None:
    answer = put(air, address)
    assert (answer.status_code, {wrong["field"] for wrong in answer.json_body["errors"]}) == (422, {"mail"})


def test_an_address_of_somebody_else_is_refused(air: Air) -> None:
    taken = organisation("w-workshop", "w-workshop").sites["main"]
    air.stores.directory.put("w-workshop", "site", "main", {**to_builtins(taken), "mail": ["a@c.example"]})
    assert put(air, "a@c.example").json_body["errors"][0]["problem"] == "is in use elsewhere: a@c.example"
