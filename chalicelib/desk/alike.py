"""Which cases are alike: of the same customer, or telling the same. It suggests; people decide."""

from collections.abc import Iterable

from chalicelib.desk.complaint import Complaint


def same_customer(cases: Iterable[Complaint]) -> list[list[str]]:
    """The numbers of the cases by customer: each case once, in the order given, customers by their first case.

    Cases belong together that share a phone, room or plate, also by way of a third. A case whose customer left
    nothing to go by stands alone. So `len` is the number of customers, and a group of two or more is one who
    complained repeatedly.
    """
    given = list(cases)
    before = list(range(len(given)))  # of each case one before it of the same customer, or itself

    def first(index: int) -> int:
        while before[index] != index:
            before[index] = index = before[before[index]]
        return index

    seen: dict[str, int] = {}
    for index, case in enumerate(given):
        for key in case.customer_keys:
            older, newer = sorted((first(seen.setdefault(key, index)), first(index)))
            before[newer] = older
    groups: dict[int, list[str]] = {}
    for index, case in enumerate(given):
        groups.setdefault(first(index), []).append(case.number)
    return list(groups.values())
