"""The demo's people become sign-ins."""

from pathlib import Path

from chalicelib.desk.people import Organisation, Person, Site
from chalicelib.desk.procedure import Words
from infra import seed


def words(text: str) -> Words:
    return Words(hans=text, hant=text, en=text)


def organisation() -> Organisation:
    return Organisation(
        id="c-company",
        name=words("company"),
        sites={
            "main": Site(
                id="main",
                name=words("main"),
                procedure="c-company",
                posts={"handler": ["c-company.handler", "c-company.deputy"], "head": ["c-company.head-admin"]},
            )
        },
        staff={
            id: Person(id=id, name=id, admin=id.endswith("admin"))
            for id in (
                "c-company.handler",
                "c-company.deputy",
                "c-company.head-admin",
                "c-company.admin",
                "c-company.guest",
            )
        },
    )


def test_everyone_gets_an_entry_for_each_post_or_one_without() -> None:
    assert [(entry["username"], entry["site"], entry["role"]) for entry in seed.sign_ins(organisation())] == [
        ("c-company.handler", "main", "handler"),
        ("c-company.deputy", "main", "handler"),
        ("c-company.head-admin", "main", "head"),
        ("c-company.head-admin", "main", "admin"),
        ("c-company.admin", "main", "admin"),
        ("c-company.guest", "main", "staff"),
    ]


def test_every_entry_has_what_a_tool_needs_to_sign_in() -> None:
    for entry in seed.sign_ins(organisation()):
        assert set(entry) == {"org", "site", "role", "username", "password"}
        assert entry["org"] == "c-company"


def test_every_demo_file_is_an_organisation_named_after_the_procedure_it_shows() -> None:
    demo = seed.organisations()
    assert {"c-company", "w-workshop"} <= {organisation.id for organisation in demo}
    for organisation in demo:
        assert [site.procedure for site in organisation.sites.values()] == [organisation.id]


def test_no_two_people_of_the_demo_share_a_sign_in() -> None:
    names = [person for organisation in seed.organisations() for person in organisation.staff]
    assert len(names) == len(set(names))


def test_a_folder_without_files_is_a_demo_without_organisations(tmp_path: Path) -> None:
    assert seed.organisations(tmp_path) == []
