"""A link between two cases, crashed at every call: soon both say the same of it, whoever tries again or not."""

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.ties import holding
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import Stage


def two(stage: Stage, key: str) -> tuple[Complaint, Complaint]:
    cases = stage.post("c-company", f"{key}-1", channel="phone"), stage.post("c-company", f"{key}-2", channel="phone")
    stage.settle()
    return cases


def link(stage: Stage, one: Complaint, other: Complaint) -> None:
    """Somebody looks at the case, and links it unless it is linked."""
    head = stage.head(one)
    if other.number not in holding(head):
        stage.world.act.act(
            one.org, one.number, "link_case", {"link_kind": "repeat"}, actor="c.wang", version=head.version,
            joins=other.number,
        )  # fmt: skip


def unlink(stage: Stage, one: Complaint, other: Complaint) -> None:
    """Somebody looks at the case, and undoes the link unless it is undone."""
    head = stage.head(one)
    if other.number in holding(head):
        stage.world.act.act(
            one.org, one.number, "unlink_case", {"link_note": "弄错了"}, actor="c.wang", version=head.version,
            leaves=other.number,
        )  # fmt: skip


def both_say_the_same(stage: Stage, one: Complaint, other: Complaint) -> bool:
    """Whether they are linked, once the sweep has come by."""
    here, there = stage.head(one).ties.get(other.number), stage.head(other).ties.get(one.number)
    assert here == there
    kinds = [event.kind for event in stage.world.stores.cases.history(other.org, other.number)]
    assert kinds.count("linked") <= 1
    assert kinds.count("unlinked") <= 1
    return here is not None and not here.undone


def test_a_link_is_made_once_in_both_cases_and_undone_once_in_both(stage: Stage, tally: Tally) -> None:
    """Whoever was cut off looks again and tries again."""
    one, other = two(stage, "links")

    def linked(_: KthCall) -> None:
        assert both_say_the_same(stage, one, other)

    def undone(_: KthCall) -> None:
        assert not both_say_the_same(stage, one, other)

    crash_everywhere(stage, lambda: link(stage, one, other), tally=tally, what="links", then=linked)
    stage.settle()
    crash_everywhere(stage, lambda: unlink(stage, one, other), tally=tally, what="links", then=undone)


def test_nobody_need_try_again_for_both_cases_to_say_the_same(stage: Stage, tally: Tally) -> None:
    """The process ended after one of two transactions: the sweep does the other."""
    one, other = two(stage, "left")

    def the_same(_: KthCall) -> None:
        both_say_the_same(stage, one, other)

    crash_everywhere(
        stage, lambda: link(stage, one, other), tally=tally, what="links", again=lambda: None, then=the_same
    )  # fmt: skip
