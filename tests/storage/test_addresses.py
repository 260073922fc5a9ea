"""Whose an address is: what every DirectoryStore says of it."""

import pytest
from msgspec.structs import replace

from chalicelib.desk.errors import Conflict
from chalicelib.storage.stores import Stores
from tests.storage.test_directory import COMPANY, MAIN, ORG

ADDRESS = "complaints@c.example"
OTHER = replace(COMPANY, id="other")
WITH = replace(MAIN, mail=[ADDRESS])


def test_an_address_leads_to_the_site_that_has_it(stores: Stores) -> None:
    stores.directory.put_organisation(COMPANY)
    assert stores.directory.takes_mail(ADDRESS) is None
    stores.directory.put(ORG, "site", "main", WITH)
    assert stores.directory.takes_mail(ADDRESS) == (ORG, "main")
    stores.directory.put(ORG, "site", "main", MAIN)
    assert stores.directory.takes_mail(ADDRESS) is None


def test_a_whole_directory_brings_its_addresses(stores: Stores) -> None:
    stores.directory.put_organisation(replace(COMPANY, sites={"main": WITH}))
    stores.directory.put_organisation(replace(COMPANY, sites={"main": WITH}))
    assert stores.directory.takes_mail(ADDRESS) == (ORG, "main")


def test_nobody_takes_the_address_of_another_organisation(stores: Stores) -> None:
    stores.directory.put_organisation(replace(COMPANY, sites={"main": WITH}))
    stores.directory.put_organisation(OTHER)
    with pytest.raises(Conflict):
        stores.directory.put("other", "site", "main", WITH)
    assert stores.directory.takes_mail(ADDRESS) == (ORG, "main")


def test_an_address_that_was_given_up_is_free_for_anybody(stores: Stores) -> None:
    stores.directory.put_organisation(replace(COMPANY, sites={"main": WITH}))
    stores.directory.put_organisation(OTHER)
    stores.directory.put(ORG, "site", "main", MAIN)
    stores.directory.put("other", "site", "main", WITH)
    assert stores.directory.takes_mail(ADDRESS) == ("other", "main")


def test_an_address_moves_between_sites_of_one_organisation(stores: Stores) -> None:
    stores.directory.put_organisation(replace(COMPANY, sites={"main": WITH}))
    stores.directory.put(ORG, "site", "main", MAIN)
    stores.directory.put(ORG, "site", "north", replace(WITH, id="north"))
    assert stores.directory.takes_mail(ADDRESS) == (ORG, "north")
