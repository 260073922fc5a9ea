"""What of a complaint the indexes show: its line in worklists and ledger, and where it stands in them."""

from datetime import datetime

from msgspec import json

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.facts import theirs
from chalicelib.ports import Row
from chalicelib.storage import index_keys, keys
from chalicelib.storage.rows import HeadRow

encode = json.encode

NOBODYS = "-"
"""The department on whose worklist open cases are that lie with none."""


def line_of(complaint: Complaint) -> Row:
    """Its line: due when the first of its running clocks is, late when one that has not stopped missed its limit."""
    going = [clock for clock in complaint.clocks.values() if clock.state != "stopped"]
    reference, deadline = theirs(complaint)
    return Row(
        org=complaint.org,
        number=complaint.number,
        site=complaint.site,
        stage=complaint.stage,
        status=complaint.status,
        procedure=complaint.procedure,
        procedure_version=complaint.procedure_version,
        summary=complaint.summary,
        owner=complaint.owner.person,
        department=complaint.owner.department,
        received_at=complaint.received_at,
        due=min((clock.due for clock in going if clock.due and clock.state == "running"), default=None),
        late=any(clock.late_at for clock in going),
        round=complaint.round,
        their_reference=reference,
        their_deadline=deadline,
    )


def head_of(complaint: Complaint, due: datetime | None, shards: int) -> HeadRow:
    """The head row, armed at `due`; on worklists while it is open, in the ledger of closed cases from then on."""
    org, number, line = complaint.org, complaint.number, line_of(complaint)
    row = HeadRow(*keys.head(org, number))
    row.state = encode(complaint).decode()
    row.version = complaint.version
    row.row = encode(line).decode()
    row.led_pk = index_keys.ledger(org, complaint.site, index_keys.month_of(complaint.received_at))
    row.led_sk = index_keys.in_order(complaint.received_at, number)
    if due is not None:
        row.due_pk, row.due_sk = index_keys.armed(due, org, number, shards)
    if not complaint.finished:
        urgency = index_keys.urgency(line.due, number)
        row.dep_pk, row.dep_sk = index_keys.department(org, line.department or NOBODYS), urgency
        if line.owner:
            row.own_pk, row.own_sk = index_keys.owner(org, line.owner), urgency
    elif complaint.closed_at is not None:
        row.dep_pk = index_keys.closed(org, complaint.site, index_keys.month_of(complaint.closed_at))
        row.dep_sk = index_keys.in_order(complaint.closed_at, number)
    return row
