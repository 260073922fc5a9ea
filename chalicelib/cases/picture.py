"""The picture of a case that one member of staff gets, in one language, at one instant. It reads nothing."""

from datetime import UTC, datetime
from typing import Any

from chalicelib.cases.may import hides
from chalicelib.cases.views import (
    ActionView,
    CaseView,
    EventView,
    FieldView,
    GuideView,
    LatenessView,
    LineView,
    OwnerView,
    PersonView,
    StageView,
    TaskView,
    ToldView,
    attachment_view,
)  # fmt: skip
from chalicelib.desk.cast import Cast
from chalicelib.desk.complaint import Complaint, Event, TaskRun, Tie
from chalicelib.desk.engine import open_actions, tasks_to_finish
from chalicelib.desk.explain import clocks
from chalicelib.desk.facts import Facts, is_unknown
from chalicelib.desk.fills import offered
from chalicelib.desk.forms import schema
from chalicelib.desk.people import is_absent
from chalicelib.desk.procedure import NEW, Action, Field, Guide, Words
from chalicelib.desk.rulebook import Desk
from chalicelib.desk.ties import SAYS_NOTHING_OF_WHO
from chalicelib.desk.wording import in_words
from chalicelib.desk.words import said

SAME = (
    "number", "org", "site", "version", "procedure", "procedure_version", "stage", "status", "round", "channel", "kind",
    "language", "received_at", "registered_at", "closed_at", "summary", "anonymous", "confidential", "replies",
    "posted",
)  # fmt: skip

KINDS: dict[str, Words] = {
    "registered": {"zh-Hans": "登记", "zh-Hant": "登記", "en": "Registered"},
    "acted": {"zh-Hans": "办理", "zh-Hant": "辦理", "en": "Acted"},
    "ticked": {"zh-Hans": "时限到期", "zh-Hant": "時限到期", "en": "A time came"},
    "rearmed": {"zh-Hans": "时限重新计算", "zh-Hant": "時限重新計算", "en": "Due times computed anew"},
    "grouped": {"zh-Hans": "归入集中问题", "zh-Hant": "歸入集中問題", "en": "Grouped with others"},
    "linked": {"zh-Hans": "与其他投诉关联", "zh-Hant": "與其他投訴關聯", "en": "Linked with another complaint"},
    "unlinked": {"zh-Hans": "取消与其他投诉的关联", "zh-Hant": "取消與其他投訴的關聯", "en": "A link was undone"},
    "mailed": {"zh-Hans": "收到未核实的邮件", "zh-Hant": "收到未核實的郵件", "en": "A mail from somebody not verified"},
    "printed": {"zh-Hans": "打印登记回执", "zh-Hant": "打印登記回執", "en": "Printed the acknowledgement"},
    "attached": {"zh-Hans": "添加附件", "zh-Hant": "添加附件", "en": "A file was added"},
    "called": {"zh-Hans": "来电", "zh-Hant": "來電", "en": "A call"},
    "wrote": {"zh-Hans": "客户留言", "zh-Hant": "客戶留言", "en": "The customer wrote"},
    "held": {"zh-Hans": "暂停删除", "zh-Hant": "暫停刪除", "en": "Put on hold: nothing is erased"},
    "released": {"zh-Hans": "恢复按期删除", "zh-Hant": "恢復按期刪除", "en": "The hold was lifted"},
    "erased": {"zh-Hans": "删除个人信息", "zh-Hant": "刪除個人資料", "en": "Erased"},
    "seen": {"zh-Hans": "查看投诉人身份", "zh-Hant": "查看投訴人身份", "en": "Looked at who complains"},
}


NO_TIE = Tie(link="", at=datetime.max.replace(tzinfo=UTC), by="", times=0)


