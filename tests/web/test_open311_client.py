"""A client of others (`georeport`, from PyPI) against the application on a port of this machine, unchanged."""

from collections.abc import Iterator
from threading import Thread

import pytest
import requests
from chalice.config import Config
from chalice.local import LocalDevServer
from georeport import GeoReport
from msgspec.structs import replace

from app import app
from tests.web.air import ORG, Air, on_air, organisation

KEYS = {"service_request_id", "status", "service_code", "service_name", "requested_datetime", "updated_datetime"}


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air(replace(organisation(), open311=True)) as found:
        yield found


@pytest.fixture
def address(air: Air) -> Iterator[str]:
    """Where the application listens."""
    local = LocalDevServer(app, Config(), "127.0.0.1", 0)
    thread = Thread(target=local.server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{local.server.server_port}/open311/v2/"
    local.server.shutdown()
    thread.join()
    local.server.server_close()


@pytest.mark.parametrize("written", ["json", "xml"])
def test_the_client_lists_services_and_reads_what_one_asks_for(address: str, written: str) -> None:
    client = GeoReport(address, ORG, output_format=written)
    services = {one["service_code"]: one for one in client.get_service_list()}
    assert services["equipment"]["service_name"] == "设施设备"
    assert services["equipment"]["type"] == "realtime"
    found = client.get_service_definition("equipment")
    assert found["service_code"] == "equipment"
    attributes = found["attributes"] if written == "json" else found["attributes"]["attribute"]
    assert [one["code"] for one in attributes] == ["demand", "place"]


@pytest.mark.parametrize("written", ["json", "xml"])
def test_the_client_reads_what_was_posted(air: Air, address: str, written: str) -> None:
    client = GeoReport(address, ORG, output_format=written)
    numbers = [posted(air, address, written, what) for what in ("电梯停运", "路灯不亮")]
    listed = client.get_service_requests(status="open", start_date="2026-11-22T00:00:00+08:00")
    assert {one["service_request_id"] for one in listed} == set(numbers)
    assert set(listed[0]) > KEYS
    assert client.get_service_request(numbers[0])["service_code"] == "equipment"
    both = client.get_service_requests(service_request_id=",".join(numbers), status="closed")
    assert len(both) == 2


def test_what_is_refused_is_an_error_of_http_to_the_client(address: str) -> None:
    with pytest.raises(requests.HTTPError, match="404"):
        GeoReport(address, "nobody").get_service_list()


def posted(air: Air, address: str, written: str, what: str) -> str:
    """The client only reads: a POST goes beside it, as the standard writes one."""
    form = {
        "api_key": air.world.open311_key(ORG), "jurisdiction_id": ORG, "service_code": "equipment",
        "description": what, "attribute[place]": "一号楼",
    }  # fmt: skip
    answer = requests.post(f"{address}requests.{written}", data=form, timeout=10)
    assert answer.status_code == 201, answer.text
    [number] = [head for _, head in air.stores.cases.memory.heads if head in answer.text]  # type: ignore[attr-defined]  # in memory
    return number
