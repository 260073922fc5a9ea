"""Forms of the procedures in a browser: how each kind of field is drawn, and what is read of it."""

from typing import Any

import pytest

from chalicelib.desk.people import Department
from chalicelib.desk.procedure import Field
from chalicelib.desk.schemas import field_schema
from chalicelib.procedures.compile import sources
from chalicelib.web.form_fields import Input, answers, draws_as, inputs
from tests.web.air import organisation, shipped

ZONE = "Asia/Shanghai"
CHOICES = {"a": {"en": "One"}, "b": {"en": "Two"}}
COLUMNS = {"what": {"en": "What"}, "cost": {"en": "Cost"}}


def a_field(type: str, **about: Any) -> dict[str, Any]:
    entry = Field(title={"en": "Title"}, type=type, never_unknown=True, **about)  # type: ignore[arg-type]  # a type
    return field_schema(entry, organisation(), "en")


def form(one: dict[str, Any], *, required: bool = True, **others: dict[str, Any]) -> dict[str, Any]:
    return {"properties": {"x": one, **others}, "required": ["x"] if required else []}


def drawn(one: dict[str, Any], typed: dict[str, str] | None = None) -> Input:
    return inputs(form(one), ZONE, typed)[0]


KINDS = [
    ("text", {}, "line", {"f.x": " said "}, "said"),
    ("long", {}, "story", {"f.x": "said\nmore"}, "said\nmore"),
    ("number", {}, "number", {"f.x": "3"}, 3),
    ("number", {}, "number", {"f.x": "2.5"}, 2.5),
    ("number", {}, "number", {"f.x": "many"}, "many"),
    ("money", {}, "line", {"f.x": "12.50"}, "12.50"),
    ("yes_no", {}, "one", {"f.x": "no"}, "no"),
    ("tick", {}, "tick", {"f.x": "yes"}, "yes"),
    ("instant", {}, "when", {"f.x": "2026-11-23T09:00"}, "2026-11-23T09:00:00+08:00"),
    ("instant", {}, "when", {"f.x": "tomorrow"}, "tomorrow"),
    ("date", {}, "date", {"f.x": "2026-11-23"}, "2026-11-23"),
    ("plate", {}, "line", {"f.x": "粤B12345"}, "粤B12345"),
    ("phone", {}, "line", {"f.x": "13800138000"}, "13800138000"),
    ("email", {}, "line", {"f.x": "a@example.org"}, "a@example.org"),
    ("file", {}, "file", {"f.x": "0" * 32}, "0" * 32),
    ("choice", {"choices": CHOICES}, "one", {"f.x": "b"}, "b"),
    ("choices", {"choices": CHOICES}, "several", {"f.x.a": "yes", "f.x.b": "yes"}, ["a", "b"]),
    ("person", {}, "one", {"f.x": "lin"}, "lin"),
    ("people", {}, "several", {"f.x.lin": "yes"}, ["lin"]),
    ("signatures", {}, "several", {"f.x.wei": "yes"}, ["wei"]),
    ("department", {}, "one", {"f.x": "works"}, "works"),
    ("table", {"columns": COLUMNS}, "table", {"f.x.0.what": "a", "f.x.0.cost": "", "f.x.2.cost": "3", "f.x.1.what": ""},
     [{"what": "a", "cost": ""}, {"what": "", "cost": "3"}]),
]  # fmt: skip


@pytest.mark.parametrize(("type", "about", "draws", "typed", "value"), KINDS, ids=lambda one: str(one)[:20])
def test_each_kind_of_field_is_drawn_and_read(
    type: str, about: dict[str, Any], draws: str, typed: dict[str, str], value: Any
) -> None:
    one = a_field(type, **about)
    assert draws_as(one) == draws
    assert answers(form(one), ZONE, typed) == {"x": value}


@pytest.mark.parametrize(("type", "about", "draws", "typed", "value"), KINDS, ids=lambda one: str(one)[:20])
def test_what_was_typed_is_drawn_again_as_it_was(
    type: str, about: dict[str, Any], draws: str, typed: dict[str, str], value: Any
) -> None:
    again = drawn(a_field(type, **about), typed)
    shown = {f"f.x.{choice}": "yes" for choice in again.ticked}
    shown |= {f"f.x.{n}.{c}": cell for n, row in enumerate(again.rows) for c, cell in row.items()}
    shown |= {"f.x": again.value} if again.value else {}
    assert answers(form(a_field(type, **about)), ZONE, shown) == {"x": value}


