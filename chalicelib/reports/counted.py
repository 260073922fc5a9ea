"""The shapes of figures: what is counted, and which cases. Apart from the counting, which few need."""

from msgspec import Struct, field

from chalicelib.desk.procedure import Words


class Share(Struct, frozen=True, kw_only=True):
    """How many of how many; `share` is None where there are none to be a share of."""

    numerator: int
    denominator: int
    share: float | None
    cases: list[str]  # those of the numerator


class Count(Struct, frozen=True, kw_only=True):
    """How many cases, and which; of these, those that missed a limit, and what their customers said in the end."""

    id: str
    title: Words
    count: int
    cases: list[str]
    late: list[str] = field(default_factory=list)
    satisfied: list[str] = field(default_factory=list)
    dissatisfied: list[str] = field(default_factory=list)


class Group(Struct, frozen=True, kw_only=True):
    """The cases broken down by one thing. `several`: a case may be in more than one count."""

    id: str
    title: Words
    counts: list[Count]
    several: bool = False


class ClockFigures(Struct, frozen=True, kw_only=True):
    """The runs of a clock, or of all clocks of a stage: `runs` is the sum of the four that follow.

    `unlimited`: ended without any limit being set. A run that is late is late for good, whether it still runs or not.
    """

    id: str
    title: Words
    stage: str
    runs: int
    in_time: int
    late: int
    running: int
    unlimited: int
    cases: list[str]
    late_cases: list[str]


class Satisfaction(Struct, frozen=True, kw_only=True):
    """What customers said in the end: `asked` is the sum of the three that follow, `share` of those who answered."""

    asked: list[str]
    satisfied: list[str]
    dissatisfied: list[str]
    no_answer: list[str]
    share: Share


class Recurring(Struct, frozen=True, kw_only=True):
    """The same category and cause at least twice."""

    category: str
    category_title: Words
    cause: str
    cause_title: Words
    count: int
    cases: list[str]


class Row(Struct, frozen=True, kw_only=True):
    """One row of a case's table: the case, what it was, how much."""

    number: str
    what: str
    amount: str  # as it was written
    counted: str | None  # the decimal that went into the sum; None: it is no number


class PersonSum(Struct, frozen=True, kw_only=True):
    """All rows of one person, and the sum of those amounts that are numbers."""

    person: str
    name: str
    rows: list[Row]
    sum: str
    not_counted: int
    cases: list[str]


class TableSums(Struct, frozen=True, kw_only=True):
    """A table of all cases by person; `id` is the field's name."""

    id: str
    title: Words
    columns: dict[str, Words]
    people: list[PersonSum] = field(default_factory=list)


class Figures(Struct, frozen=True, kw_only=True):
    """Everything counted. `received`, `closed` and `open` are those of the report's cases, in its period and now."""

    cases: list[str]
    received: list[str]
    closed: list[str]
    open: list[str]
    late: Share
    satisfaction: Satisfaction
    groups: list[Group]
    clocks: list[ClockFigures]
    stages: list[ClockFigures]
    repeats: list[list[str]]  # cases of one customer, where there are several
    recurring: list[Recurring]
    tables: list[TableSums]
