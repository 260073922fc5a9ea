"""Crash a step at each of its AWS calls, in each way; run it again; look the whole desk over."""

from collections import Counter
from collections.abc import Callable

from chalicelib.desk.errors import Conflict, NotOpen
from chalicelib.ports import Unavailable
from tests.faults.kth_call import WAYS, Crash, KthCall, Way
from tests.faults.stage import Stage, look_over

Tally = Counter[str]
Then = Callable[[KthCall], None]


def crash_everywhere(
    stage: Stage, step: Callable[[], object], *, tally: Tally, what: str, then: Then,
    again: Callable[[], object] | None = None,
) -> None:  # fmt: skip
    """For each call of `step` and each way: from the same start, fail there, run `again`, let the desk settle.

    `again` is what the world does next: the caller's retry, the queue's second delivery, the next sweep. `then`
    states what must hold besides what always must. At the end the step is done once without harm.
    """
    start = stage.snapshot()
    with KthCall().in_force() as counted:
        step()
    assert counted.calls, f"{what} calls nothing"
    for way in WAYS:
        for k in range(1, len(counted.calls) + 1):
            stage.restore(start)
            harm = KthCall(k, way)
            with harm.in_force():
                _struck(step)
            assert len(harm.calls) >= k, f"{what}: call {k} was not reached"
            _again(again or step)
            stage.settle()
            try:
                look_over(stage)
                then(harm)
            except AssertionError as failure:
                raise AssertionError(f"{what}: {way} call {k}, {harm.calls[k - 1]}: {failure}") from failure
            tally[what] += 1
    stage.restore(start)
    step()


def _struck(step: Callable[[], object]) -> None:
    """Run into the harm. What a caller sees of it is no success and no conflict that is none."""
    try:
        step()
    except (Crash, Unavailable):
        return
    except Exception as error:
        if type(error).__module__.startswith(("botocore", "pynamodb")):
            return
        raise


def _again(step: Callable[[], object]) -> None:
    """The retry: where the first try went through after all, it finds that out."""
    try:
        step()
    except (Conflict, NotOpen):
        return


def allowed_twice(way: Way, call: str, calls: list[str]) -> bool:
    """Whether a second mail is within the guarantee: the provider accepted, and the mark of it was lost."""
    sent = any(c.startswith(("sesv2.SendEmail", "sns.Publish")) for c in calls)
    lost = call.startswith(("sesv2.", "sns.")) and way != "before"
    return sent and (lost or call == "dynamodb.UpdateItem")
