"""The directory: checked before it is written, and what moves due times starts a job."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from chalicelib.cases.entries import SiteSettings
from chalicelib.desk.errors import BadInput, Conflict, NotFound
from chalicelib.desk.people import Absence, Department, Organisation, Person
from infra.seed import organisations
from tests.web.air import ORG, STAFF, START, Air, on_air, organisation


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


@pytest.mark.parametrize("first", organisations(), ids=lambda one: one.id)
def test_a_first_organisation_is_there_whole_and_its_duties_recur_from_then_on(first: Organisation) -> None:
    with on_air(organisation("another")) as air:
        air.world.directory.put_organisation(first)
        assert air.stores.directory.organisation(first.id) == first
        duties = air.world.desks.at(first.id, "main").procedure.duties
        armed = [air.stores.duties.load(first.id, "main", duty) for duty in duties]
        air.world.directory.put_organisation(first)
        assert [air.stores.duties.load(first.id, "main", duty) for duty in duties] == armed


def test_an_organisation_that_is_there_is_for_its_administrators_to_change(air: Air) -> None:
    before = air.stores.directory.organisation(ORG)
    with pytest.raises(Conflict):
        air.world.directory.put_organisation(replace(organisation(), departments={}))
    assert air.stores.directory.organisation(ORG) == before


def test_everything_wrong_with_a_first_organisation_is_said_at_once_and_nothing_is_written(air: Air) -> None:
    good = next(one for one in organisations() if one.id == "w-workshop")
    site = replace(good.sites["main"], procedure="none", id="other")
    staff = {name: replace(person, admin=False) for name, person in good.staff.items()}
    staff["lost"] = Person(id="lost", name="某人", departments=["nowhere"])
    unit = Department(id="unit", name={"zh-Hans": "部门"}, people=["nobody"], head="no one")
    bad = replace(good, id="a b", name={}, sites={"main": site}, staff=staff, departments={"unit": unit})
    with pytest.raises(BadInput) as refused:
        air.world.directory.put_organisation(bad)
    assert {(problem.field, problem.problem) for problem in refused.value.problems} >= {
        ("id", "must be letters, digits, hyphens and underscores, at most 48"),
        ("name", "is required, in one language at least"),
        ("staff", "needs an administrator: `admin: true`"),
        ("sites.main.id", "must be main"),
        ("sites.main.procedure", "is not known here"),
        ("staff.lost.departments", "is not known here: nowhere"),
        ("departments.unit", "is not known here: nobody"),
        ("departments.unit", "is not known here: no one"),
    }
    with pytest.raises(BadInput):
        air.world.directory.put_organisation(replace(good, sites={}))
    assert air.stores.directory.organisation("a b") is air.stores.directory.organisation(good.id) is None
