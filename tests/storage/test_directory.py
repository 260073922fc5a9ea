"""What every DirectoryStore does."""

from datetime import timedelta

import pytest
from msgspec import to_builtins
from msgspec.structs import replace

from chalicelib.desk.errors import Conflict
from chalicelib.desk.people import Absence, Department, Organisation, Person, Signing, Site
from chalicelib.storage.stores import Stores
from tests.storage.conftest import Stand
from tests.storage.faults import calls_of, replies_lost
from tests.storage.samples import NOON

ORG = "c-company"
MAIN = Site(id="main", name={"en": "Main"}, procedure="c-company", posts={"handler": ["u1", "u2"]})
LIFTS = Department(id="lifts", name={"en": "Lifts"}, people=["u1"])
U1 = Person(id="u1", name="张三", departments=["lifts"])
AWAY = Absence(person="u1", start=NOON, end=NOON + timedelta(days=3), stand_in="u2")
COMPANY = Organisation(
    id=ORG, name={"en": "Company"}, sites={"main": MAIN}, departments={"lifts": LIFTS}, staff={"u1": U1},
    absences=[AWAY], signing=Signing(epoch=2, since=NOON), open311=True, open311_epoch=1,
)  # fmt: skip


def test_a_directory_comes_back_whole(stores: Stores) -> None:
    stores.directory.put_organisation(COMPANY)
    assert stores.directory.organisation(ORG) == COMPANY


def test_an_organisation_that_is_not_there_is_nothing(stores: Stores) -> None:
    assert stores.directory.organisation(ORG) is None
    stores.directory.put(ORG, "staff", "u1", U1)
    assert stores.directory.organisation(ORG) is None
    stores.directory.put_organisation(COMPANY)
    assert stores.directory.organisation("c-companion") is None


def test_an_entry_is_written_by_itself(stores: Stores) -> None:
    stores.directory.put(ORG, "organisation", ORG, COMPANY)
    assert stores.directory.organisation(ORG) == Organisation(id=ORG, name=COMPANY.name, open311=True, open311_epoch=1)
    stores.directory.put(ORG, "site", "main", MAIN)
    stores.directory.put(ORG, "department", "lifts", to_builtins(LIFTS))
    stores.directory.put(ORG, "staff", "u1", U1)
    stores.directory.put(ORG, "signing", "", Signing(epoch=2, since=NOON))
    stores.directory.put_absence(ORG, AWAY)
    assert stores.directory.organisation(ORG) == COMPANY


def test_an_entry_written_again_is_replaced_and_the_rest_stays(stores: Stores) -> None:
    stores.directory.put_organisation(COMPANY)
    stores.directory.put(ORG, "staff", "u1", replace(U1, active=False))
    stores.directory.put(ORG, "organisation", ORG, replace(COMPANY, name={"en": "Renamed"}))
    found = stores.directory.organisation(ORG)
    assert found == replace(COMPANY, name={"en": "Renamed"}, staff={"u1": replace(U1, active=False)})


def test_an_absence_of_the_same_start_is_replaced(stores: Stores) -> None:
    stores.directory.put_organisation(COMPANY)
    stores.directory.put_absence(ORG, replace(AWAY, end=NOON + timedelta(days=1)))
    stores.directory.put_absence(ORG, replace(AWAY, start=NOON + timedelta(days=30), end=NOON + timedelta(days=31)))
    found = stores.directory.organisation(ORG)
    assert found is not None
    assert [(a.end - NOON).days for a in found.absences] == [1, 31]


def test_a_large_directory_is_written_and_read(stores: Stores) -> None:
    staff = {f"u{i}": Person(id=f"u{i}", name=f"员工{i}") for i in range(120)}
    stores.directory.put_organisation(replace(COMPANY, staff=staff))
    found = stores.directory.organisation(ORG)
    assert found is not None
    assert found.staff == staff


def test_an_own_procedure_is_kept_in_all_its_versions(stores: Stores) -> None:
    for version in (1, 2, 10):
        stores.directory.put_procedure(ORG, "own", version, {"id": "own", "version": version})
    assert stores.directory.procedure(ORG, "own", 2) == {"id": "own", "version": 2}
    assert stores.directory.procedure(ORG, "own") == {"id": "own", "version": 10}
    assert stores.directory.procedure(ORG, "own", 3) is None
    assert stores.directory.procedure(ORG, "none") is None
    assert stores.directory.procedure("h-hospital", "own", 1) is None


def test_a_version_of_a_procedure_never_changes(stores: Stores) -> None:
    stores.directory.put_procedure(ORG, "own", 1, {"title": "a"})
    stores.directory.put_procedure(ORG, "own", 1, {"title": "a"})
    with pytest.raises(Conflict):
        stores.directory.put_procedure(ORG, "own", 1, {"title": "b"})
    assert stores.directory.procedure(ORG, "own", 1) == {"title": "a"}


# on the table


def test_a_directory_is_one_query_and_kept_for_half_a_minute(stand: Stand) -> None:
    stand.stores.directory.put_organisation(COMPANY)
    with calls_of(stand.client) as calls:
        for stand.seconds in (100.0, 129.9, 130.1):
            stand.stores.directory.organisation(ORG)
    assert calls == ["Query", "Query"]


def test_what_is_kept_is_forgotten_when_it_changes(stand: Stand) -> None:
    directory = stand.stores.directory
    directory.put_organisation(COMPANY)
    directory.organisation(ORG)
    directory.put(ORG, "staff", "u1", replace(U1, name="李四"))
    directory.put_absence(ORG, replace(AWAY, stand_in="u3"))
    found = directory.organisation(ORG)
    assert found is not None
    assert (found.staff["u1"].name, found.absences[0].stand_in) == ("李四", "u3")


def test_an_absence_is_forgotten_more_than_a_year_after_its_end(stand: Stand) -> None:
    stand.stores.directory.put_absence(ORG, AWAY)
    [item] = stand.items()
    assert int(item["ttl"]["N"]) == (AWAY.end + timedelta(days=400)).timestamp()


def test_keeping_a_procedure_survives_a_lost_reply(stand: Stand) -> None:
    with replies_lost(stand.client, "PutItem"):
        stand.stores.directory.put_procedure(ORG, "own", 1, {"title": "a"})
    assert stand.stores.directory.procedure(ORG, "own") == {"title": "a"}


def test_every_organisation_is_named_and_the_holidays_by_which_cases_are_armed(stores: Stores) -> None:
    assert (stores.directory.organisations(), stores.directory.holidays()) == ([], "")
    for org in (ORG, "b#1"):
        stores.directory.put_organisation(replace(COMPANY, id=org, absences=[]))
    stores.directory.put_holidays("25b8fde9db8e")
    assert sorted(stores.directory.organisations()) == ["b#1", ORG]
    assert stores.directory.holidays() == "25b8fde9db8e"
