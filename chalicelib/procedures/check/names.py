"""Names: everything that a procedure names exists, and has the kind that its place needs."""

from collections.abc import Iterable, Iterator

from chalicelib.desk.procedure import ALL_OF, APART, NEW, Action, Cap, Field, Procedure, Signal, Way
from chalicelib.procedures.check.compared import compared
from chalicelib.procedures.check.graph import quoted
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.problems import Problem
from chalicelib.procedures.settings import TIME

CHANNELS = {"phone", "visit", "letter", "email", "web", "referral", "report", "other"}
CONTENT = {f"content.{name}" for name in ("summary", "details", "when", "where", "who", "outcome")}
CUSTOMER = {"customer.plate", "customer.room", *APART}
INTAKE = CONTENT | CUSTOMER | {
    "received_at", "category", "demand", "kind", "channel", "people_concerned", "external_ref",
    "call.missed", "call.recording", "call.purpose", "call.informed",
    "referral.body", "referral.reference", "referral.deadline",
}  # fmt: skip
"""Where the posted complaint may hold an answer."""

COLUMNS = {
    "number", "stage", "status", "owner", "received_at", "closed_at", "round", "late", "due", "channel", "kind", "site",
    "summary",
}  # fmt: skip
"""What a register or report may show of the case itself, besides its fields."""

ANSWERS = {"=actor", "=actor_unit", "=now"}
ACTING = {"in_charge", "owner", "tracked_by"}
TOLD = ACTING | {"superior", "customer"}

FILLED = {"actor": ("person", "people", "signatures"), "actor_unit": ("department",), "now": ("instant", "date")}
"""The types of fields that offer who acts, their unit, and now."""

Found = Iterator[Problem]


def proof(procedure: Procedure, compiled: Compiled) -> list[Problem]:  # noqa: ARG001 # every proof is called alike
    """Look every name up."""
    looks = _Names(procedure)
    parts = (
        looks.roles, looks.fields, looks.stages, looks.actions, looks.clocks, looks.duties, looks.work, looks.rest,
    )  # fmt: skip
    return [problem for part in parts for problem in part()] + list(compared(procedure))


