"""Public notices: whole or not at all, and what was published before stays known."""

from datetime import timedelta

from chalicelib.desk.people import Site
from chalicelib.desk.procedure import Notice, NoticeEntry
from chalicelib.desk.publishing import KEPT, problems, published
from tests.desk.build import MONDAY, at

HOTLINE = Notice(
    title={"en": "Hotline"},
    entries={
        "phone": NoticeEntry(title={"en": "Phone"}, type="phone"),
        "email": NoticeEntry(title={"en": "E-mail"}, type="email"),
        "hours": NoticeEntry(title={"en": "Hours"}),
    },
)
WHOLE = {"phone": "400-000-0005", "email": "care@example.org", "hours": "9:00-12:00"}
SITE = Site(id="main", name={"en": "Main"}, procedure="tiny")


def test_a_notice_with_every_entry_is_in_order():
    assert problems(HOTLINE, WHOLE) == []


def test_every_blank_entry_is_named_at_once_and_what_is_no_entry_too():
    found = problems(HOTLINE, {"phone": " ", "hours": "", "fax": "1"})
    assert {p.field for p in found} == {"entries.phone", "entries.email", "entries.hours", "entries.fax"}


def test_a_phone_is_a_phone_and_a_mailbox_a_mailbox():
    found = problems(HOTLINE, {**WHOLE, "phone": "call us", "email": "nowhere"})
    assert [(p.field, p.problem) for p in found] == [
        ("entries.phone", "must be a phone number"), ("entries.email", "is not an e-mail address"),
    ]  # fmt: skip


def test_the_date_of_each_publication_is_kept_and_the_same_again_is_none():
    first = published(SITE, "hotline", WHOLE, "ann", at(MONDAY))
    again = published(first, "hotline", dict(WHOLE), "ben", at(MONDAY) + timedelta(days=1))
    moved = published(again, "hotline", {**WHOLE, "hours": "9:00-18:00"}, "ben", at(MONDAY) + timedelta(days=2))
    assert again is first
    assert [(one.by, one.entries["hours"]) for one in moved.notices["hotline"]] == [
        ("ann", "9:00-12:00"), ("ben", "9:00-18:00"),
    ]  # fmt: skip


def test_only_the_latest_publications_are_remembered():
    site = SITE
    for day in range(KEPT + 5):
        site = published(site, "hotline", {**WHOLE, "hours": str(day)}, "ann", at(MONDAY) + timedelta(days=day))
    assert [one.entries["hours"] for one in site.notices["hotline"]] == [str(day) for day in range(5, KEPT + 5)]
