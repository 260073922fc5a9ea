"""The cases beside a case: of the same customer, suggested to belong with it, linked with it. Reads are bounded.

One query for each phone, room or plate of its customer, each group it is in and each watch that counts it; then one
read of all their heads. Nobody learns here of a case that they may not see, nor by whose it is of who complains.
"""

from collections.abc import Iterable

from msgspec import Struct, field

from chalicelib.cases.desks import Desks
from chalicelib.cases.jobs import counted_with
from chalicelib.cases.may import Matter, hides, may, staff
from chalicelib.cases.related_views import Reader, Seen, counts, earlier, linked, shared, suggestion
from chalicelib.cases.views import CustomerCounts, EarlierView, LinkedView, SuggestionView
from chalicelib.desk.alike import Likeness, Profile, days_of, likeness, profile, sentence
from chalicelib.desk.complaint import Complaint
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.ties import SAYS_NOTHING_OF_WHO, holding
from chalicelib.ports import CaseStore

OF_A_KEY, OF_A_GROUP, OF_A_WATCH = 20, 50, 20
"""Numbers read at most: the newest of a phone, room or plate; of a group; of those that a watch counts."""

MOST_HEADS = 100
"""What one batch read takes (DynamoDB)."""

MOST_SUGGESTED = 5


class Beside(Struct, kw_only=True):
    """What stands beside a case."""

    earlier: list[EarlierView] = field(default_factory=list)
    suggested: list[SuggestionView] = field(default_factory=list)
    linked: list[LinkedView] = field(default_factory=list)


class Related:
    """Finding cases beside a case, with what it needs of the world."""

    def __init__(self, *, cases: CaseStore, desks: Desks) -> None:
        self._cases, self._desks = cases, desks

    def beside(self, case: Complaint, reader: Reader, *, knows: bool) -> Beside:
        """What stands beside a case that the reader may see; `knows`: they are told who complains in it."""
        desk = self._desks.of(case)
        of_customer = self._of_keys(case.org, _keys(case)) if knows else []
        groups = {link: self._cases.members(case.org, link, of, limit=OF_A_GROUP) for link, of in case.groups.items()}
        counted = [n for place in counted_with(desk, case) for n in self._counted(case.org, *place)]
        ties = holding(case)
        together = dict.fromkeys([*ties, *(n for members in groups.values() for n in members)])
        heads = self._visible(case.org, [*together, *of_customer, *counted], reader, but=case.number)
        alike = _alike(desk, case, heads, reader, knows=knows)
        return Beside(
            earlier=[
                earlier(heads[n], reader, sentence(alike[n], reader.language))
                for n in _newest_first(heads) if n in of_customer and heads[n].knows
            ],
            # What was found by its customer alone is nobody's to hear of who may not know that customer.
            suggested=[
                suggestion(desk, heads[n], alike[n], reader)
                for n in _likeliest_first(alike) if n not in together and (heads[n].knows or n in counted)
            ][:MOST_SUGGESTED],
            linked=[
                view for n in together if n in heads
                for view in linked(desk, heads[n], ties.get(n), [of for of in groups if n in groups[of]], reader)
                if (knows and heads[n].knows) or view.kind in SAYS_NOTHING_OF_WHO
            ],
        )  # fmt: skip

    def of_customer(
        self, org: str, links: Iterable[tuple[str, str]], reader: Reader
    ) -> tuple[list[EarlierView], CustomerCounts]:  # fmt: skip
        """Cases of whoever has one of these (kind, keyed hash), newest first, which the reader may see and know of."""
        asked = list(links)
        numbers = self._of_keys(org, asked)
        heads = {n: seen for n, seen in self._visible(org, numbers, reader).items() if seen.knows}
        found = [heads[n] for n in _newest_first(heads)]
        views = [earlier(seen, reader, shared(seen.case, asked, reader)) for seen in found]
        return views, counts(found, more=len(numbers) >= OF_A_KEY)

    def _of_keys(self, org: str, links: Iterable[tuple[str, str]]) -> list[str]:
        """One query each."""
        found = [self._cases.linked(org, kind, hashed, limit=OF_A_KEY) for kind, hashed in links]
        return list(dict.fromkeys(number for numbers in found for number in numbers))

    def _counted(self, org: str, link: str, group: str, since: str) -> list[str]:
        return self._cases.members(org, link, group, since=since, limit=OF_A_WATCH)

    def _visible(self, org: str, numbers: Iterable[str], reader: Reader, but: str = "") -> dict[str, Seen]:
        """One read; what the reader may not see is not there. In the order asked."""
        places = [(org, number) for number in dict.fromkeys(numbers) if number != but][:MOST_HEADS]
        heads = self._cases.load_many(places) if places else {}
        actor, found = staff(org, reader.person, reader.now), {}
        for head in (heads[place] for place in places if place in heads):
            desk = self._desks.of(head)
            if may(actor, "see", Matter(desk, head)):
                knows = may(actor, "know", Matter(desk, head))
                found[head.number] = Seen(case=head, desk=desk, knows=knows)
        return found


def _keys(case: Complaint) -> list[tuple[str, str]]:
    return [(kind, hashed) for kind, _, hashed in (key.partition(":") for key in case.customer_keys)]


def _alike(
    desk: Desk, case: Complaint, heads: dict[str, Seen], reader: Reader, *, knows: bool
) -> dict[str, Likeness]:  # fmt: skip
    mine = _profile(Seen(case=case, desk=desk, knows=knows), reader)
    days = days_of(desk.procedure)
    return {number: likeness(mine, _profile(seen, reader), days) for number, seen in heads.items()}


def _profile(seen: Seen, reader: Reader) -> Profile:
    hidden = hides(seen.desk, reader.person, reader.now)
    fields = [name for name in seen.case.values if hidden(seen.case, name)]
    return profile(seen.desk.procedure, seen.case, knows=seen.knows, hidden=fields)


def _likeliest_first(alike: dict[str, Likeness]) -> list[str]:
    order = sorted((-found.score, number) for number, found in alike.items() if found.kind)
    return [number for _, number in order]


def _newest_first(heads: dict[str, Seen]) -> list[str]:
    return sorted(heads, key=lambda number: (heads[number].case.received_at, number), reverse=True)
