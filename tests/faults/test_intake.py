"""No accepted complaint is lost, and none is there twice, wherever intake ends."""

from chalicelib.storage import keys
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import Stage


def test_a_complaint_posted_again_after_any_crash_is_there_once(stage: Stage, tally: Tally) -> None:
    """The caller repeats the post with the same key until it is answered."""
    numbers = {row["PK"] for row in stage.heads()}

    def post() -> None:
        stage.post("c-company", "the-key")

    def once(_: KthCall) -> None:
        new = [row for row in stage.heads() if row["PK"] not in numbers]
        assert len(new) == 1
        number = new[0]["PK"].split("#")[3]
        pointers = [row for row in stage.rows() if row["PK"] == keys.number_pointer(number).pk]
        assert [row["org"] for row in pointers] == ["c-company"]
        assert sum(row["PK"].startswith("N#") for row in stage.rows()) == len(stage.heads())
        letters = stage.world.stores.cases.messages("c-company", number)
        assert [(m.message.letter, m.state) for m in letters] == [("acknowledgement", "sent")]

    crash_everywhere(stage, post, tally=tally, what="intake", then=once)


def test_the_acknowledgement_goes_out_though_nobody_posts_again(stage: Stage, tally: Tally) -> None:
    """The caller gave up; what was accepted is handled all the same."""

    def post() -> None:
        stage.post("w-workshop", "another-key")

    def handled(_: KthCall) -> None:
        for row in stage.heads():
            org, number = row["PK"].split("#")[1], row["PK"].split("#")[3]
            assert stage.world.stores.cases.messages(org, number)[0].state == "sent"

    crash_everywhere(stage, post, tally=tally, what="intake", then=handled, again=lambda: None)