class _Names:
    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self.known = {
            "role": set(procedure.roles),
            "field": set(procedure.fields),
            "stage": set(procedure.stages),
            "action": set(procedure.actions),
            "task": set(procedure.tasks),
            "clock": set(procedure.clocks),
            "letter": set(procedure.letters),
            "link": set(procedure.links),
            "report": set(procedure.reports),
            "duty": set(procedure.duties),
            "register": set(procedure.registers),
        }

    def look(self, kind: str, names: str | Iterable[str] | None, where: str, also: Iterable[str] = ()) -> Found:
        for name in [names] if isinstance(names, str) else names or ():
            if name not in self.known[kind] and name not in also:
                yield Problem(where, f'There is no {kind} "{name}".')

    def told(self, roles: Iterable[str], where: str, also: Iterable[str] = TOLD) -> Found:
        for role in roles:
            every = role.startswith(ALL_OF)
            one_only = ("superior", "customer") if every else ()
            yield from self.look("role", role.removeprefix(ALL_OF), where, also=set(also) - set(one_only))

    def roles(self) -> Found:
        yield from self.look("role", self.procedure.tracked_by, "tracked_by")
        yield from self.look("role", self.procedure.known_to, "known_to", also=ACTING)
        yield from self.look("role", self.procedure.confidants, "confidants")
        for name, role in self.procedure.roles.items():
            where = f"roles.{name}"
            found_by = [k for k in ("did", "staff_of", "head_of", "named_in", "unit_of") if getattr(role, k)]
            if len(found_by) + role.everyone > 1:
                yield Problem(where, f"A role is found in one way only, not by {quoted(found_by)} at once.")
            yield from self.look("action", role.did, f"{where}.did")
            yield from self.typed(role.staff_of, ("department",), f"{where}.staff_of")
            yield from self.typed(role.head_of, ("department",), f"{where}.head_of")
            yield from self.typed(role.named_in, ("person", "people"), f"{where}.named_in")
            yield from self.look("role", role.unit_of, f"{where}.unit_of")
            yield from self.look("role", role.superior, f"{where}.superior")
            if name in TOLD:
                yield Problem(where, f'"{name}" has a meaning of its own; give the role another name.')
        for index, bar in enumerate(self.procedure.bars):
            yield from self.look("role", bar.who, f"bars[{index}].who")
            yield from self.look("action", bar.may, f"bars[{index}].may")
        for name in self.procedure.channels:
            if name not in CHANNELS:
                yield Problem(f"channels.{name}", f"A channel is one of: {', '.join(sorted(CHANNELS))}.")

    def typed(self, field: str | None, types: tuple[str, ...], where: str) -> Found:
        yield from self.look("field", field, where)
        if field in self.procedure.fields and self.procedure.fields[field].type not in types:
            yield Problem(where, f'The field "{field}" must be of type {" or ".join(types)}.')

    def fields(self) -> Found:
        for name, entry in self.procedure.fields.items():
            where = f"fields.{name}"
            if entry.after and entry.after != "now":
                yield from self.typed(entry.after, ("instant", "date"), f"{where}.after")
            if entry.before and entry.type not in ("instant", "date"):
                yield Problem(f"{where}.before", "Only an instant or a date can lie before now.")
            if entry.intake and entry.intake not in INTAKE:
                yield Problem(f"{where}.intake", f'The posted complaint has no "{entry.intake}".')
            yield from self.caps(entry.not_after, f"{where}.not_after")
            opening = [action for action in self.procedure.actions.values() if "new" in action.at]
            if entry.not_after and any(name in action.asks + action.may_ask for action in opening):
                yield Problem(f"{where}.not_after", "The action that opens a case asks for it, and refuses nothing.")
            if entry.not_after and entry.type != "instant":
                yield Problem(f"{where}.not_after", "Only an instant can lie after another.")
            yield from self.look("link", entry.link, f"{where}.link")
            yield from self.fill(entry, f"{where}.fill")
            yield from self.look("role", entry.seen_by_roles, f"{where}.seen_by", also=ACTING)
            if bool(entry.choices) != (entry.type in ("choice", "choices")):
                yield Problem(f"{where}.choices", "A choice has choices, and nothing else has.")
            if bool(entry.columns) != (entry.type == "table"):
                yield Problem(f"{where}.columns", "A table has columns, and nothing else has.")

    def caps(self, caps: Iterable[Cap | None], where: str) -> Found:
        for cap in filter(None, caps):
            if cap.from_ not in ("received", "now"):
                yield from self.typed(cap.from_, ("instant",), f"{where}.from")
            if cap.limit.kind == "until":
                yield from self.typed(cap.limit.name, ("instant",), f"{where}.limit")

    def fill(self, entry: Field, where: str) -> Found:
        fill = entry.fill
        types = FILLED.get(fill.what) if fill else None
        if fill and types and entry.type not in types:
            yield Problem(where, f'"{fill.what}" answers fields of type {" or ".join(types)} only.')
        if fill and fill.limit and fill.limit.kind == "until":
            yield Problem(where, "A time to offer is counted from now, and from no other field.")
        if fill and fill.what == "value":
            answers = {"yes_no": ["yes", "no"], "tick": ["yes"]}.get(entry.type, list(entry.choices))
            if entry.type not in ("text", "long", "number", "money") and fill.value not in answers:
                yield Problem(where, f'"{fill.value}" is no answer of this field.')

    def stages(self) -> Found:
        for name, stage in self.procedure.stages.items():
            yield from self.look("role", stage.in_charge, f"stages.{name}.in_charge")
            yield from self.look("role", stage.also, f"stages.{name}.also")
            yield from self.ways(stage.moves, f"stages.{name}.moves")
            if not stage.in_charge and stage.also:
                yield Problem(f"stages.{name}.also", "There are others beside the one in charge, but nobody in charge.")

    def ways(self, ways: list[Way], where: str) -> Found:
        for index, way in enumerate(ways):
            yield from self.look("stage", way.to, f"{where}[{index}].to")
            yield from self.put(way.put, f"{where}[{index}].put")

    def put(self, put: dict[str, object], where: str) -> Found:
        for name, value in put.items():
            yield from self.look("field", name, where)
            entry = self.procedure.fields.get(name)
            if isinstance(value, str) and value.startswith("="):
                if value not in ANSWERS:
                    yield Problem(f"{where}.{name}", f'"{value}" is none of: {", ".join(sorted(ANSWERS))}.')
            elif entry is not None and entry.choices and value not in entry.choices:
                yield Problem(f"{where}.{name}", f'"{value}" is no choice of the field "{name}".')

    def actions(self) -> Found:
        for name, action in self.procedure.actions.items():
            where = f"actions.{name}"
            yield from self.look("stage", action.at, f"{where}.at", also=("open", "any", "new"))
            yield from self.look("role", action.by, f"{where}.by", also=ACTING)
            if not action.by:
                yield Problem(f"{where}.by", f'Nobody may do "{name}".')
            yield from self.look("field", action.asks, f"{where}.asks")
            yield from self.look("field", action.may_ask, f"{where}.may_ask")
            for asked in action.asks_when:
                if action.asks.count(asked.field) > 1 or asked.field in action.may_ask:
                    yield Problem(f"{where}.asks", f'"{asked.field}" is asked twice; one `{{field, when}}` is enough.')
            yield from self.look("action", action.completes, f"{where}.completes")
            yield from self.ways(action.goes, f"{where}.goes")
            yield from self.put(action.put, f"{where}.put")
            yield from self.effects(action, where)
            yield from self.typed(action.happened_at, ("instant",), f"{where}.happened_at")
            yield from self.typed(action.hands_to, ("person",), f"{where}.hands_to")
            yield from self.look("link", action.joins, f"{where}.joins")
            yield from self.look("link", action.leaves, f"{where}.leaves")
            if action.leaves in self.procedure.links and not self.procedure.links[action.leaves].pairs:
                yield Problem(f"{where}.leaves", f'"{action.leaves}" makes groups; only a link that pairs is undone.')
            yield from self.look("link", action.spreads, f"{where}.spreads")

    def effects(self, action: Action, where: str) -> Found:
        for index, send in enumerate(action.sends):
            yield from self.look("letter", send.letter, f"{where}.sends[{index}].letter")
            yield from self.told(send.to, f"{where}.sends[{index}].to")
        for index, opening in enumerate(action.opens):
            yield from self.look("task", opening.task, f"{where}.opens[{index}].task")
            yield from self.look("field", opening.takes, f"{where}.opens[{index}].takes")
        yield from self.look("task", action.finishes, f"{where}.finishes")

    def signals(self, signals: list[Signal], where: str) -> Found:
        kinds = {"done": "action", "set": "field", "finished": "task", "opened": "task", "late": "clock"}
        for index, signal in enumerate(signals):
            yield from self.look(kinds.get(signal.kind, "stage"), signal.name, f"{where}[{index}]")

    def clocks(self) -> Found:
        for name, clock in self.procedure.clocks.items():
            where = f"clocks.{name}"
            yield from self.signals(clock.starts, f"{where}.starts")
            yield from self.signals(clock.stops, f"{where}.stops")
            if clock.each and (clock.starts or clock.stops):
                yield Problem(where, "A clock for each task starts and stops with it; leave out `starts` and `stops`.")
            yield from self.look("task", clock.each, f"{where}.each")
            yield from self.look("stage", clock.pauses_in, f"{where}.pauses_in")
            yield from self.caps([choice.not_after for choice in clock.limits], f"{where}.limit.not_after")
            for choice in clock.limits:
                if choice.not_after and choice.not_after.from_ == "now":
                    yield Problem(f"{where}.limit.not_after.from", "A clock counts its cap from `received` or a field.")
                if choice.limit.kind == "until":
                    yield from self.typed(choice.limit.name, ("instant",), f"{where}.limit")
            for index, rung in enumerate(clock.ladder):
                letter = rung.letter or ("due_soon" if rung.minutes < 0 else "late")
                yield from self.look("letter", letter, f"{where}.ladder[{index}].letter")
                yield from self.told(rung.tell, f"{where}.ladder[{index}].tell")
                if not rung.tell:
                    yield Problem(f"{where}.ladder[{index}].tell", "This rung tells nobody.")

    def duties(self) -> Found:
        for name, duty in self.procedure.duties.items():
            where = f"duties.{name}"
            yield from self.look("role", duty.by, where)
            yield from self.told(duty.to, f"{where}.to", also=())
            if not TIME.fullmatch(duty.opens_at):
                yield Problem(f"{where}.opens_at", f'"{duty.opens_at}" is no time of day such as 17:30.')
            elif duty.covers == "today" and duty.opens_at == "00:00":
                yield Problem(f"{where}.opens_at", "The day that it covers has only begun as it opens; say when.")
            yield from self.look("report", duty.prepares or None, f"{where}.prepares")
            yield from self.look("duty", duty.based_on, f"{where}.based_on")
            letters = {r.letter or ("summary_due" if r.minutes < 0 else "summary_late") for r in duty.ladder}
            yield from self.look("letter", sorted(letters | {"summary_due", "summary_issued"}), where)
            yield from self.told([role for rung in duty.ladder for role in rung.tell], f"{where}.ladder", also=())

    def work(self) -> Found:
        for name, task in self.procedure.tasks.items():
            yield from self.look("role", task.for_, f"tasks.{name}.for", also=ACTING)
            yield from self.look("field", task.shows, f"tasks.{name}.shows")
            yield from self.signals(task.opened_by, f"tasks.{name}.opened_by")
            yield from self.look("field", task.takes, f"tasks.{name}.takes")
        for name, watch in self.procedure.watches.items():
            yield from self.look("field", watch.same, f"watches.{name}.same")
            yield from self.told(watch.tell, f"watches.{name}.tell")
            yield from self.look("action", watch.suggests or None, f"watches.{name}.suggests")
            yield from self.look("task", watch.opens or None, f"watches.{name}.opens")

    def rest(self) -> Found:
        for name, guide in self.procedure.guides.items():
            yield from self.look("stage", guide.at, f"guides.{name}.at", also=("open", "new"))
            yield from self.look("role", guide.for_, f"guides.{name}.for", also={*ACTING, "customer"})
            if "customer" in guide.for_ and guide.at != [NEW]:
                yield Problem(f"guides.{name}.at", "A guide for the customer is shown on the public form: at: [new].")
        for name, register in self.procedure.registers.items():
            yield from self.look("field", register.columns, f"registers.{name}.columns", also=COLUMNS)
            yield from self.look("role", register.kept_by or None, f"registers.{name}.kept_by")
            yield from self.look("register", register.compare_with, f"registers.{name}.compare_with")
        for name, report in self.procedure.reports.items():
            yield from self.look("field", report.columns, f"reports.{name}.columns", also=COLUMNS)
        for name, link in self.procedure.links.items():
            yield from self.look("field", link.same, f"links.{name}.same")
            if link.pairs:
                yield from self.typed(link.pairs.kind, ("choice",), f"links.{name}.pairs.kind")
                yield from self.typed(link.pairs.note, ("text", "long"), f"links.{name}.pairs.note")
            if link.pairs and not link.by_hand:
                yield Problem(f"links.{name}.pairs", "Only a link made by hand pairs two cases.")
        for index, wording in enumerate(self.procedure.wording):
            yield from self.look("field", wording.fields, f"wording[{index}].fields")
        yield from self.notices()
        yield from self.libraries()
        yield from self.promises()

    def notices(self) -> Found:
        for name, notice in self.procedure.notices.items():
            if not notice.entries:
                yield Problem(f"notices.{name}.entries", "A notice without entries tells nobody anything.")

    def libraries(self) -> Found:
        for name, library in self.procedure.libraries.items():
            where = f"libraries.{name}"
            yield from self.typed(library.entry, ("text", "long"), f"{where}.entry")
            yield from self.look("field", library.same, f"{where}.same")
            for field in (library.entry, *library.same):
                entry = self.procedure.fields.get(field)
                if entry is not None and (entry.tells_who or entry.seen_by_roles):
                    yield Problem(where, f'"{field}" is not for everyone who handles the next case.')

    def promises(self) -> Found:
        for index, promise in enumerate(self.procedure.promises):
            where = f"promises[{index}]"
            passing = self.known["stage"] if promise.kind == "passes_through" else ()
            yield from self.look("stage", promise.from_ or None, f"{where}.from", also=("open", "new"))
            yield from self.look("role", promise.roles, f"{where}.roles")
            yield from self.look("action", promise.through or None, f"{where}.through", also=passing)
            in_graph = self.known["stage"] | (self.known["action"] if promise.kind == "passes_through" else set())
            yield from self.look("stage", promise.to or None, f"{where}.to", also=in_graph)
            effects = ("close",) if promise.kind == "no_action" else ()
            yield from self.look("action", promise.action or None, f"{where}.action", also=effects)
            wanted = {
                "no_way": ("from_", "to"),
                "only_by": ("action", "roles"),
                "passes_through": ("to", "through"),
                "no_action": ("action",),
            }[promise.kind]
            for key in wanted:
                if not getattr(promise, key):
                    yield Problem(where, f'A promise of kind {promise.kind} needs "{key.rstrip("_")}".')
