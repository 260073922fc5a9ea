"""C公司: a customer who comes again, a matter taken down twice, and what the reception hears of it at once."""

from chalicelib.desk.alike import same_customer
from chalicelib.desk.ties import holding
from tests.stories.company import LEAK
from tests.stories.story import Case
from tests.stories.town import Town

NOW = {name: value for name, value in LEAK.items() if name != "received_at"}
CHEN = {"name": "陈女士", "phone": "13900001101", "room": "3-2-1101"}


def beside(case: Case, person: str) -> list[tuple[str, str, str]]:
    """What is suggested to a person in the case: kind, number and why."""
    shown = case.town.world.show(case.town.org, case.number, person, "zh-Hans")
    return [(one.kind, one.number, one.why) for one in shown.suggested]


def test_a_leak_that_comes_back_after_closing_is_linked_with_the_first_and_both_stay_cases() -> None:
    town = Town("c-company", "02-13 09:00")
    first = town.receives({**NOW, "customer": CHEN}, by="c.li")
    first.until("02-14 12:00").do("send_form").do("classify").do("accept").do("return_result").do("tell_customer")
    first.until("03-12 10:00")
    assert first.head.finished
    content = {"summary": "卫生间又渗水了", "details": "上次修过的卫生间顶又渗水，墙皮脱落更厉害。"}
    again = town.receives({"channel": "phone", "customer": {"phone": "139 0000 1101"}, "content": content}, by="c.li")
    town.receives({**NOW, "customer": {"phone": "13900002202"}}, by="c.li")

    earlier = town.world.show(town.org, again.number, "c.li", "zh-Hans").earlier
    assert [one.number for one in earlier or []] == [first.number]
    again.do("link_case", by="c.li", joins=first.number, link_kind="repeat", link_note="同一处渗水")
    for one, other in ((first, again), (again, first)):
        tie = holding(one.head)[other.number]
        assert (tie.kind, tie.by, tie.note) == ("repeat", "c.li", "同一处渗水")
    assert (first.head.status, again.stage) == ("closed", "received")
    assert same_customer([case.head for case in town.cases]) == [[first.number, again.number], [town.cases[2].number]]


def test_a_call_about_what_the_customer_also_sent_by_the_form_is_seen_to_be_a_duplicate() -> None:
    town = Town("c-company", "02-13 09:00")
    by_form = town.receives({**NOW, "channel": "web", "customer": CHEN})
    town.until("02-13 15:00")
    by_phone = town.receives({**NOW, "channel": "phone", "customer": CHEN}, by="c.li")
    ((kind, number, why),) = beside(by_phone, "c.li")
    assert (kind, number) == ("duplicate", by_form.number)
    assert why.startswith("同一电话、同一房号")
    assert "相隔6小时，内容几乎相同，该件尚未办结" in why
    by_phone.do("link_case", by="c.li", joins=by_form.number, link_kind="duplicate")
    assert beside(by_phone, "c.li") == beside(by_form, "c.li") == []
    assert by_form.refused("link_case", by="c.li", link_kind="duplicate") == (
        "joins: must be the number of another complaint"
    )
