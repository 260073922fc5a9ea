"""A mail comes: a complaint, an addition to one, or something that somebody has to look at. Nothing is dropped."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.cases.receive_mail import OFTEN, Handled, ReceiveMail
from chalicelib.desk.complaint import CUSTOMER, Complaint
from chalicelib.desk.errors import Conflict
from chalicelib.desk.people import Organisation
from chalicelib.messaging.inbound import mail as reading
from tests.fakes.files import MemoryFiles
from tests.fakes.inbox import FakeInbox
from tests.mail.mails import NAMES, mail, raw
from tests.web.air import ORG, Air, on_air, organisation

OTHER = "w-workshop"


class Post:
    """A desk with an inbox. `comes` is a mail that arrives and is received."""

    def __init__(self, air: Air) -> None:
        self.air, self.inbox, self.files, self.counted = air, FakeInbox(), MemoryFiles(), Counter[str]()
        world = air.world
        self.receive = ReceiveMail(
            inbox=self.inbox, files=self.files, cases=world.stores.cases, desks=world.desks, register=world.register,
            act=world.act, hasher=world.hasher, own="Desk <desk@desk.example>", clock=world.clock,
            measure=lambda name: self.counted.update([name]),
        )  # fmt: skip

    def comes(self, content: bytes, key: str = "", at: datetime | None = None) -> Handled:
        """One mail, to one organisation."""
        [handled] = self.all_of(content, key, at)
        return handled

    def all_of(self, content: bytes, key: str = "", at: datetime | None = None) -> list[Handled]:
        """What became of it for each organisation."""
        key = key or f"inbound/{len(self.inbox.mails)}"
        self.inbox.put(key, content, at or self.air.now)
        return self.receive(key)

    def case(self, handled: Handled) -> Complaint:
        """The case that a mail came to."""
        found = self.air.stores.cases.load(handled.org, handled.number)
        assert found is not None
        return found

    def written(self, letter: str = "") -> list[str]:
        """To whom letters were written, all or of one kind."""
        return [m.to for m in self.air.queue.delivered if letter in ("", m.letter)]


@pytest.fixture
def post() -> Iterator[Post]:
    with on_air() as air:
        yield Post(air)


# a new complaint


def test_a_mail_is_a_complaint_with_what_it_said_and_who_wrote_it(post: Post) -> None:
    came = post.air.now - timedelta(minutes=7)
    handled = post.comes(raw("foxmail_gb18030"), at=came)
    case = post.case(handled)
    assert (handled.outcome, case.org, case.site, case.channel) == ("registered", ORG, "main", "email")
    assert (case.summary, case.language, case.received_at) == ("一号楼电梯停运", "zh-Hans", came)
    told = "\n".join([*map(str, case.values.values()), *case.posted.values()])
    assert "老人无法下楼" in told
    assert "- 西侧电梯（𠮷号）" in told
    identity = post.air.stores.cases.identity(ORG, case.number)
    assert (identity.name, identity.email) == ("李女士", "li@mail.example")
    assert identity.thread == "<2026112308575812345610@mail.example>"
    assert post.written("acknowledgement") == [CUSTOMER]


def test_its_files_and_the_mail_itself_are_kept_by_their_hash(post: Post) -> None:
    content = raw("foxmail_gb18030")
    original, picture = post.case(post.comes(content)).attachments
    assert (original.name, original.kind, original.size) == ("邮件原件.eml", "message/rfc822", len(content))
    assert (picture.name, picture.kind, picture.by) == ("电梯照片.png", "image/png", CUSTOMER)
    assert post.files.get(original.place) == content
    assert re.fullmatch(f"mail/{ORG}/[0-9a-f]{{32}}/{picture.sha256}", picture.place)
    assert post.files.kinds[picture.place] == "image/png"


def test_what_the_mail_service_found_stands_in_the_case_and_nothing_of_who_wrote(post: Post) -> None:
    case = post.case(post.comes(raw("apple_mail")))
    assert case.posted["mail.checks"] == "spam=pass virus=pass spf=pass dkim=pass dmarc=pass"
    events = post.air.stores.cases.history(ORG, case.number)
    assert "zhao@icloud.example" not in f"{case}{events}"


@pytest.mark.parametrize("name", ["yahoo_tw_big5", "mislabelled_gbk", "netease_html_only", "iso_2022_jp", "broken"])
def test_every_program_can_complain(post: Post, name: str) -> None:
    assert post.comes(raw(name)).outcome == "registered"


def test_a_mail_without_a_word_is_a_complaint_that_says_so(post: Post) -> None:
    case = post.case(post.comes(mail("", subject="")))
    assert "没有可读的文字内容" in case.summary


def test_a_text_beyond_all_measure_is_cut_and_the_case_says_so(post: Post) -> None:
    case = post.case(post.comes(mail("停电。" * 6_000)))
    assert "全文见原件" in case.posted["mail.notes"]


# whose it is


@pytest.mark.parametrize(
    ("to", "place"),
    [
        ("complaints+c-company@desk.example", (ORG, "main")),
        ("c-company@desk.example", (ORG, "main")),
        ("C-Company@Desk.example", (ORG, "main")),
        ("c-company+lifts@desk.example", (ORG, "main")),
        ("complaints+c-company.north@desk.example", (ORG, "north")),
        ("w-workshop@desk.example", (OTHER, "main")),
        ("north@c.example", (ORG, "north")),
        ("nobody@desk.example, north@c.example", (ORG, "north")),
    ],
)
def test_a_mail_goes_where_it_was_sent(to: str, place: tuple[str, str]) -> None:
    with on_air(_with_north(), organisation(OTHER, "w-workshop")) as air:
        post = Post(air)
        case = post.case(post.comes(mail("投诉w-workshop，不是c-company。", to=to)))
        assert (case.org, case.site) == place


def test_a_mail_to_two_organisations_is_a_case_of_each() -> None:
    with on_air(organisation(), organisation(OTHER, "w-workshop")) as air:
        handled = Post(air).all_of(mail(to="c-company@desk.example, w-workshop@desk.example"))
        assert [(one.outcome, one.org) for one in handled] == [("registered", ORG), ("registered", OTHER)]


def test_where_the_address_leaves_the_site_open_the_case_says_so() -> None:
    with on_air(_with_north()) as air:
        post = Post(air)
        assert "未指明处所" in post.case(post.comes(mail(to="c-company@desk.example"))).posted["mail.notes"]


@pytest.mark.parametrize("to", ["hello@desk.example", "c-company@elsewhere.example", "desk@desk.example", "@", ""])
def test_what_was_sent_to_nobody_here_is_kept_and_counted_whatever_it_says(post: Post, to: str) -> None:
    handled = post.comes(mail("This is about c-company.", to=to, subject="c-company"), key="inbound/x")
    assert (handled.outcome, handled.reason) == ("unassigned", "nobody")
    assert list(post.inbox.kept) == [("nobody", "x")]
    assert post.counted == {"MailReceived": 1, "MailUnassigned": 1}
    assert not post.air.stores.cases.memory.heads


# the same again


def test_the_same_mail_is_one_complaint_however_often_it_comes(post: Post) -> None:
    first = post.comes(raw("apple_mail"), "inbound/1")
    again = post.receive("inbound/1")
    post.air.wait(minutes=1)
    copy = post.comes(raw("apple_mail"), "inbound/2")
    assert [one.outcome for one in (first, *again, copy)] == ["registered", "known", "known"]
    assert len(post.air.stores.cases.memory.heads) == 1
    assert post.written("acknowledgement") == [CUSTOMER]


def test_another_mail_under_the_same_id_is_another_complaint(post: Post) -> None:
    post.comes(mail("电梯停运。"))
    assert post.comes(mail("水管漏水。")).outcome == "registered"


def test_mails_without_an_id_are_told_apart_by_what_they_say(post: Post) -> None:
    found = [post.comes(mail(text, id="")).outcome for text in ("电梯停运。", "电梯停运。", "水管漏水。")]
    assert found == ["registered", "known", "registered"]


# additions


@pytest.mark.parametrize("name", ["qq_reply", "outlook_reply", "gmail_reply"])
def test_an_answer_of_the_complainant_joins_the_case(post: Post, name: str) -> None:
    number = post.comes(mail()).number
    handled = post.comes(raw(name, number))
    case = post.case(handled)
    assert (handled.outcome, handled.number) == ("joined", number)
    [reply] = case.replies
    assert (reply.by, "旧信" in reply.text, "您好" in reply.text) == ("customer", False, False)
    assert post.written("customer_wrote") == [case.owner.person]
    assert {file.by for file in case.attachments} == {CUSTOMER}


def test_a_new_mail_with_the_number_in_its_subject_joins_too_and_comes_once(post: Post) -> None:
    number = post.comes(mail()).number
    content = mail("仍未修好。", subject=f"编号{number.replace('-', '')}", id="<2@mail.example>")
    outcomes = [post.comes(content).outcome for _ in range(3)]
    assert outcomes == ["joined", "known", "known"]
    assert [reply.text for reply in post.case(Handled(outcome="joined", org=ORG, number=number)).replies] == [
        "仍未修好。"
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"sender": "other@mail.example"},
        {"sender": "other@mail.example", "Reply_To": "li@mail.example"},
        {"sender": '"li@mail.example" <other@mail.example>'},
        {"sender": "li@mail.example, other@mail.example"},
        {"Authentication_Results": "amazonses.com; spf=fail; dkim=none; dmarc=fail"},
        {"Authentication_Results": "amazonses.com; spf=fail; dkim=none; dmarc=none"},
        {"Authentication_Results": "amazonses.com; spf=pass envelope-from=x@other.example; dkim=none; dmarc=none"},
        {"X_SES_Spam_Verdict": "FAIL"},
    ],
    ids="+".join,
)
def test_whoever_is_not_verified_is_shown_to_staff_and_told_nothing(post: Post, headers: dict[str, str]) -> None:
    number = post.comes(mail()).number
    post.air.queue.delivered.clear()
    handled = post.comes(mail("请告诉我进展。", subject=f"Re: 【{number}】", id="<9@x.example>", **headers))
    case = post.case(handled)
    assert (handled.outcome, handled.number, case.replies) == ("unverified", number, [])
    event = post.air.stores.cases.history(ORG, number)[-1]
    assert (event.kind, "请告诉我进展。" in event.note) == ("mailed", True)
    assert "other@mail.example" not in event.note
    assert post.written() == post.written("mail_unverified") == [case.owner.person]
    assert case.attachments[-1].by == ""


def test_a_number_that_is_none_is_a_new_complaint(post: Post) -> None:
    post.comes(mail())
    assert post.comes(mail(subject="261123-0000019 电梯", id="<2@mail.example>")).outcome == "registered"


def test_nobody_joins_a_case_of_another_organisation_by_its_number() -> None:
    with on_air(organisation(), organisation(OTHER, "w-workshop")) as air:
        post = Post(air)
        number = post.comes(mail()).number
        other = post.comes(mail(to="w-workshop@desk.example", subject=f"Re: {number}", id="<2@mail.example>"))
        assert (other.outcome, other.org) == ("registered", OTHER)


def test_an_addition_is_written_anew_when_somebody_else_was_faster(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    number = post.comes(mail()).number
    store, commit = post.air.stores.cases, post.air.stores.cases.commit
    refusals = [Conflict(), Conflict()]

    def contended(*given: object, **more: object) -> None:
        if refusals:
            raise refusals.pop()
        commit(*given, **more)

    monkeypatch.setattr(store, "commit", contended)
    assert post.comes(mail("仍未修好。", subject=number, id="<2@mail.example>")).outcome == "joined"


# machines


@pytest.mark.parametrize("name", ["auto_reply", "bounce"])
def test_what_a_machine_sent_is_no_case_and_is_not_answered(post: Post, name: str) -> None:
    number = post.comes(mail()).number
    post.air.queue.delivered.clear()
    assert post.comes(raw(name, number)).outcome == "automatic"
    assert len(post.air.stores.cases.memory.heads) == 1
    assert not post.air.queue.delivered
    assert not post.inbox.kept


@pytest.mark.parametrize(
    "content",
    [raw("auto_reply_by_subject"), raw("mailing_list"), mail(sender="noreply@forms.example"),
     mail(Auto_Submitted="auto-generated"), mail(Precedence="list"), mail(List_Id="<owners.lists.example>")],
)  # fmt: skip
def test_what_only_looks_like_a_machine_is_looked_over_by_somebody(post: Post, content: bytes) -> None:
    assert post.comes(content, "inbound/x").outcome == "automatic"
    assert list(post.inbox.kept) == [("automatic", "x")]
    assert not post.air.queue.delivered  # and it is not answered


def test_whoever_writes_too_often_is_registered_and_not_answered(post: Post) -> None:
    for count in range(OFTEN + 2):
        post.comes(mail(f"第{count}封", id=f"<{count}@mail.example>"))
    assert len(post.air.stores.cases.memory.heads) == OFTEN + 2
    assert post.written("acknowledgement") == [CUSTOMER] * OFTEN
    post.air.wait(hours=2)
    post.comes(mail("次日", id="<later@mail.example>"))
    assert post.written("acknowledgement") == [CUSTOMER] * (OFTEN + 1)


# what is dangerous or cannot be read


def test_an_infected_mail_is_a_case_without_its_files_which_are_kept_apart(post: Post) -> None:
    case = post.case(post.comes(raw("virus"), "inbound/x"))
    assert (case.attachments, post.files.kept, list(post.inbox.kept)) == ([], {}, [("virus", "x")])
    assert "病毒" in case.posted["mail.notes"]


@pytest.mark.parametrize("content", [raw("forged"), mail(X_SES_Spam_Verdict="FAIL")], ids=["forged", "spam"])
def test_whom_nobody_vouches_for_is_registered_and_not_answered(post: Post, content: bytes) -> None:
    case = post.case(post.comes(content))
    assert "未自动回执" in case.posted["mail.notes"]
    assert CUSTOMER not in post.written()
    assert CUSTOMER not in {told.to for event in post.air.stores.cases.history(ORG, case.number) for told in event.told}


def test_a_mail_too_large_to_read_is_a_case_by_its_headers_and_kept_apart(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.cases.receive_mail.MOST_BYTES", 4_096)
    case = post.case(post.comes(mail("x" * 60 + "\n" * 5_000), "inbound/x"))
    assert (case.summary, case.attachments, list(post.inbox.kept)) == ("电梯", [], [("too_large", "x")])
    assert "邮件过大" in case.posted["mail.notes"]


def test_a_mail_like_a_bomb_is_a_case_by_its_headers_with_the_original(post: Post) -> None:
    head = b"From: li@mail.example\nTo: c-company@desk.example\nSubject: lift\n"
    bomb = head + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (reading.MOST_PARTS + 5)
    case = post.case(post.comes(bomb))
    assert case.attachments[0].size == len(bomb)
    assert "部分过多" in case.posted["mail.notes"]


def test_a_mail_that_is_gone_is_told_from_one_that_is_there(post: Post) -> None:
    assert post.receive("inbound/never") == [Handled(outcome="gone")]


@given(
    st.one_of(st.binary(max_size=300), st.tuples(st.sampled_from(NAMES), st.integers(0, 3000), st.binary(max_size=4)))
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_ends_in_one_of_the_outcomes(content: bytes | tuple[str, int, bytes]) -> None:
    """Any bytes; any mail with some of its bytes changed."""
    if not isinstance(content, bytes):
        name, at, patch = content
        whole = raw(name)
        content = whole[: at % len(whole)] + patch + whole[at % len(whole) + len(patch) :]
    with on_air() as air:
        post = Post(air)
        handled = post.all_of(content)
        again = post.receive("inbound/0")
        cases = len(air.stores.cases.memory.heads)
        assert cases == sum(one.outcome == "registered" for one in handled)
        assert {one.outcome for one in again} <= {"known", "automatic", "unassigned"}
        assert cases or post.inbox.kept or handled[0].outcome == "automatic"


def _with_north() -> Organisation:
    one = organisation()
    north = replace(one.sites["main"], id="north", mail=["north@c.example"])
    return replace(one, sites={**one.sites, "north": north})