class Picture:
    """`knows`: whether the reader may know who complains."""

    def __init__(
        self, desk: Desk, case: Complaint, person: str, now: datetime, language: str, knows: bool
    ) -> None:  # fmt: skip
        self.desk, self.procedure, self.case_ = desk, desk.procedure, case
        self.reader, self.now, self.language, self.knows = person, now, language, knows
        self.cast, self.facts = Cast(desk, case, now), Facts(case)
        self.hidden = hides(desk, person, now)

    def case(self) -> CaseView:
        """The whole case, but for the complainant."""
        case, stage = self.case_, self.procedure.stages[self.case_.stage]
        guides = self.guides()
        return CaseView(
            **{name: getattr(case, name) for name in SAME},
            site_name=self._said(self.desk.site.name),
            procedure_title=self._said(self.procedure.title),
            stage_title=self._said(stage.title),
            promised_reply_at=case.promised_at,
            owner=self._owner(),
            fields=self._fields(case.values),
            attachments=[attachment_view(f, withheld=case.confidential and not self.knows) for f in case.attachments],
            clocks=clocks(self.desk, case, self.language),
            lateness=[
                LatenessView(
                    clock=late.clock, title=self._said(self.procedure.clocks[late.clock].title), due=late.due,
                    round=late.round, owner=self._person(late.owner),
                )
                for late in case.lateness
            ],
            tasks=[self._task(id, task) for id, task in case.tasks.items()],
            people=self._people(),
            guides=guides,
            actions=self._actions(guides),
            customer_withheld=case.confidential,
        )  # fmt: skip

    def guides(self) -> list[GuideView]:
        """What guides the reader here and now; a case without a stage is about to be taken in."""
        guides = self.procedure.guides.items()
        return [guide_view(id, guide, self.language) for id, guide in guides if self._applies(guide)]

    def form(self, action: Action) -> dict[str, Any]:
        """The form of an action as JSON Schema, with what the reader is offered as answers."""
        form = schema(self.procedure, self.case_, action, self.desk.organisation, self.language)
        self._offer(form["properties"])
        return form

    def history(self, events: list[Event]) -> list[EventView]:
        """Events in words; the stage is that after the event."""
        views, stage = [], ""
        for event in events:
            stage = event.changes.stage or stage
            views.append(self._event(event, stage))
        return views

    def _event(self, event: Event, stage: str) -> EventView:
        action = self.procedure.actions.get(event.action)
        reached = self.procedure.stages.get(stage)
        other, tie = next(iter(event.changes.ties.items()), ("", NO_TIE))
        if tie.confidential and tie.kind not in SAYS_NOTHING_OF_WHO:
            other, tie = "", NO_TIE
        late = [signal.partition(" ")[2] for signal in event.signals if signal.startswith("late ")]
        return EventView(
            version=event.version,
            at=event.at,
            kind=event.kind,
            title=self._said(action.title if action else KINDS[event.kind]),
            by=self._person(event.by),
            action=event.action,
            happened_at=event.happened_at,
            answers=self._fields(event.answers),
            stage=stage,
            stage_title=self._said(reached.title) if reached else stage,
            late=[self._said(self.procedure.clocks[id].title) for id in late if id in self.procedure.clocks],
            told=[ToldView(to=told.to, letter=told.letter, channel=told.channel) for told in event.told],
            note=event.note or tie.note,
            other=other,
            previous=event.previous,
            hash=event.hash,
        )

    def _owner(self) -> OwnerView:
        owner = self.case_.owner
        unit = self.desk.organisation.departments.get(owner.department)
        return OwnerView(
            person=self._person(owner.person),
            department=owner.department,
            department_name=self._said(unit.name) if unit else owner.department,
            role=owner.role,
            role_title=self._role(owner.role),
            answers_now=self._person(self.cast.in_charge()),
        )

    def _people(self) -> list[StageView]:
        found = []
        for id, stage in self.procedure.stages.items():
            if stage.in_charge is None:
                continue
            holders = [self._person(holder) for holder in self.cast.holders(stage.in_charge)]
            first, second = [*holders, None, None][:2]
            found.append(
                StageView(
                    stage=id, title=self._said(stage.title), status=stage.status, here=id == self.case_.stage,
                    role=stage.in_charge, role_title=self._role(stage.in_charge), primary=first, secondary=second,
                    answers_now=self._person(self.cast.answers_for(stage.in_charge)), rules=stage.rules,
                )
            )  # fmt: skip
        return found

    def _actions(self, guides: list[GuideView]) -> list[ActionView]:
        case = self.case_
        checklist = [line for guide in guides if guide.kind in ("checklist", "prohibition") for line in guide.lines]
        found = []
        for id in open_actions(self.desk, case, self.reader, self.now):
            action = self.procedure.actions[id]
            form = self.form(action)
            if action.finishes:
                form["properties"]["task"]["enum"] = tasks_to_finish(self.desk, case, id, self.reader, self.now)
            title = self._said(action.title)
            found.append(ActionView(id=id, title=title, form=form, checklist=checklist, rules=action.rules))
        return found

    def _offer(self, properties: dict[str, Any]) -> None:
        """What the fields of a form offer as their answers, unless the reader may not see what they hold."""
        for name, one in properties.items():
            entry = self.procedure.fields.get(name)
            if self.hidden(self.case_, name):
                one.pop("default", None)
            elif entry and "default" not in one:
                value = offered(self.desk, entry, self.reader, self.now)
                one.update({} if value is None else {"default": value})

    def _applies(self, guide: Guide) -> bool:
        stage = self.case_.stage or NEW
        here = stage in guide.at or ("open" in guide.at and stage in self.desk.rulebook.manned)
        return here and self.facts.hold(guide.when) and (not guide.for_ or self.cast.may(self.reader, guide.for_))

    def _task(self, id: str, task: TaskRun) -> TaskView:
        kind = self.procedure.tasks[task.task]
        cast = Cast(self.desk, self.case_, self.now, id)
        answering = next((p for role in kind.for_ if (p := cast.answers_for(role))), "")
        shown = {name: task.takes.get(name, self.case_.values.get(name)) for name in kind.shows}
        late = self.procedure.clocks.get(task.because.removeprefix("late "))
        titles = [self._said(words) for words in (kind.title, late.title if late else {}) if words]
        title = (": " if self.language == "en" else "：").join(titles)
        return TaskView(
            id=id, task=task.task, title=title, opened=task.opened, finished=task.finished,
            answers_now=self._person(answering) if task.finished is None else None, shows=self._fields(shown),
        )  # fmt: skip

    def _fields(self, values: dict[str, Any]) -> list[FieldView]:
        fields = self.procedure.fields
        given = [name for name in fields if values.get(name) not in (None, "", [])]
        return [self._field(name, fields[name], values[name]) for name in given]

    def _field(self, id: str, entry: Field, value: Any) -> FieldView:
        withheld = entry.tells_who and self.case_.confidential and not self.knows
        withheld |= self.hidden(self.case_, id)
        file = self.case_.file(value) if entry.type == "file" else None
        text = file.name if file else in_words(self.desk, entry, value, self.language)
        if file and self.case_.confidential and not self.knows:
            text = ""  # its name may say who complains
        return FieldView(
            id=id, title=self._said(entry.title), type=entry.type, value=None if withheld else value,
            text="" if withheld else text, unknown=is_unknown(value),
            withheld=withheld, rules=entry.rules,
        )  # fmt: skip

    def _person(self, id: str) -> PersonView | None:
        organisation = self.desk.organisation
        if id not in organisation.staff:
            return None
        return PersonView(id=id, name=organisation.staff[id].name, absent=is_absent(organisation, id, self.now))

    def _role(self, id: str) -> str:
        role = self.procedure.roles.get(id)
        return self._said(role.title) if role else id

    def _said(self, words: Words) -> str:
        return said(words, self.language)


def guide_view(id: str, guide: Guide, language: str) -> GuideView:
    """A guide in one language."""
    lines = [LineView(rule=rule, text=said(words, language)) for rule, words in guide.lines.items()]
    return GuideView(id=id, title=said(guide.title, language), kind=guide.kind, lines=lines)
