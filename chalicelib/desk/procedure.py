"""A procedure (制度) as typed data: what a written complaint procedure prescribes, and nothing else.

A procedure is written in YAML (`chalicelib/procedures/README.md` is the guide), normalised by
`chalicelib/procedures/load.py` into these types and compiled to JSON. Everything here is immutable;
behaviour that differs between procedures differs because these values differ.

Every element carries `rules`: the ids of the rules of the written procedure that it carries out.
"""

from typing import Any, Literal

from msgspec import Struct, field

from chalicelib.desk.conditions import Condition

Words = dict[str, str]
"""Language tag (zh-Hans, zh-Hant, en) to words in that language."""

Status = Literal[
    "received", "accepted", "handling", "answered", "revisit", "pending", "closed", "archived", "withdrawn"
]
"""The universal states that every procedure's own stages map to."""

FINISHED: frozenset[str] = frozenset({"closed", "archived", "withdrawn"})

ALL_OF = "all_of "
"""Before a role in a letter's or a rung's recipients: everyone who holds it is told, and not the one who answers."""

FieldType = Literal[
    "text", "long", "number", "money", "yes_no", "tick", "choice", "choices", "instant", "date",
    "person", "people", "department", "plate", "phone", "email", "file", "signatures", "table",
]  # fmt: skip

Channel = Literal["email", "sms", "webhook"]


