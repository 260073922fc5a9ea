"""From the tree of a file to typed data: short forms, settings, and all problems at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.desk.conditions import All, AnyOf, Test
from chalicelib.desk.conditions import holds as all_hold
from chalicelib.desk.procedure import Limit, LimitChoice, Procedure, Rung, Signal, Way
from chalicelib.procedures.normalise import normalise
from chalicelib.procedures.problems import Problem, Unsound

TITLE = {"zh": "话", "en": "words"}


def tree(**parts: Any) -> dict[str, Any]:
    return {"procedure": "p", "version": "3", "title": TITLE, **parts}


def action(**parts: Any) -> dict[str, Any]:
    return tree(actions={"act": {"title": TITLE, "at": ["s"], "by": ["r"], **parts}})


def clock(**parts: Any) -> dict[str, Any]:
    return tree(clocks={"c": {"title": TITLE, **parts}})


def problems(broken: Any, settings: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(Unsound) as found:
        normalise(broken, settings or {})
    return [str(problem) for problem in found.value.problems]


def condition(said: Any, **fields: Any) -> Any:
    typed = {name: {"title": TITLE, "type": kind} for name, kind in fields.items()}
    return normalise(tree(urgent=said, fields=typed), {}).urgent


def test_scalars_are_typed_by_their_place() -> None:
    read = normalise(tree(fields={"on": {"title": TITLE, "type": "yes_no", "per_round": "true"}}), {})

    assert (read.id, read.version, read.fields["on"].per_round) == ("p", 3, True)


def test_zh_stands_for_simplified_chinese() -> None:
    assert normalise(tree(), {}).title == {"zh-Hans": "话", "en": "words"}


CONDITIONS = [
    ({"ours": "yes"}, Test("field", "ours", "is", ["yes"])),
    ({"severity": ["major", "severe"]}, Test("field", "severity", "is", ["major", "severe"])),
    ({"consent": "given"}, Test("field", "consent", "given")),
    ({"consent": "missing"}, Test("field", "consent", "missing")),
    ({"a": ["unknown", "no"]}, AnyOf([Test("field", "a", "unknown"), Test("field", "a", "is", ["no"])])),
    ({"count": {"at_least": "3"}}, Test("field", "count", "at_least", [3])),
    ({"count": "3"}, Test("field", "count", "is", [3])),
    ({"discount": {"at_least": "500.5"}}, Test("field", "discount", "at_least", [500.5])),
    ({"discount": "500"}, Test("field", "discount", "is", ["500.00"])),
    ({"discount": {"more_than": "200"}}, Test("field", "discount", "more_than", [200])),
    ({"round": {"at_least": "2"}}, Test("round", "", "at_least", [2])),
    ({"round": "1"}, Test("round", "", "is", ["1"])),
    ({"stage": "pending"}, Test("stage", "", "is", ["pending"])),
    ({"done": "find_facts"}, Test("done", values=["find_facts"])),
    ({"done": {"action": "approve", "since": "propose"}}, Test("done", values=["approve"], since="propose")),
    ({"not_done": ["a", "b"]}, Test("not_done", values=["a", "b"])),
    ({"late": "accept", "ours": "no"}, All([Test("late", values=["accept"]), Test("field", "ours", "is", ["no"])])),
    ([{"ours": "no"}, {"open": "x"}], AnyOf([Test("field", "ours", "is", ["no"]), Test("open", values=["x"])])),
]  # fmt: skip


@pytest.mark.parametrize(("said", "meant"), CONDITIONS, ids=[str(said) for said, _ in CONDITIONS])
def test_a_condition_means_what_it_says(said: Any, meant: Any) -> None:
    assert condition(said, count="number", discount="money") == meant


LIMITS = [
    ("45m", Limit(kind="elapsed", amount=45)),
    ("24h", Limit(kind="elapsed", amount=24 * 60)),
    ("3d", Limit(kind="days", amount=3)),
    ("0d", Limit(kind="days", amount=0)),
    ("8bh", Limit(kind="business", amount=8 * 60)),
    ("", Limit()),
    (None, Limit()),
    ({"until": "new_time"}, Limit(kind="until", name="new_time")),
    ({"day_of_month": "4", "of": "next_month"}, Limit(kind="monthly", amount=4)),
    ({"of_opening": "24h"}, Limit(kind="elapsed", amount=24 * 60, of_opening=True)),
    ({"of_opening": ""}, Limit()),
]


@pytest.mark.parametrize(("said", "meant"), LIMITS, ids=[str(said) for said, _ in LIMITS])
def test_a_limit_means_what_it_says(said: Any, meant: Limit) -> None:
    assert normalise(clock(limit=said), {}).clocks["c"].limits == [LimitChoice(limit=meant)]


def test_the_first_limit_that_fits_is_listed_first() -> None:
    read = normalise(clock(limit=[{"when": {"done": "a"}, "is": "48h"}, {"is": "24h"}]), {}).clocks["c"].limits

    assert read == [
        LimitChoice(limit=Limit(kind="elapsed", amount=48 * 60), when=Test("done", values=["a"])),
        LimitChoice(limit=Limit(kind="elapsed", amount=24 * 60)),
    ]


@given(st.integers(0, 99_999), st.sampled_from(["m", "h", "d", "bh"]))
def test_any_number_of_any_unit_is_a_limit(amount: int, unit: str) -> None:
    limit = normalise(clock(limit=f"{amount}{unit}"), {}).clocks["c"].limits[0].limit

    per_unit = {"m": ("elapsed", 1), "h": ("elapsed", 60), "d": ("days", 1), "bh": ("business", 60)}
    assert (limit.kind, limit.amount) == (per_unit[unit][0], amount * per_unit[unit][1])


@given(st.integers(0, 99_999), st.sampled_from(["before", "after"]))
def test_a_rung_counts_minutes_from_the_due_instant(amount: int, side: str) -> None:
    read = normalise(clock(ladder=[{side: f"{amount}m", "tell": ["r"]}]), {}).clocks["c"].ladder

    assert read == [Rung(minutes=-amount if side == "before" else amount, tell=["r"])]


def test_a_rung_at_the_due_instant_has_no_minutes() -> None:
    said = [{"at": "due", "tell": "r", "letter": "late", "by": ["sms"], "source": "stated"}]

    assert normalise(clock(ladder=said), {}).clocks["c"].ladder == [
        Rung(minutes=0, tell=["r"], letter="late", by=["sms"], source="stated")
    ]


def test_a_signal_may_stand_alone_or_with_a_condition() -> None:
    said = clock(starts="done a", stops=[{"signal": "entered s", "when": {"ours": "no"}}, "late c"])

    read = normalise(said, {}).clocks["c"]
    assert read.starts == [Signal(kind="done", name="a")]
    assert read.stops == [
        Signal(kind="entered", name="s", when=Test("field", "ours", "is", ["no"])),
        Signal(kind="late", name="c"),
    ]


def test_an_action_goes_to_a_stage_or_by_the_first_way_that_fits() -> None:
    ways = [{"when": {"ours": "no"}, "to": "s", "again": "true"}, {"put": {"who": "=actor"}}]

    assert normalise(action(goes="s"), {}).actions["act"].goes == [Way(to="s")]
    assert normalise(action(goes=ways), {}).actions["act"].goes == [
        Way(to="s", when=Test("field", "ours", "is", ["no"]), again=True),
        Way(put={"who": "=actor"}),
    ]


def test_one_thing_is_a_list_of_it() -> None:
    read = normalise(action(asks="content", sends={"letter": "l", "to": "customer"}), {}).actions["act"]

    assert (read.asks, read.sends[0].to) == (["content"], ["customer"])


def test_an_answer_is_put_in_the_form_in_which_it_is_kept() -> None:
    fields = {"n": {"title": TITLE, "type": "number"}, "m": {"title": TITLE, "type": "money"}}
    put = {"n": "3", "m": "3", "other": "3", "who": ["a", "b"]}

    read = normalise({**action(put=put), "fields": fields}, {}).actions["act"].put
    assert read == {"n": 3, "m": "3.00", "other": "3", "who": ["a", "b"]}


SETTINGS = {
    "accept": {"title": TITLE, "type": "limit", "default": ""},
    "from": {"title": TITLE, "type": "signal", "choices": ["entered s", "done a"], "default": "entered s"},
    "count": {"title": TITLE, "type": "number", "default": "3"},
    "every": {"title": TITLE, "type": "recurrence"},
}
USING = {
    "settings": SETTINGS,
    "clocks": {"c": {"title": TITLE, "starts": [{"setting": "from"}], "limit": {"setting": "accept"}}},
    "watches": {"w": {"title": TITLE, "same": "x", "at_least": {"setting": "count"}, "within_days": "30", "tell": "r"}},
    "duties": {"d": {"title": TITLE, "every": {"setting": "every"}, "by": "r"}},
}


def read_settings(procedure: Procedure) -> tuple[Any, ...]:
    held = procedure.clocks["c"]
    return held.starts[0].kind, held.limits[0].limit, procedure.watches["w"].at_least, procedure.duties["d"].every


def test_defaults_hold_until_a_site_sets_something_else() -> None:
    assert read_settings(normalise(tree(**USING), {})) == ("entered", Limit(), 3, None)


def test_a_site_sets_values_of_its_own() -> None:
    chosen = {"accept": "2d", "from": "done a", "count": "5", "every": "monthly:2"}

    read = read_settings(normalise(tree(**USING), chosen))
    assert read == ("done", Limit(kind="days", amount=2), 5, "monthly:2")


def test_a_site_may_empty_a_limit_and_keep_what_a_new_version_dropped() -> None:
    filled = {**SETTINGS, "accept": {**SETTINGS["accept"], "default": "24h"}}

    read = normalise(tree(**{**USING, "settings": filled}), {"accept": "", "dropped": "x"})
    assert read.clocks["c"].limits[0].limit == Limit()


FOLLOWING = {
    "shared": {"title": TITLE, "type": "limit", "default": "2d"},
    "accept": {"title": TITLE, "type": "limit", "default": {"setting": "shared"}},
}


@pytest.mark.parametrize(
    ("chosen", "days"), [({}, 2), ({"shared": "5d"}, 5), ({"shared": "5d", "accept": "1d"}, 1), ({"accept": ""}, 0)]
)
def test_a_default_may_be_what_another_setting_holds(chosen: dict[str, str], days: int) -> None:
    read = normalise({**clock(limit={"setting": "accept"}), "settings": FOLLOWING}, chosen)
    assert read.clocks["c"].limits[0].limit.amount == days


def test_defaults_that_follow_each_other_or_nothing_are_found() -> None:
    circle = {**FOLLOWING, "shared": {"title": TITLE, "type": "limit", "default": {"setting": "accept"}}}
    assert problems(tree(settings=circle)) == [
        "settings.accept.default: The defaults of these settings run in a circle.",
        "settings.shared.default: The defaults of these settings run in a circle.",
    ]
    lost = {"accept": FOLLOWING["accept"]}
    assert problems(tree(settings=lost)) == ['settings.accept.default: There is no setting "shared".']


def test_a_number_that_a_site_leaves_empty_has_its_default() -> None:
    assert read_settings(normalise(tree(**USING), {"count": "", "from": ""})) == ("entered", Limit(), 3, None)


SITES = {
    "strict": {"title": TITLE, "type": "yes_no", "default": "no"},
    "track": {"title": TITLE, "type": "choice", "choices": ["a", "b"], "default": "a"},
    "most": {"title": TITLE, "type": "limit", "default": None},
}


@pytest.mark.parametrize(
    ("said", "chosen", "holds"),
    [
        ({"strict": "yes"}, {}, False),
        ({"strict": "yes"}, {"strict": "yes"}, True),
        ({"strict": "no", "track": ["a", "b"]}, {"track": "b"}, True),
        ({"strict": "no", "track": "a"}, {"track": "b"}, False),
        ({"most": "given"}, {}, False),
        ({"most": "given"}, {"most": "3d"}, True),
        ({"most": "missing"}, {}, True),
    ],
)
def test_a_condition_may_ask_what_the_site_has_set(said: Any, chosen: dict[str, str], holds: bool) -> None:
    read = normalise(tree(urgent={"setting": said}, settings=SITES), chosen)
    assert read.urgent is not None
    assert all_hold(read.urgent, lambda _test: False) == holds


def test_a_setting_may_be_what_an_answer_is_compared_with() -> None:
    wanted = tree(urgent={"late_one": {"setting": "strict"}}, settings=SITES)
    assert normalise(wanted, {"strict": "yes"}).urgent == Test("field", "late_one", "is", ["yes"])


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"lost": "yes"}, 'urgent.setting.lost: There is no setting "lost".'),
        ({"strict": "maybe"}, 'urgent.setting.strict: "maybe" is neither yes nor no.'),
        ({"track": "c"}, 'urgent.setting.track: "c" is not one of: a, b.'),
        ({}, "urgent.setting: Write {setting: {name of the setting: value}}."),
    ],
)
def test_a_condition_on_what_no_site_can_set_is_found(said: Any, sentence: str) -> None:
    assert sentence in problems(tree(urgent={"setting": said}, settings=SITES))


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("accept", "soon", 'settings.accept: "soon" is no limit; write one such as'),
        ("from", "done b", 'settings.from: "done b" is not one of: entered s, done a.'),
        ("count", "many", 'settings.count: "many" is no whole number.'),
        ("every", "weekly:someday", 'settings.every: "weekly:someday" does not say how often'),
        ("every", "monthly:32", 'settings.every: "monthly:32" does not say how often'),
    ],
)
def test_what_a_site_sets_must_suit_the_setting(name: str, value: str, sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in problems(tree(**USING), {name: value}))


PROBLEMS = [
    ([], "A procedure is a mapping of names to values."),
    ({"title": TITLE, "version": "1"}, '"procedure", the id, is missing.'),
    (tree(version="one"), 'version: "one" is no whole number.'),
    (tree(title="words"), "title: Write the words by language: {zh: …, en: …}."),
    (tree(title={**TITLE, "de": "Worte"}), 'title.de: "de" is no language of the desk; write zh, zh-Hant or en.'),
    (tree(title={**TITLE, "and more": ""}), "title.and more:"),
    (tree(stage={}), 'stage: "stage" is not known here; known are: '),
    (action(goto="s"), 'actions.act.goto: "goto" is not known here; known are: title, at, by,'),
    (tree(actions={"act": {"title": TITLE, "at": ["s"]}}), 'actions.act: "by" is missing.'),
    (tree(actions=["act"]), "actions: This must be a mapping of names to values."),
    (tree(stages={"s": {"title": TITLE, "status": "open"}}), 'stages.s.status: "open" is not one of: received,'),
    (tree(fields={"f": {"title": TITLE, "per_round": "often"}}), 'fields.f.per_round: "often" must be true or false.'),
    (tree(fields={"f": {"title": TITLE, "type": ["text"]}}), "fields.f.type: \"['text']\" is not one of:"),
    (tree(fields={"f": {"title": TITLE, "fill": {"a": "b"}}}), "fields.f.fill:"),
    (tree(fields={"f": {"title": TITLE, "after": {"a": "b"}}}), "fields.f.after: This must be one value."),
    (action(goes=[{"too": "s"}]), 'actions.act.goes[0].too: "too" is not known here'),
    (action(put="x"), "actions.act.put: This must be a mapping of fields to answers."),
    (clock(limit="2 days"), 'clocks.c.limit: "2 days" is no limit; write one such as 45m, 24h, 3d, 0d or 8bh.'),
    (
        clock(limit={"til": "x"}),
        "clocks.c.limit: Write {until: field}, {of_opening: 24h} or {day_of_month: 4, of: next_month}.",
    ),
    (clock(limit={"day_of_month": "32", "of": "next_month"}), "clocks.c.limit.day_of_month: A day of the month is"),
    (clock(limit=[{"when": {"a": "b"}}]), "clocks.c.limit[0]: Write {when: condition, is: limit}"),
    (clock(starts="did a"), 'clocks.c.starts: "did a" is no signal; write one of done, set,'),
    (clock(starts=[{"signal": "done a", "if": {"x": "y"}}]), 'clocks.c.starts[0].if: "if" is not known here'),
    (clock(ladder=["due"]), "clocks.c.ladder[0]: A rung is a mapping"),
    (clock(ladder=[{"tell": ["r"]}]), "clocks.c.ladder[0]: A rung says exactly one of"),
    (clock(ladder=[{"at": "noon", "tell": ["r"]}]), 'clocks.c.ladder[0].at: "noon" is no point in time'),
    (clock(ladder=[{"after": "soon", "tell": ["r"]}]), 'clocks.c.ladder[0].after: "soon" is no length of time'),
    (clock(ladder=[{"at": "due"}]), 'clocks.c.ladder[0]: "tell" is missing.'),
    (clock(only_when="yes"), "clocks.c.only_when: A condition is a mapping (all of it) or a list (any of it)."),
    (clock(only_when={"a": {"more": "1"}}), "clocks.c.only_when.a: Compare with a value"),
    (clock(only_when={"a": {"at_least": "x"}}), 'clocks.c.only_when.a.at_least: "x" is no number.'),
    (clock(only_when={"a": ""}), "clocks.c.only_when.a: There is no value to compare with."),
    (clock(only_when={"done": ""}), "clocks.c.only_when.done: Nothing is named here."),
    (clock(only_when={"done": {"action": "a"}}), "clocks.c.only_when.done: Write {action:"),
    (clock(limit={"setting": "x"}), 'clocks.c.limit: There is no setting "x".'),
]  # fmt: skip


@pytest.mark.parametrize(("broken", "sentence"), PROBLEMS, ids=[sentence for _, sentence in PROBLEMS])
def test_a_problem_of_form_is_named_with_its_place(broken: Any, sentence: str) -> None:
    assert any(problem.startswith(sentence) for problem in problems(broken))


def test_all_problems_are_told_at_once_and_each_once() -> None:
    found = problems(tree(settings={"s": {"kind": "limit"}}, stages={"s": {"status": "open"}}, clocks={"c": {}}))

    assert len(found) == len(set(found)) == 4
    assert {problem.split(":")[0] for problem in found} == {
        "settings.s.kind",
        "stages.s",
        "stages.s.status",
        "clocks.c",
    }


def test_a_problem_reads_as_place_and_sentence() -> None:
    assert str(Problem("a.b", "It is not there.")) == "a.b: It is not there."


KEYS = st.sampled_from(["title", "when", "to", "at", "setting", "zh", "done", "limit", "x"])
WEIRD = st.recursive(
    st.none() | st.text(max_size=5) | st.sampled_from(["yes", "24h", "done a", "due"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(["settings", "fields", "stages", "actions", "clocks", "duties", "watches", "letters"]), WEIRD)
def test_whatever_stands_in_a_file_is_either_read_or_refused_in_words(part: str, weird: Any) -> None:
    try:
        assert isinstance(normalise(tree(**{part: weird}), {}), Procedure)
    except Unsound as error:
        assert all(problem.what.endswith(".") for problem in error.problems)  # noqa: PT017 # either outcome is right


@given(st.text(max_size=8))
def test_a_word_for_a_limit_is_read_or_refused_in_words(word: str) -> None:
    try:
        assert normalise(clock(limit=word), {}).clocks["c"].limits
    except Unsound as error:
        assert "is no limit" in str(error)  # noqa: PT017 # either outcome is right