@pytest.mark.parametrize(
    ("type", "about", "offered", "shown"),
    [
        ("text", {}, "said", "said"), ("instant", {}, "2026-11-23T01:00:59Z", "2026-11-23T09:00"),
        ("number", {}, 3, "3"), ("choice", {"choices": CHOICES}, "b", "b"), ("money", {}, "12.50", "12.50"),
    ],
)  # fmt: skip
def test_what_is_offered_stands_in_the_field_and_goes_back_as_it_was(
    type: str, about: dict[str, Any], offered: Any, shown: str
) -> None:
    one = {**a_field(type, **about), "default": offered}
    assert drawn(one).value == shown
    assert answers(form(one), ZONE, {"f.x": shown}) == {"x": offered}  # with its seconds
    assert answers(form(one, required=False), ZONE, {"f.x": shown}) == {}  # it stands as it is
    assert answers(form(one, required=False), ZONE, {"f.x": "2"}) != {}


def test_several_and_tables_are_offered_too() -> None:
    several = {**a_field("choices", choices=CHOICES), "default": ["b"]}
    assert (drawn(several).ticked, answers(form(several), ZONE, {"f.x.b": "yes"})) == (["b"], {"x": ["b"]})
    table = {**a_field("table", columns=COLUMNS), "default": [{"what": "a"}]}
    assert drawn(table).rows[0] == {"what": "a", "cost": ""}
    assert len(drawn(table).rows) == 3


def test_what_is_not_known_is_said_with_its_reason_whatever_else_was_typed() -> None:
    one = field_schema(Field(title={"en": "Title"}), organisation(), "en")
    assert drawn(one).may_be_unknown
    assert answers(form(one), ZONE, {"f.x": "", "u.x": "nobody saw it"}) == {"x": {"unknown": "nobody saw it"}}
    assert drawn(one, {"u.x": "nobody saw it"}).unknown == "nobody saw it"
    assert drawn({**one, "default": {"unknown": "lost"}}).unknown == "lost"


def test_a_field_that_no_answer_of_this_form_could_call_for_is_left_out() -> None:
    asked = {**a_field("text"), "x-asked-now": False, "x-when": [{"field": "y", "op": "is", "values": ["yes"]}]}
    alone = {"properties": {"x": asked}, "required": []}
    assert inputs(alone, ZONE) == []
    [one, _] = inputs(form(asked, y=a_field("yes_no")), ZONE, told=lambda test: f"{test['field']} is yes")
    assert one.when == ["y is yes"]


def test_what_is_required_is_marked_where_that_is_sure() -> None:
    on_its_own = {**a_field("tick"), "x-asked-now": True, "x-when": []}  # by what the case is: it may be left empty
    called_for = {**a_field("text"), "x-asked-now": True, "x-when": [{"field": "y", "op": "is", "values": ["yes"]}]}
    only_now = {**a_field("text"), "x-required-now": True, "x-required-when": []}
    for one, required in ((on_its_own, False), (called_for, True), (only_now, True)):
        assert inputs(form(one, required=False, y=a_field("yes_no")), ZONE)[0].required is required


def test_where_there_is_nobody_to_choose_nothing_is_drawn_to_choose_from() -> None:
    from msgspec.structs import replace  # noqa: PLC0415 # here alone

    empty = replace(organisation(), departments=dict[str, Department](), staff={})
    for type in ("department", "people"):
        one = field_schema(Field(title={"en": "x"}, type=type, never_unknown=True), empty, "en")  # type: ignore[arg-type]
        assert draws_as(one) == "nobody"
        assert answers(form(one), ZONE, {"f.x": "somebody"}) in ({}, {"x": "somebody"})


@pytest.mark.parametrize("procedure", sorted(sources()))
def test_every_field_of_every_procedure_can_be_drawn(procedure: str) -> None:
    fields = shipped(procedure).bind({}).fields
    for language in ("en", "zh-Hans", "zh-Hant"):
        for id, entry in fields.items():
            one = field_schema(entry, organisation(), language)
            [made] = inputs({"properties": {id: one}, "required": []}, ZONE)
            assert made.title
            assert bool(made.choices) == (made.draws in ("one", "several"))
