"""Whatever `check` can say, a broken example makes it say: those that no other file has, and that none is missing."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.procedures import check
from chalicelib.procedures.check import letters, walk
from chalicelib.procedures.letter_files import read_letter
from chalicelib.procedures.problems import Unsound
from tests.procedures.broken.breaking import broken, said

WORDS = {"zh": "话", "en": "words"}
HELD = {"tasks.visit.holds": WORDS}
LINK = {"title": WORDS, "by_hand": "true"}
PAIRS = {"kind": "kind_of", "note": "content"}
ROUND = {"round": "two"}

EXAMPLES: dict[str, tuple[dict[str, Any], str]] = {
    "a task that holds the case where nobody can finish it": (
        {**HELD, "actions.visit.at": ["told"]},
        'tasks.visit.holds: It holds the case, but nobody can finish it at "received", "solving".',
    ),
    "a role of a name that means something": (
        {"roles.customer": {"title": WORDS}},
        'roles.customer: "customer" has a meaning of its own; give the role another name.',
    ),
    "a choice without choices": (
        {"fields.kind_of.choices": {}},
        "fields.kind_of.choices: A choice has choices, and nothing else has.",
    ),
    "choices of what is none": (
        {"fields.reply.choices": {"well": WORDS}},
        "fields.reply.choices: A choice has choices, and nothing else has.",
    ),
    "a table without columns": (
        {"fields.facts.type": "table"},
        "fields.facts.columns: A table has columns, and nothing else has.",
    ),
    "others in charge beside nobody": (
        {"stages.closed.also": ["head"]},
        "stages.closed.also: There are others beside the one in charge, but nobody in charge.",
    ),
    "an action of nobody": ({"actions.arrange.by": []}, 'actions.arrange.by: Nobody may do "arrange".'),
    "leaving a group": (
        {"links.same": LINK, "actions.arrange.leaves": "same"},
        'actions.arrange.leaves: "same" makes groups; only a link that pairs is undone.',
    ),
    "a pair that is found by itself": (
        {"links.same": {**LINK, "by_hand": "false", "pairs": PAIRS}},
        "links.same.pairs: Only a link made by hand pairs two cases.",
    ),
    "a task's clock with a start of its own": (
        {"clocks.visit.starts": ["entered told"]},
        "clocks.visit: A clock for each task starts and stops with it; leave out `starts` and `stops`.",
    ),
    "a rung that tells nobody": (
        {"clocks.transfer.ladder": [{"at": "due", "tell": []}]},
        "clocks.transfer.ladder[0].tell: This rung tells nobody.",
    ),
    "a rung that is a word": (
        {"clocks.transfer.ladder": ["soon"]},
        "clocks.transfer.ladder[0]: A rung is a mapping such as {at: due, tell: [superior]}.",
    ),
    "a rung at two times": (
        {"clocks.transfer.ladder": [{"at": "due", "after": "4h", "tell": ["head"]}]},
        "clocks.transfer.ladder[0]: A rung says exactly one of `before: 4h`, `at: due` and `after: 4h`.",
    ),
    "a rung at no time": (
        {"clocks.transfer.ladder": [{"at": "noon", "tell": ["head"]}]},
        'clocks.transfer.ladder[0].at: "noon" is no point in time; write `at: due`.',
    ),
    "a rung after no time": (
        {"clocks.transfer.ladder": [{"after": "soon", "tell": ["head"]}]},
        'clocks.transfer.ladder[0].after: "soon" is no length of time; write one such as 15m, 4h or 1d.',
    ),
    "a limit in a list without `is`": (
        {"clocks.transfer.limit": ["24h"]},
        "clocks.transfer.limit[0]: Write {when: condition, is: limit}, the last without `when`.",
    ),
    "a day that no month has": (
        {"clocks.transfer.limit": {"day_of_month": "32", "of": "next_month"}},
        "clocks.transfer.limit.day_of_month: A day of the month is 1 to 31.",
    ),
    "a round that is no number": (
        {"stages.told.moves.0.when": ROUND},
        'stages.told.moves[0].when: A round is a whole number, not "two".',
    ),
    "a list that covers what is none": (
        {"stages.told.moves.0.when": {"content": {"covers": "reply"}}},
        'stages.told.moves[0].when: "content" is no field that holds a list, so nothing covers it or is covered by it.',
    ),
    "a choice of a name that means something": (
        {"fields.kind_of.choices.given": WORDS, "actions.solve.goes.0.when": {"kind_of": "given"}},
        'actions.solve.goes[0].when: "given" has a meaning of its own in conditions; give that choice of "kind_of"',
    ),
    "work done since nothing": (
        {"stages.told.moves.0.when": {"done": {"action": "tell"}}},
        "stages.told.moves[0].when.done: Write {action: one or more actions, since: an action}.",
    ),
    "a report of nothing": (
        {"reports.all": {"title": WORDS, "of": []}},
        "reports.all.of: It takes no cases: write received, closed or open.",
    ),
    "a setting to choose from nothing": (
        {"settings.way": {"title": WORDS, "type": "choice", "default": "a"}},
        "settings.way: A setting of type choice lists its choices.",
    ),
    "words that are none": (
        {"stages.told.title": {"zh": "已告知", "en": ["Told"]}},
        "stages.told.title.en: This must be text.",
    ),
    "the id of a procedure": (
        {"procedure": "Sound"},
        "procedure: An id has small letters, digits and hyphens.",
    ),
}


@pytest.mark.parametrize(("changes", "sentence"), EXAMPLES.values(), ids=EXAMPLES)
def test_each_further_fault_is_found(changes: dict[str, Any], sentence: str) -> None:
    found = said(changes)

    assert any(problem.startswith(sentence) for problem in found), found


def test_a_task_that_holds_the_case_and_can_be_finished_wherever_it_is_open_is_sound() -> None:
    assert said(HELD) == []


def test_a_clock_in_a_letter_that_only_an_opening_sends_is_found() -> None:
    text = {"subject": "{number}", "sms": "{number}", "body": "{clock}\n"}
    letter = dict.fromkeys(("zh-Hans", "zh-Hant", "en"), text)

    assert "letters.acknowledgement.en: {clock} is empty here: this letter belongs to no clock." in said(
        {}, acknowledgement=letter
    )


def test_a_letter_that_nothing_sends_is_found() -> None:
    unsent = broken({"actions.tell.sends": []}).bind({})

    assert [str(problem) for problem in letters.unsent(unsent, shared={"acknowledgement", "late", "due_soon"})] == [
        'letters.result: Nothing sends the letter "result": no action, no rung and no duty.'
    ]


def test_a_letter_with_something_else_above_it_is_found(tmp_path: Path) -> None:
    written = tmp_path / "result.en.md"
    written.write_text("---\nsubject: Result\nsubjcet: Result\n---\nAll is well.\n", encoding="utf-8")

    with pytest.raises(Unsound) as found:
        read_letter(written)
    assert str(found.value.problems[0]).endswith("line 3: Only `subject:` and `sms:` stand here, a line each.")


def test_what_is_too_entangled_to_be_proven_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    again = {"title": WORDS, "starts": ["done find_facts"], "stops": ["left solving"], "limit": ""}
    changes = {"clocks.again": again, "clocks.solve.stops": ["left solving", "done solve"]}
    of_one = "clocks.again: The conditions that start and stop it are too entangled to prove."
    of_two = 'The clocks "solve", "again" are too entangled to prove that one runs.'
    for most, sentence in ((6, of_one), (8, of_two)):
        monkeypatch.setattr(walk, "MOST_STATES", most)
        assert any(problem.endswith(sentence) for problem in said(changes))


def test_no_sentence_is_without_a_broken_example() -> None:
    """A sentence counts as heard where its longest part that never changes stands in one of the tests of `check`."""
    tests = sorted(Path(__file__).parent.glob("test_*.py"))
    heard = "\n".join(text for path in tests for text in _texts(ast.parse(path.read_text(encoding="utf-8"))))
    silent = [f"{where}: {said}" for where, said in _sentences() if said.strip()[:DISTINCT] not in heard]

    assert silent == []


DISTINCT = 20
"""Characters that tell a sentence from others; examples leave out the end of a long one."""


def _sentences() -> Iterator[tuple[str, str]]:
    """Where `check` says something, and the longest part of it that is always the same."""
    folder = Path(check.__file__).parent
    sources = [*sorted(folder.glob("*.py")), folder.parent / "reading.py", folder.parent / "shorthand.py"]
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            spoken: ast.expr | None = None
            if isinstance(node, ast.Call) and len(node.args) > 1:
                named = getattr(node.func, "id", getattr(node.func, "attr", ""))
                spoken = node.args[1] if named in ("Problem", "wrong") else None
            elif isinstance(node, ast.Yield):
                spoken = node.value
            parts = list(_texts(spoken)) if spoken else []
            fixed = max(parts, key=len, default="")
            if " " in fixed.strip() and any(part.rstrip().endswith(".") for part in parts):
                yield path.name, fixed


def _texts(tree: ast.AST) -> Iterator[str]:
    return (n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str))
