"""What tables in cases add up to: rewards and penalties of each person, with the sums of their amounts.

A table that can be summed up has a column `person`; what each person got is told apart by the other columns of words,
and a column `amount` is added up.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from chalicelib.desk.complaint import Complaint
from chalicelib.desk.rulebook import Desk
from chalicelib.reports.counted import PersonSum, Row, TableSums

PERSON, AMOUNT = "person", "amount"

_NUMBER = re.compile(r"[-+−]?\d[\d,]*(?:\.\d+)?")


def can_be_summed(columns: Iterable[str]) -> bool:
    """Whether a table's rows are about people."""
    return PERSON in columns


def sums_of(desk: Desk, name: str, cases: Iterable[Complaint]) -> TableSums:
    """A field that is a table, in all cases, by person in the order of their names."""
    entry = desk.procedure.fields[name]
    said = [column for column in entry.columns if column not in (PERSON, AMOUNT)]
    held: dict[str, list[Row]] = {}
    for case in cases:
        value = case.values.get(name)
        for row in value if isinstance(value, list) else []:
            what = " ".join(str(row.get(column, "")) for column in said).strip()
            amount = str(row.get(AMOUNT, ""))
            counted = number_in(amount)
            one = Row(number=case.number, what=what, amount=amount, counted=None if counted is None else str(counted))
            held.setdefault(person_of(desk, str(row.get(PERSON, ""))), []).append(one)
    people = [_summed(desk, person, rows) for person, rows in held.items()]
    columns = dict(entry.columns)
    ordered = sorted(people, key=lambda one: (one.name, one.person))
    return TableSums(id=name, title=entry.title, columns=columns, people=ordered)


def number_in(amount: str) -> Decimal | None:
    """The one number in an amount; None where there is none, or more than one.

    >>> number_in("200元"), number_in("-1,200.50"), number_in("扣除半月奖金"), number_in("100-200")
    (Decimal('200'), Decimal('-1200.50'), None, None)
    """
    found = _NUMBER.findall(amount)
    if len(found) != 1:
        return None
    try:
        return Decimal(found[0].replace(",", "").replace("−", "-"))
    except InvalidOperation:
        return None


def person_of(desk: Desk, written: str) -> str:
    """The id of whoever is meant by an id or by a name that only one person has; else as it was written."""
    known = desk.organisation.staff
    if written in known:
        return written
    named = [person.id for person in known.values() if person.name == written.strip()]
    return named[0] if len(named) == 1 else written.strip()


def _summed(desk: Desk, person: str, rows: list[Row]) -> PersonSum:
    known = desk.organisation.staff.get(person)
    counted = [Decimal(row.counted) for row in rows if row.counted is not None]
    return PersonSum(
        person=person, name=known.name if known else person, rows=rows, sum=str(sum(counted, Decimal())),
        not_counted=sum(row.counted is None and row.amount != "" for row in rows),
        cases=list(dict.fromkeys(row.number for row in rows)),
    )  # fmt: skip
