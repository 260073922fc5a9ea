"""What forms offer as answers, and what stands at intake where nobody answered."""

from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.cases.picture import Picture
from chalicelib.desk.answers import normalised
from chalicelib.desk.fills import offered
from tests.desk.build import MONDAY, Case, at, desk, stamp

FILLING = """
settings:
  end: {title: {zh: 期限}, type: limit, default: 3d}
  city: {title: {zh: 城市}, type: text, default: 上海}
fields:
  end: {type: instant, after: now, fill: {setting: end}}
  day: {type: date, fill: 24h}
  taken_at: {type: instant, fill: now}
  by: {type: person, fill: actor}
  team: {type: people, fill: actor}
  unit: {type: department, fill: actor_unit}
  how: {type: choice, choices: {mail: {zh: 邮寄}, call: {zh: 电话}}, fill: call}
  city: {type: text, fill: {setting: city}}
  amount: {type: money, fill: 12}
  only: {type: text, when: {how: mail}, fill: x}
actions:
  register: {at: [new], by: [anyone], asks: [end, taken_at, city], may_ask: [by, how, only], goes: working}
  note: {at: [working], by: [agent], asks: [end, day, taken_at, by, team, unit, how, amount], may_ask: [only]}
"""


def offers(case: Case, who: str = "ann") -> dict[str, Any]:
    view = Picture(case.desk, case.state, who, case.now, "en", knows=True).case()
    properties = next(action.form["properties"] for action in view.actions if action.id == "note")
    return {name: one["default"] for name, one in properties.items() if "default" in one}


def test_a_form_offers_who_acts_their_unit_now_a_time_and_a_value():
    assert offers(Case(desk(FILLING), end=stamp("03-04 09:00"), how="mail")) == {
        "end": "2026-03-04T01:00:00Z",  # what was given
        "day": "2026-03-03",
        "taken_at": "2026-03-02T01:00:00Z",
        "by": "ann",
        "team": ["ann"],
        "unit": "desk",
        "how": "mail",
        "amount": "12.00",
        "only": "x",
    }


def test_at_intake_times_and_values_stand_and_what_nobody_said_is_unknown():
    case = Case(desk(FILLING))
    assert case.state.values == {
        "end": "2026-03-05T16:00:00Z", "city": "上海", "how": "call", "taken_at": {"unknown": "登记时未说明"},
    }  # fmt: skip


def test_a_time_at_intake_counts_from_the_receipt_or_from_now_where_that_would_be_over():
    for received, until in (("03-01 09:00", "2026-03-04T16:00:00Z"), ("02-01 09:00", "2026-03-05T16:00:00Z")):
        case = Case(desk(FILLING), fixed={"received_at": at(received)})
        assert case.state.values["end"] == until


def test_an_empty_setting_fills_nothing():
    case = Case(desk(FILLING, settings={"end": "", "city": ""}))
    assert "unknown" in case.state.values["end"]
    assert "end" not in offers(case)


def test_what_does_not_apply_is_not_filled():
    assert "only" not in Case(desk(FILLING), how="call").state.values
    assert Case(desk(FILLING), how="mail").state.values["only"] == "x"


DESKS = {limit: desk(FILLING, settings={"end": limit}) for limit in ("0d", "1d", "45m", "24h", "8bh", "30d", "99999d")}


@given(limit=st.sampled_from(list(DESKS)), minutes=st.integers(0, 400_000))
def test_whatever_is_offered_is_an_answer_that_the_field_takes(limit: str, minutes: int):
    on, now = DESKS[limit], at(MONDAY) + timedelta(minutes=minutes)
    for entry in on.procedure.fields.values():
        value = offered(on, entry, "ann", now)
        if value is not None:
            assert normalised(entry, value, on.organisation, now) is not None
