"""Open311: which services there are, what a request becomes, and who learns of it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.cases import open311
from chalicelib.cases.open311 import MOST, SAME_FOR, SPAN, Wanted, span
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.errors import BadInput, KeyReused, NotAllowed, NotFound
from chalicelib.desk.procedure import Field
from infra.seed import organisations
from tests.web.air import ORG, START, Air, on_air, organisation

ALL = [one.id for one in organisations()]


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air(replace(organisation(), open311=True)) as found:
        yield found


@pytest.fixture
def town() -> Iterator[Air]:
    with on_air(*(replace(one, open311=True) for one in organisations())) as found:
        yield found


def form(air: Air, org: str = ORG, **given: str) -> dict[str, list[str]]:
    about = {"api_key": air.world.open311_key(org), "service_code": "equipment", "description": "电梯停运"}
    return {name: [value] for name, value in {**about, **given}.items() if value}


def post(air: Air, org: str = ORG, key: str = "", **given: str) -> Complaint:
    return air.world.open311.post(org, form(air, org, **given), key, "zh-Hans").case


def listed(air: Air, org: str = ORG, **wanted: Any) -> list[str]:
    return [one.service_request_id for one in air.world.open311.requests(org, Wanted(**wanted), "en")]


def put(air: Air, case: Complaint, **changes: Any) -> str:
    """The case once more, changed."""
    new = replace(case, **changes)
    air.stores.cases.memory.heads[new.org, new.number] = new  # type: ignore[attr-defined]  # the one in memory
    return new.number


# services


@pytest.mark.parametrize("org", ALL)
def test_every_procedure_offers_services_and_takes_each_as_a_complaint_about_it(town: Air, org: str) -> None:
    services = town.world.open311.services(org, "zh-Hans")
    assert services
    for one in services:
        case = post(town, org, service_code=one.service_code, description=f"关于{one.service_name}")
        assert (case.channel, case.org) == ("web", org)
        found = town.world.open311._shown(case, "zh-Hans")
        assert (found.service_code, found.service_name) == (one.service_code, one.service_name)


@pytest.mark.parametrize("org", ALL)
def test_no_definition_names_staff_or_asks_what_staff_judge(town: Air, org: str) -> None:
    people = {person.name for person in town.world.desks.organisation(org).staff.values()}
    for one in town.world.open311.services(org, "zh-Hans"):
        found = town.world.open311.definition(org, one.service_code, "zh-Hans")
        assert one.metadata == bool(found.attributes)
        assert [a.order for a in found.attributes] == list(range(1, len(found.attributes) + 1))
        for attribute in found.attributes:
            assert not {value.name for value in attribute.values} & people
            assert attribute.code not in ("mind", "factor", "agitated", "receiving_unit", "first_asked_by")


TYPES = [
    ("text", "string"), ("long", "text"), ("number", "number"), ("money", "number"), ("instant", "datetime"),
    ("date", "datetime"), ("yes_no", "singlevaluelist"), ("choice", "singlevaluelist"), ("choices", "multivaluelist"),
]  # fmt: skip


@pytest.mark.parametrize(("type_", "datatype"), TYPES)
def test_a_field_has_the_datatype_of_the_standard_and_its_answer_goes_into_the_form(
    air: Air, type_: str, datatype: str
) -> None:
    desk = air.world.desks.at(ORG, "main")
    choices = {"a": {"en": "A"}, "b": {"en": "B"}} if type_ in ("choice", "choices") else {}
    entry = Field(title={"en": "Asked"}, type=type_, intake="content.outcome", choices=choices)  # type: ignore[arg-type]  # one of the types
    procedure = desk.procedure
    opening = replace(procedure.actions["register"], may_ask=[*procedure.actions["register"].may_ask, "x"])
    changed = replace(
        procedure, fields={**procedure.fields, "x": entry}, actions={**procedure.actions, "register": opening}
    )
    desk.rulebook.procedure = changed
    try:
        found = air.world.open311.definition(ORG, "equipment", "en")
        [attribute] = [one for one in found.attributes if one.code == "x"]
        assert attribute.datatype == datatype
        assert [value.key for value in attribute.values] == {
            "choice": ["a", "b"], "choices": ["a", "b"], "yes_no": ["yes", "no"],
        }.get(type_, [])  # fmt: skip
        sent, kept = {
            "text": ("x", "x"), "long": ("x\ny", "x\ny"), "number": ("4.5", 4.5), "money": ("12", "12.00"),
            "instant": ("2026-11-21T09:00:00+08:00", "2026-11-21T01:00:00Z"), "choice": ("b", "b"),
            "date": ("2026-11-21T00:00:00Z", "2026-11-21"), "yes_no": ("no", "no"), "choices": ("b", ["b"]),
        }[type_]  # fmt: skip
        assert post(air, **{"attribute[x]": sent}).values["x"] == kept
        with pytest.raises(BadInput) as refused:
            post(air, **{"attribute[x]": "?" * 10_001})
        assert {problem.field for problem in refused.value.problems} == {"attribute[x]"}
    finally:
        desk.rulebook.procedure = procedure


def test_where_there_are_several_sites_a_code_says_which(air: Air) -> None:
    two = organisation("two")
    branch = replace(two.sites["main"], id="branch", procedure="w-workshop")
    air.stores.directory.put_organisation(replace(two, sites={**two.sites, "branch": branch}, open311=True))
    codes = {one.service_code for one in air.world.open311.services("two", "en")}
    assert {"main.equipment", "branch.attitude"} <= codes
    case = post(air, "two", service_code="branch.attitude")
    assert (case.site, case.values["nature"]) == ("branch", "attitude")
    assert air.world.open311.request("two", case.number, "en").service_code == "branch.attitude"
    assert listed(air, "two", codes=frozenset({"branch.attitude"})) == [case.number]


# posting


def test_each_parameter_comes_where_intake_looks_for_it(air: Air) -> None:
    case = post(
        air, first_name="芳", last_name="李", phone="138 0013 8000", email="li@example.org", address_string="一号楼",
        address_id="A-7", lat="31.23", long="121.47", media_url="https://example.org/1.jpg", device_id="d",
        account_id="7", **{"attribute[demand]": "尽快修复"},
    )  # fmt: skip
    identity = air.stores.cases.identity(ORG, case.number)
    assert (identity.name, identity.phone, identity.email) == ("李芳", "+8613800138000", "li@example.org")
    assert case.values["content"] == "电梯停运\n所附图片或录像的网址：https://example.org/1.jpg"
    assert case.values["place"] == "一号楼; 地址编号A-7; 纬度、经度（WGS84）31.23, 121.47"
    assert (case.values["category"], case.values["demand"]) == ("equipment", "尽快修复")


def test_a_place_that_no_field_takes_is_kept_all_the_same(air: Air) -> None:
    case = post(air, address_string="北门", **{"attribute[place]": "一号楼"})
    assert (case.values["place"], case.posted["content.where"]) == ("一号楼", "北门")


@pytest.mark.parametrize(
    ("first", "family", "name"), [("John", "Smith", "John Smith"), ("", "王", "王"), ("芳", "李", "李芳")]
)
def test_a_name_is_written_as_names_are(air: Air, first: str, family: str, name: str) -> None:
    assert air.stores.cases.identity(ORG, post(air, first_name=first, last_name=family).number).name == name


def test_a_place_alone_is_a_request_of_its_service_and_nothing_at_all_is_none(air: Air) -> None:
    assert post(air, description="", address_string="一号楼").summary == "设施设备"
    with pytest.raises(BadInput) as refused:
        post(air, description="")
    assert [problem.field for problem in refused.value.problems] == ["description"]


def test_everything_wrong_is_said_at_once_by_the_names_of_the_standard(air: Air) -> None:
    with pytest.raises(BadInput) as refused:
        post(
            air, description="x" * 10_001, email="nobody", lat="91", long="0", phone="1" * 41, **{"attribute[age]": "7"}
        )
    fields = {problem.field for problem in refused.value.problems}
    assert fields == {"description", "email", "lat", "phone", "attribute[age]"}


@pytest.mark.parametrize("key", ["", "wrong", "key of another"])
def test_nobody_posts_without_the_organisations_own_key(town: Air, key: str) -> None:
    key = town.world.open311_key("w-workshop") if key == "key of another" else key
    with pytest.raises(NotAllowed):
        post(town, api_key=key)
    assert not town.stores.cases.memory.heads


def test_a_new_key_opens_and_the_old_one_does_not(air: Air) -> None:
    old = air.world.open311_access.shown(ORG)
    new = air.world.open311_access.choose(ORG, published=True, epoch=1)
    assert new == air.world.open311_access.choose(ORG, published=True, epoch=1)
    assert new.api_key not in (old.api_key, air.world.webhook_secret(ORG))
    assert post(air, api_key=new.api_key).number
    with pytest.raises(NotAllowed):
        post(air, api_key=old.api_key)
    with pytest.raises(BadInput):
        air.world.open311_access.choose(ORG, published=True, epoch=3)


def test_the_same_again_soon_after_is_the_same_request_and_later_it_is_another(air: Air) -> None:
    first = post(air)
    air.now = START + SAME_FOR - timedelta(seconds=1)
    assert post(air).number == first.number
    assert post(air, description="路灯不亮").number != first.number
    air.now = START + SAME_FOR + timedelta(seconds=5)  # the next stretch of time
    assert post(air).number == first.number
    air.now = START + 2 * SAME_FOR
    assert post(air).number != first.number


def test_a_container_whose_clock_is_behind_knows_the_same_request_again(air: Air) -> None:
    first = post(air)
    air.now = START - timedelta(seconds=1)
    receipt = air.world.open311.post(ORG, form(air), "", "zh-Hans")
    assert (receipt.case.number, receipt.replayed) == (first.number, True)


def test_an_idempotency_key_holds_for_good_and_for_one_body(air: Air) -> None:
    first = post(air, key="k-1")
    air.wait(days=2)
    assert post(air, key="k-1").number == first.number
    assert post(air, key="k-2").number != first.number
    with pytest.raises(KeyReused):
        post(air, key="k-1", description="路灯不亮")


def test_whoever_lost_the_answer_finds_the_request_by_its_key(air: Air) -> None:
    first = post(air, key="k-1")
    assert air.world.open311.of_token(ORG, "k-1").service_request_id == first.number
    with pytest.raises(NotFound):
        air.world.open311.of_token(ORG, "k-2")
    put(air, first, confidential=True)
    with pytest.raises(NotFound):
        air.world.open311.of_token(ORG, "k-1")


# the list


def test_the_list_is_there_only_where_the_organisation_publishes_it(air: Air) -> None:
    case = post(air, key="k-1")
    air.world.open311_access.choose(ORG, published=False, epoch=0)
    for ask in (
        lambda: listed(air), lambda: listed(air, ids=[case.number]),
        lambda: air.world.open311.request(ORG, case.number, "en"), lambda: air.world.open311.of_token(ORG, "k-1"),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            ask()
    assert post(air, description="另一件").number  # posting is by key, published or not


SECRET = [
    {"confidential": True}, {"kind": "report"}, {"confidential": True, "status": "closed", "closed_at": START},
]  # fmt: skip


@pytest.mark.parametrize("changes", SECRET)
def test_confidential_cases_and_reports_of_wrongdoing_never_appear(air: Air, changes: dict[str, Any]) -> None:
    number = put(air, post(air), **changes)
    assert listed(air) == listed(air, ids=[number]) == listed(air, statuses=frozenset({"open", "closed"})) == []
    with pytest.raises(NotFound, match="no such service request"):
        air.world.open311.request(ORG, number, "en")


def test_a_report_that_only_its_form_calls_one_does_not_appear_either(town: Air) -> None:
    case = post(town, "h-hospital", service_code="report")
    assert case.kind == "report"
    as_filed = put(town, case, kind="complaint", confidential=False)
    assert listed(town, "h-hospital", ids=[as_filed]) == []
    assert listed(town, "h-hospital", ids=[put(town, case, kind="complaint", confidential=False, values={})]) == [
        case.number
    ]


def test_nothing_of_what_was_said_by_whom_or_where_is_shown(air: Air) -> None:
    case = post(
        air, first_name="芳", last_name="李", phone="13800138000", email="li@example.org", address_string="一号楼"
    )
    [shown] = air.world.open311.requests(ORG, Wanted(), "zh-Hans")
    said = {name: getattr(shown, name) for name in shown.__struct_fields__ if getattr(shown, name) is not None}
    assert set(said) == {
        "service_request_id", "status", "service_name", "service_code", "requested_datetime", "updated_datetime",
        "expected_datetime",
    }  # fmt: skip
    assert said["service_request_id"] == case.number


def test_a_request_is_open_until_its_case_is_finished(air: Air) -> None:
    case = post(air)
    moved = START + timedelta(hours=2)
    put(air, case, status="handling", stage_since=moved)
    shown = air.world.open311.request(ORG, case.number, "en")
    assert (shown.status, shown.updated_datetime, shown.expected_datetime) == ("open", moved, case.promised_at)
    for status in ("closed", "archived", "withdrawn"):
        put(air, case, status=status, stage_since=START + timedelta(days=3), closed_at=moved)
        shown = air.world.open311.request(ORG, case.number, "en")
        assert (shown.status, shown.updated_datetime) == ("closed", moved)


def test_a_case_that_nobody_sorted_yet_has_no_service(air: Air) -> None:
    number = air.registered()
    assert air.world.open311.request(ORG, number, "en").service_code == ""
    number = put(air, air.stores.cases.load(ORG, number), values={"category": {"unknown": "?"}})  # type: ignore[arg-type]  # it is there
    assert air.world.open311.request(ORG, number, "en").service_code == ""


def received(air: Air, *days_ago: float) -> list[str]:
    """Cases received so long ago, each with a number of its own."""
    case = post(air)
    del air.stores.cases.memory.heads[ORG, case.number]  # type: ignore[attr-defined]  # the one in memory
    return [put(air, case, number=f"n-{days:09.4f}", received_at=START - timedelta(days=days)) for days in days_ago]


def test_without_dates_the_latest_ninety_days_are_listed_the_newest_first(air: Air) -> None:
    numbers = received(air, 0, 1, 30, 60, 89.9, 90.1, 400)
    assert listed(air) == numbers[:5]


def test_dates_are_exact_and_both_ends_belong_to_them(air: Air) -> None:
    numbers = received(air, 1, 2, 3, 4)
    start, end = START - timedelta(days=3), START - timedelta(days=2)
    assert listed(air, start=start, end=end) == numbers[1:3]
    assert listed(air, end=end) == numbers[1:]
    assert listed(air, start=START - timedelta(days=1)) == numbers[:1]
    assert listed(air, start=START + timedelta(days=300)) == []


def test_only_the_wanted_services_and_states_are_listed(air: Air) -> None:
    light, lift = post(air, description="路灯"), post(air, service_code="quality")
    closed = put(air, light, status="closed", closed_at=START)
    assert listed(air, statuses=frozenset({"closed"})) == [closed]
    assert listed(air, statuses=frozenset({"open"})) == [lift.number]
    assert listed(air, codes=frozenset({"quality", "design"})) == [lift.number]
    assert listed(air, ids=[closed, "261123-0000000", "x"], codes=frozenset({"quality"})) == [closed]


@given(
    start=st.none() | st.datetimes(datetime(2001, 1, 1), datetime(2098, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 # hypothesis wants them bare
    end=st.none() | st.datetimes(datetime(2001, 1, 1), datetime(2098, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 # as above
)
def test_a_span_is_ninety_days_at_most_and_holds_what_was_asked_for(
    start: datetime | None, end: datetime | None
) -> None:
    try:
        first, last = span(Wanted(start=start, end=end), START)
    except BadInput:
        assert start is not None
        assert end is not None
        assert start > end or end - start > SPAN
        return
    assert timedelta(0) <= last - first <= SPAN
    assert (start or first, end or last) == (first, last)


def test_a_list_holds_a_thousand_reads_a_hundred_at_once_and_stops_there(air: Air) -> None:
    received(air, *(n / 50 for n in range(MOST + 150)))
    air.cases.calls.clear()
    assert len(listed(air)) == MOST
    assert air.cases.calls["load_many"] == MOST / 100
    assert air.cases.calls["ledger"] <= 5 * 3


def test_what_nothing_fits_is_not_looked_for_without_end(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open311, "LOOKED_AT", 200)
    received(air, *(n / 50 for n in range(600)))
    air.cases.calls.clear()
    assert listed(air, codes=frozenset({"nothing"})) == []
    assert air.cases.calls["load_many"] == 2


def test_of_more_than_are_looked_at_the_newest_are_listed(air: Air, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = received(air, *(n / 100 for n in range(50)))
    monkeypatch.setattr(open311, "LOOKED_AT", 20)
    assert listed(air) == numbers[:20]
    monkeypatch.setattr(open311, "READ", 30)
    assert listed(air, end=START - timedelta(days=0.195)) == numbers[20:30]


def test_an_unknown_organisation_or_service_is_not_found(air: Air) -> None:
    with pytest.raises(NotFound):
        air.world.open311.services("nobody", "en")
    with pytest.raises(NotFound, match="no service 'x'"):
        air.world.open311.definition(ORG, "x", "en")
    with pytest.raises(NotFound, match="no service 'x'"):
        post(air, service_code="x")