class Setting(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A value that each site may set. `default` None means empty: measured and shown, never late.

    `default_from`: until a site sets it, it holds what that other setting holds.
    """

    title: Words = field(default_factory=dict)
    type: Literal["limit", "number", "choice", "yes_no", "signal", "recurrence", "time", "text"] = "text"
    choices: list[str] = field(default_factory=list)
    default: str | int | None = None
    default_from: str = ""
    rules: list[str] = field(default_factory=list)


class Role(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Who a role is: named by the site's directory, or found in the case.

    At most one of `everyone`, `did`, `staff_of`, `head_of`, `named_in`, `unit_of` is given; with none of them
    the site's directory names the people (primary first, then secondary).
    """

    title: Words = field(default_factory=dict)
    everyone: bool = False
    did: list[str] = field(default_factory=list)  # whoever did it first; of several actions, the first one done
    staff_of: str | None = None  # the people of the department that this field names
    head_of: str | None = None
    named_in: str | None = None  # the people that this field names
    unit_of: str | None = None  # the colleagues, in the same department, of whoever this role is
    superior: str | None = None  # the role that answers where nobody of this one may
    rules: list[str] = field(default_factory=list)


class Bar(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Roles whose holders are kept out of a case: they see nothing of it and do only `may`."""

    who: list[str]
    may: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


class Intake(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A channel the procedure offers."""

    title: Words = field(default_factory=dict)
    rules: list[str] = field(default_factory=list)


APART = {f"customer.{part}": part for part in ("name", "phone", "email", "address")}
"""Where the posted complaint says who complains: answers to fields that ask for it are kept apart from the case."""


class Field(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of the field dictionary; actions only name it."""

    title: Words
    type: FieldType = "text"
    choices: dict[str, Words] = field(default_factory=dict)
    columns: dict[str, Words] = field(default_factory=dict)  # of a table
    when: Condition | None = None  # asked, and then required, only where this holds
    never_unknown: bool = False  # it steers the case: "unknown" is no answer
    per_round: bool = False  # forgotten when a new round begins
    seen_by: Literal["staff", "customer"] = "staff"
    seen_by_roles: list[str] = field(default_factory=list)  # of the staff these alone; written `seen_by: [roles]`
    after: str | None = None  # "now" or another field: an instant must lie after it
    before: Literal["now"] | None = None  # it says when something happened: an instant or date not in the future
    not_after: list["Cap"] = field(default_factory=list)  # the first that fits: an instant must not lie after it
    fill: "Fill | None" = None  # offered as the answer; a time or a value stands at intake where nobody gives one
    intake: str | None = None  # where the posted complaint holds it, such as `content.where`
    link: str | None = None  # the kind of link by which other cases of the same value are found
    means: Literal["category", "cause", "satisfied"] | None = None  # what it stands for in the figures of every desk
    rules: list[str] = field(default_factory=list)

    @property
    def apart(self) -> str:
        """The part of the complainant's identity that it asks for, kept apart from the case; empty for other fields."""
        return APART.get(self.intake or "", "")

    def kept_apart(self, confidential: bool) -> bool:
        """Whether an answer is kept apart from the case; from a confidential one a room or a plate is too."""
        return bool(self.apart) or (confidential and (self.intake or "").startswith("customer."))

    @property
    def tells_who(self) -> bool:
        """Whether an answer says who complains: in a confidential case a plate or a room does as well as a name."""
        return self.type in ("plate", "phone", "email") or (self.intake or "").startswith("customer.")


class Fill(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer that a form offers: whoever acts, their unit, now, the time that `limit` sets from now, a `value`."""

    what: Literal["actor", "actor_unit", "now", "limit", "value"]
    limit: "Limit | None" = None
    value: Any = None


class Way(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One way out of an action or a stage; the first whose condition holds is taken. `to` None: stay."""

    to: str | None = None
    when: Condition | None = None
    put: dict[str, Any] = field(default_factory=dict)  # field to value, or to `=actor`, `=actor_unit`, `=now`
    again: bool = False  # a new round begins: `per_round` fields are forgotten
    rules: list[str] = field(default_factory=list)


class Send(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A letter to roles, or to `customer`; `by` empty: every channel the recipient has a way for, e-mail first."""

    letter: str
    to: list[str]
    by: list[Channel] = field(default_factory=list)
    when: Condition | None = None


class Need(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What must hold before an action is done; `say` tells the user what is missing."""

    that: Condition
    say: Words
    when: Condition | None = None
    rules: list[str] = field(default_factory=list)


class Caution(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Said when it holds; it stops nobody."""

    when: Condition
    say: Words
    rules: list[str] = field(default_factory=list)


class Opening(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An action opens a task; `takes` copies answers of these fields into the task."""

    task: str
    when: Condition | None = None
    takes: list[str] = field(default_factory=list)


class Asked(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A field that an action requires only where `when` holds; elsewhere it may be answered."""

    field: str
    when: Condition


class Action(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something a person does in a case. `at`: stage ids; `open`: every stage in charge of someone; `new`: opens it."""

    title: Words
    at: list[str]
    by: list[str]
    asks: list[str] = field(default_factory=list)
    asks_when: list[Asked] = field(default_factory=list)  # of `asks`, those written `{field: x, when: …}`
    may_ask: list[str] = field(default_factory=list)
    completes: str | None = None  # also asks what this earlier action left unanswered
    needs: list[Need] = field(default_factory=list)
    warns: list[Caution] = field(default_factory=list)
    goes: list[Way] = field(default_factory=list)
    put: dict[str, Any] = field(default_factory=dict)
    sends: list[Send] = field(default_factory=list)
    opens: list[Opening] = field(default_factory=list)
    finishes: str | None = None
    happened_at: str | None = None  # the field that says when it really happened
    hands_to: str | None = None  # a person field (or what the finished task took of it): that person becomes the owner
    joins: str | None = None  # a link: this case comes into the group of another, or is paired with it
    leaves: str | None = None  # a link that pairs cases: this case and another are paired no more
    spreads: str | None = None
    rules: list[str] = field(default_factory=list)

    @property
    def always_asks(self) -> list[str]:
        """The fields that it requires whatever else holds, unless their own condition does not."""
        sometimes = {one.field for one in self.asks_when}
        return [name for name in self.asks if name not in sometimes]


class Stage(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A stage of the case. With nobody `in_charge` all clocks end there. `moves` are tried after every event."""

    title: Words
    status: Status
    in_charge: str | None = None
    also: list[str] = field(default_factory=list)
    moves: list[Way] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


class Task(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Parallel work in a case, many at a time: an appointment, an approval, a hand-over."""

    title: Words
    for_: list[str] = field(name="for")
    shows: list[str] = field(default_factory=list)
    opened_by: list["Signal"] = field(default_factory=list)  # it opens by itself when one of these is heard
    takes: list[str] = field(default_factory=list)  # what it then takes, besides what the task that is late took
    lapses: bool = False  # it ends undone when its clock is late: a hand-over nobody accepted bounces back
    stays: bool = False  # it outlives the case: its clock runs on when nobody is in charge any more
    holds: Words | None = None  # the case is not finished before it is: these words say so
    rules: list[str] = field(default_factory=list)


SignalKind = Literal["done", "set", "finished", "opened", "left", "entered", "late"]


class Signal(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that happened in a case, such as `done register` or `entered pending`; `when` narrows it."""

    kind: SignalKind
    name: str
    when: Condition | None = None


class Limit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How long a clock may run.

    elapsed   `amount` minutes, nights and rest days included
    business  `amount` minutes of the site's opening hours
    days      `amount` calendar days, the first not counted, ending 24:00 local; 0 is today's 24:00
    until     the instant that field `name` holds (in a task's clock: the value the task took)
    monthly   24:00 of day `amount` of the month after the one the clock started in
    none      empty: measured and shown, never late

    `of_opening`: it is counted from the first opening hour at or after the start, and from there as its kind says.
    """

    kind: Literal["elapsed", "business", "days", "until", "monthly", "none"] = "none"
    amount: int = 0
    name: str = ""
    of_opening: bool = False


class Cap(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The latest that a time may lie: `limit` counted from when it was `received`, from `now`, or from a field."""

    limit: Limit
    from_: str = field(name="from", default="received")
    when: Condition | None = None


class LimitChoice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A limit that holds where `when` does; the first that fits is taken. Of it and its cap the earlier is due."""

    limit: Limit
    when: Condition | None = None
    not_after: Cap | None = None


class Rung(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A step of a ladder: `minutes` from the due instant (negative: a warning before it)."""

    minutes: int
    tell: list[str]
    by: list[Channel] = field(default_factory=list)
    letter: str = ""  # empty: `due_soon` before the due instant, `late` from then on
    when: Condition | None = None  # looked at when it rings: where it does not hold, nobody is told
    source: Literal["stated", "proposed"] = "proposed"


class Clock(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A duty with a time. `each` makes one clock for each task of that kind, started and stopped with it."""

    title: Words
    starts: list[Signal] = field(default_factory=list)
    stops: list[Signal] = field(default_factory=list)
    pauses_in: list[str] = field(default_factory=list)
    only_when: Condition | None = None
    each: str | None = None
    day_off: Literal["stand_in", "still_told"] = "stand_in"  # whether a recipient who is away is told as well
    counts: bool = True  # False: it marks a fact and tells, and being past it is no lateness
    limits: list[LimitChoice] = field(default_factory=list)
    ladder: list[Rung] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


Covers = Literal["today", "yesterday", "seven_days_to_yesterday", "last_month", "last_quarter", "since_last"]
"""The days that a duty is about, as of the moment at which it opens."""


class Duty(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What recurs at a site whether or not a complaint came: a weekly summary, rewards on the 4th."""

    title: Words
    every: str | None  # `daily`, `weekly:tue`, `monthly:2`, `quarterly:1`; None: the site has set none
    by: str
    to: list[str] = field(default_factory=list)
    opens_at: str = "00:00"  # the time of that day, on the site's clock
    covers: Covers = "yesterday"
    prepares: str = ""
    based_on: str | None = None
    nil_report: bool = False
    limit: Limit = field(default_factory=Limit)
    ladder: list[Rung] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


NEW = "new"
"""In `at`: where there is no case yet, and somebody takes one in."""


class Guide(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Lines shown where they are needed: a checklist, a script, a prohibition. `for` may be `customer`: on the form."""

    title: Words
    kind: Literal["checklist", "script", "prohibition", "background"] = "checklist"
    at: list[str] = field(default_factory=list)  # stage ids, `open` or `new`
    when: Condition | None = None
    for_: list[str] = field(name="for", default_factory=list)
    lines: dict[str, Words] = field(default_factory=dict)  # rule id to words


class Register(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A register or ledger (台账): which cases it holds and which columns it shows.

    lists  `received`: the cases received in the period asked for; `open`: all that are open now, however old
    """

    title: Words
    columns: list[str]
    lists: Literal["received", "open"] = "received"
    holds: Condition | None = None
    kept_by: str = ""
    compare_with: str | None = None
    rules: list[str] = field(default_factory=list)


class Form(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A sheet of one case (处理单, 记录表) as the written procedure draws it: its sections, each with its fields."""

    title: Words
    sections: list["Section"]
    rules: list[str] = field(default_factory=list)


class Section(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a form: field names, or columns of the case itself such as `number`, or `customer.name` and the like.

    signed  who signs it: the actions whose doers stand for it, and `customer`
    """

    title: Words
    fields: list[str]
    signed: list[str] = field(default_factory=list)


class Report(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a duty prepares: which cases it takes, their columns, and figures.

    of     cases `received` in the period, `closed` in it, and those `open` when it is prepared
    holds  only the cases where this holds
    by     fields after whose answers it is broken down as well (a person: the figures of each)
    """

    title: Words
    of: list[Literal["received", "closed", "open"]] = field(default_factory=lambda: ["received"])
    holds: Condition | None = None
    columns: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


class Keep(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many days after its end a case keeps who complained, and what was said. 0: until somebody erases it."""

    identity: int = 0
    content: int = 0
    when: Condition | None = None


class Pairs(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Of a link between two cases: the field that says of which kind it is, and the one that says more."""

    kind: str
    note: str


class Link(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How cases belong together: by the `same` fields, or `by_hand`: as a group, or two and two (`pairs`).

    Cases that seem to belong together as this link `means` are suggested for it, when received `within_days`.
    """

    title: Words
    same: list[str] = field(default_factory=list)
    by_hand: bool = False
    pairs: Pairs | None = None
    means: Literal["duplicate", "repeat", "same_problem"] | None = None
    within_days: int | None = None
    rules: list[str] = field(default_factory=list)


class Watch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The `same` fields in at least `at_least` cases `within_days`: tell someone and suggest an action.

    `opens`: it is put to somebody as a task in the case that was counted, unless one of the same is open elsewhere.
    """

    title: Words
    same: list[str]
    at_least: int
    within_days: int
    tell: list[str]
    when: Condition | None = None  # looked at in the case that is counted, as it is told
    opens: str = ""
    suggests: str = ""
    rules: list[str] = field(default_factory=list)


class Library(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What cases leave for others of the `same` answers: the answer to `entry`, shown where `when` holds."""

    title: Words
    entry: str
    same: list[str] = field(default_factory=list)
    when: Condition | None = None
    rules: list[str] = field(default_factory=list)


class NoticeEntry(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry of a public notice."""

    title: Words
    type: Literal["text", "phone", "email"] = "text"


class Notice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a site publishes, such as its hotline: none of the entries may be blank."""

    title: Words
    entries: dict[str, NoticeEntry]
    rules: list[str] = field(default_factory=list)


class Wording(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Words that do not belong into what the customer reads or is told; using them brings up a warning.

    Looked at are the fields that the customer sees, and those in `fields`, which say what the customer was told.
    """

    never: list[str]
    say: Words
    fields: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


class Promise(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the source forbids or makes a precondition; `check` proves it of the graph of stages.

    no_way         from a stage to another, no path
    only_by        an action that nobody but these roles may do
    passes_through no path from a new case to `to` avoids `through` (a stage or an action)
    no_action      no action at these stages has this effect (`close`)
    """

    kind: Literal["no_way", "only_by", "passes_through", "no_action"]
    from_: str = field(name="from", default="")
    to: str = ""
    through: str = ""
    action: str = ""
    roles: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)


class Procedure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A whole procedure, at one version. Dictionaries keep the order of the file."""

    id: str
    version: int
    title: Words
    source: str = ""
    tracked_by: str | None = None
    urgent: Condition | None = None  # where it holds, letters to staff pass over quiet hours
    confidential: Condition | None = None  # where it holds, a complaint is confidential, asked for or not
    known_to: list[str] = field(default_factory=list)  # who knows who complains in confidence; empty: see `sight.py`
    retention: list[Keep] = field(default_factory=list)  # the first that fits
    confidants: list[str] = field(default_factory=list)  # roles that somebody in charge of a case named to know it, too
    settings: dict[str, Setting] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    bars: list[Bar] = field(default_factory=list)
    channels: dict[str, Intake] = field(default_factory=dict)
    reply_by: list[LimitChoice] = field(default_factory=list)  # the reply time promised at intake, from receipt
    fields: dict[str, Field] = field(default_factory=dict)
    stages: dict[str, Stage] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    guides: dict[str, Guide] = field(default_factory=dict)
    registers: dict[str, Register] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    reports: dict[str, Report] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)
    watches: dict[str, Watch] = field(default_factory=dict)
    libraries: dict[str, Library] = field(default_factory=dict)
    notices: dict[str, Notice] = field(default_factory=dict)
    wording: list[Wording] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    spoken: dict[str, str | None] = field(default_factory=dict)  # what `{setting.name}` says at this site
    platform: dict[str, list[str]] = field(default_factory=dict)  # what the desk does in every procedure, to rule ids
