"""The directory: checked before it is written, and what moves due times starts a job."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.cases.entries import SiteSettings
from chalicelib.desk.errors import BadInput, NotFound
from chalicelib.desk.people import Absence, Person
from tests.web.air import ORG, STAFF, START, Air, on_air


@pytest.fixture
def air() -> Iterator[Air]:
    with on_air() as found:
        yield found


def test_there_is_no_directory_of_an_unknown_organisation(air: Air) -> None:
    with pytest.raises(NotFound):
        air.world.directory.organisation("nobody")


def test_one_administrator_always_remains(air: Air) -> None:
    with pytest.raises(BadInput):
        air.world.directory.put_person(ORG, replace(STAFF["root"], admin=False), by="root")
    with pytest.raises(BadInput):
        air.world.directory.put_person(ORG, replace(STAFF["root"], active=False), by="root")
    air.world.directory.put_person(ORG, replace(STAFF["root"], name="管理员"), by="root")
    assert air.world.directory.organisation(ORG).staff["root"].name == "管理员"


def test_a_new_colleague_is_known_at_once(air: Air) -> None:
    air.world.directory.put_person(ORG, Person(id="new", name="新来"), by="root")
    until = START + timedelta(days=1)
    air.world.directory.put_absence(ORG, Absence(person="lin", start=START, end=until, stand_in="new"))
    assert air.world.directory.organisation(ORG).absences[0].stand_in == "new"


def test_the_same_settings_again_rearm_nothing(air: Air) -> None:
    chosen = SiteSettings(site="main", settings={"solve": "5d"})
    air.world.directory.put_settings(ORG, chosen)
    air.stores.cases.memory.jobs.clear()
    air.world.directory.put_settings(ORG, chosen)
    assert not air.stores.cases.memory.jobs


def test_an_empty_setting_means_measured_and_never_late(air: Air) -> None:
    air.world.directory.put_settings(ORG, SiteSettings(site="main", settings={"solve": ""}))
    assert air.world.directory.organisation(ORG).sites["main"].settings == {"solve": ""}


def test_a_recurrence_that_is_set_arms_the_duty(air: Air) -> None:
    air.world.directory.put_settings(ORG, SiteSettings(site="main", settings={"trend_interval": "quarterly:1"}))
    armed = air.stores.duties.load(ORG, "main", "trend")
    assert armed is not None
    assert armed > START
