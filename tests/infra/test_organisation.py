"""The first organisation of a deployment: from a file, with what stands against it in words."""

from pathlib import Path

import pytest

from chalicelib.desk.errors import BadInput, Conflict, Problem
from chalicelib.desk.people import Organisation
from infra import organisation
from infra.deploy import DeployError
from infra.seed import DEMO


def test_the_files_of_the_demo_are_such_files() -> None:
    assert organisation.read(DEMO / "c-company.yaml").id == "c-company"


@pytest.mark.parametrize("text", ["id: [", "name: {zh-Hans: 甲}", "id: a\nname: {en: A}\nsites: {main: {id: main}}"])
def test_a_file_that_says_no_organisation_is_refused_with_its_name_and_the_reason(tmp_path: Path, text: str) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DeployError, match=r"mine\.yaml: "):
        organisation.read(path)
    with pytest.raises(DeployError, match=r"none\.yaml"):
        organisation.read(tmp_path / "none.yaml")


def test_what_the_desk_has_against_it_is_told_a_line_each() -> None:
    def bad(_: Organisation) -> None:
        raise BadInput("It cannot be kept as it is.", [Problem("id", "is too long"), Problem("staff", "is required")])

    def taken(_: Organisation) -> None:
        raise Conflict("There is one already.")

    company = organisation.read(DEMO / "c-company.yaml")
    with pytest.raises(DeployError, match=r"as it is\.\n  id is too long\n  staff is required"):
        organisation.put(company, bad)
    with pytest.raises(DeployError, match="one already"):
        organisation.put(company, taken)


def test_each_administrator_gets_a_sign_in() -> None:
    company = organisation.read(DEMO / "c-company.yaml")
    [command] = organisation.sign_ins(company, "pool-1")
    assert "--username c.wu" in command
    assert "Name=custom:org,Value=c-company Name=custom:site,Value=main" in command
