"""Printing an acknowledgement is a step of the case: what time did to it meanwhile counts."""

from typing import Any

from chalicelib.cases.acknowledge import Acknowledge
from chalicelib.cases.track import Links
from chalicelib.desk.complaint import Complaint, Identity, Retain
from tests.desk.build import Case, at, desk

ENDS_BY_ITSELF = """
retention: [{identity: 30, content: 60}]
stages:
  working: {status: handling, in_charge: agent, moves: [{when: {late: work}, to: closed}]}
clocks:
  work:
    starts: [entered working]
    stops: [left working]
    limit: 4h
    ladder: [{at: due, tell: [head]}]
"""


class One:
    """A store that holds one case, and a desk that it lies at."""

    def __init__(self, case: Case) -> None:
        self.case, self.retain = case, [None]

    def load(self, *_: str) -> Complaint:
        return self.case.state

    def of(self, _: Complaint) -> Any:
        return self.case.desk

    def identity(self, *_: str) -> Identity:
        return Identity(name="李女士")

    def commit(self, _before: int, after: Complaint, *_: Any, retain: Any = None) -> None:
        self.case.state, self.retain = after, [retain]


def test_a_case_that_ends_by_itself_as_it_is_printed_is_forgotten_in_time_like_any_other() -> None:
    one: Any = One(Case(desk(ENDS_BY_ITSELF)))
    ended = at("03-02 17:00")
    printing = Acknowledge(
        cases=one, desks=one, links=Links("https://desk.example", b"k"), clock=lambda: ended, next_of=lambda *_: ""
    )
    printing("tiny", one.case.state.number, "ann")
    assert one.case.state.finished
    assert isinstance(one.retain[0], Retain)
    assert one.retain[0].at is not None
