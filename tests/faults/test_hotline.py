"""No call is lost, and none is there twice, wherever taking it in ends: the platform tells of it again."""

from datetime import timedelta

from chalicelib.desk.phoned import HotlineCall
from chalicelib.ports import Request
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import Stage

ORG = "c-company"


def call(stage: Stage, id: str, number: str = "", *, answered: bool = True) -> tuple[HotlineCall, Request]:
    """A call that has just ended, and the message that tells of it."""
    told = HotlineCall(
        org=ORG, call_id=id, caller="13800138000", ended_at=stage.now - timedelta(minutes=1), answered=answered,
        number=number, answers={"details": "仍未修好。"} if answered else {},
    )  # fmt: skip
    return told, Request("hotline-message", f"message of {id}", "hash")


def test_a_missed_call_is_one_case_with_one_call_to_return_and_told_once(stage: Stage, tally: Tally) -> None:
    told = call(stage, "missed", answered=False)
    stage.world.hotline  # noqa: B018 # a warm container has built it
    before = {row["PK"] for row in stage.heads()}

    def once(_: KthCall) -> None:
        [place] = [row["PK"] for row in stage.heads() if row["PK"] not in before]
        case = stage.world.stores.cases.load(ORG, place.split("#")[3])
        assert case is not None
        assert list(case.tasks) == ["call_back-1"]
        letters = [m.message.letter for m in stage.world.stores.cases.messages(ORG, case.number)]
        assert sorted(letters) == ["acknowledgement", "call_missed"]
        answered = stage.world.stores.cases.answered(ORG, "hotline-message", "message of missed")
        assert answered is not None
        assert answered.number == case.number

    crash_everywhere(stage, lambda: stage.world.hotline(*told), tally=tally, what="hotline", then=once)


def test_a_call_about_a_complaint_is_there_once(stage: Stage, tally: Tally) -> None:
    case = stage.post(ORG, "to-be-called-about")
    stage.settle()
    told = call(stage, "about", case.number)

    def once(_: KthCall) -> None:
        assert [reply.text for reply in stage.head(case).replies] == ["仍未修好。"]
        letters = stage.world.stores.cases.messages(ORG, case.number)
        assert sum(m.message.letter == "customer_wrote" for m in letters) == 1

    crash_everywhere(stage, lambda: stage.world.hotline(*told), tally=tally, what="hotline", then=once)
