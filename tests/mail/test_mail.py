"""Mails as the programs of their senders write them, and what no program writes."""

import time

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from chalicelib.messaging.inbound.mail import DEEPEST, MOST_LINES, MOST_PARTS, Mail, read
from tests.mail.mails import NAMES, mail, raw

OWN = frozenset({"desk@desk.example"})


def taken(name: str) -> Mail:
    return read(raw(name), OWN)


@pytest.mark.parametrize(
    ("name", "sender", "subject", "said", "language"),
    [
        ("foxmail_gb18030", "李女士", "一号楼电梯停运",
         "一号楼电梯停运三天，老人无法下楼。\n请尽快修复：\n- 东侧电梯\n- 西侧电梯（𠮷号）\n\n\n李女士", "zh-Hans"),
        ("qq_reply", "李女士", "回复：【NUMBER】您反映的情况已收到", "今天电梯又停了，请派人来看。", "zh-Hans"),
        ("yahoo_tw_big5", "陳先生", "地下停車場照明全部故障",
         "地下停車場照明全部故障，已經兩個星期。\n\n請儘快處理，謝謝。", "zh-Hant"),
        ("mislabelled_gbk", "王先生", "供暖不足", "室内温度只有十二度，打电话无人接听。", "zh-Hans"),
        ("outlook_reply", "李女士", "答复: 【NUMBER】您反映的情况已收到", "附上维修单。", "zh-Hans"),
        ("apple_mail", "赵小姐", "外墙瓷砖脱落，很危险",
         "二号楼北面外墙瓷砖脱落，差点砸到人。\n\n照片见下。", "zh-Hans"),
        ("gmail_reply", "Li", "Re: 您反映的情况已收到", "仍未修好，麻烦跟进。", "zh-Hans"),
        ("netease_html_only", "sun", "物业收费不清",
         "三季度公摊电费多收，共86.50元。\n- 7月\n- 8月\n应收 120", "zh-Hans"),
        ("iso_2022_jp", "森", "エレベーターの故障", "三日間、動きません。", ""),
    ],
)  # fmt: skip
def test_a_mail_is_read_as_its_sender_wrote_it(name: str, sender: str, subject: str, said: str, language: str) -> None:
    found = taken(name)
    assert (found.sender.name, found.subject, found.said, found.language) == (sender, subject, said, language)
    assert not [trouble for trouble in (found.fault, found.automatic, found.verdicts.forged) if trouble]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("foxmail_gb18030", [("电梯照片.png", "image/png")]),
        ("outlook_reply", [("维修单.pdf", "application/pdf")]),
        ("apple_mail", [("外墙.png", "image/png")]),
        ("virus", [("invoice.zip", "application/zip")]),
    ],
)
def test_files_keep_their_names_and_kinds(name: str, files: list[tuple[str, str]]) -> None:
    assert [(file.name, file.kind) for file in taken(name).files] == files


def test_what_is_broken_is_read_as_far_as_it_goes() -> None:
    found = taken("broken")
    assert found.said == "水管漏水，无人处理。"
    assert [file.name for file in found.files] == ["b.jpg", "part-2.bin"]


def test_a_file_has_no_path() -> None:
    found = read(b'Content-Disposition: attachment; filename="..\\\\..\\\\etc/pass wd\x01"\n\nx')
    assert [file.name for file in found.files] == ["pass wd"]


def test_a_long_file_name_keeps_its_ending() -> None:
    [file] = read(b"Content-Disposition: attachment; filename=" + b"a" * 400 + b".pdf\n\nx").files
    assert (len(file.name), file.name[-4:]) == (120, ".pdf")


def test_an_attached_mail_stays_whole() -> None:
    inner = mail("旧信", subject="old")
    outer = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nsee below\n--b\n"
    outer += b"Content-Type: message/rfc822\n\n"
    found = read(outer + inner + b"\n--b--\n")
    assert found.said == "see below"
    assert [(file.name, file.kind) for file in found.files] == [("message.eml", "message/rfc822")]
    assert read(found.files[0].content).text == "旧信"


def test_to_whom_it_was_delivered_comes_before_whom_it_names() -> None:
    taken_for = "from a by inbound-smtp.ap-southeast-1.amazonaws.com with SMTP id x for c-company@desk.example; Mon"
    found = read(mail(to="someone@else.example", Received=taken_for))
    assert found.recipients == ["c-company@desk.example", "someone@else.example"]


def test_the_same_mail_has_the_same_key_by_whatever_way_it_came() -> None:
    once = read(mail(Received="from a by b; Mon, 23 Nov 2026 00:58:02 +0000"))
    again = read(mail(Received="from c by d; Mon, 23 Nov 2026 00:59:40 +0000"))
    other = read(mail("电梯又停了。", Received="from a by b; Mon, 23 Nov 2026 00:58:02 +0000"))
    assert once.key == again.key != other.key


# what the service found


def test_of_two_verdicts_the_services_own_counts_which_stands_above() -> None:
    found = taken("forged")
    assert (found.verdicts.dmarc, found.verdicts.spf, found.verdicts.forged) == ("fail", "fail", True)
    assert taken("virus").verdicts.virus == "fail"
    assert str(taken("gmail_reply").verdicts) == "spam=pass virus=pass spf=pass dkim=pass dmarc=pass"


SES = "amazonses.com; "


@pytest.mark.parametrize(
    ("results", "vouched_for", "forged"),
    [
        ("spf=pass envelope-from=li@mail.example; dkim=none; dmarc=pass", 1, 0),
        ("spf=fail envelope-from=li@mail.example; dkim=none; dmarc=none", 0, 1),
        ("spf=none envelope-from=li@mail.example; dkim=none; dmarc=none", 0, 0),
        ("spf=pass envelope-from=x@other.example; dkim=none; dmarc=none", 0, 0),
        ("spf=pass envelope-from=b@mx.mail.example; dkim=none; dmarc=none", 1, 0),
        ("spf=none envelope-from=x@relay.example; dkim=pass header.i=@mail.example; dmarc=none", 1, 0),
        ("spf=none; dkim=pass header.i=@other.example; dmarc=none", 0, 0),
        ("spf=none; dkim=fail header.i=@mail.example; dkim=pass header.i=@other.example; dmarc=none", 0, 0),
        ('spf=pass envelope-from="x dmarc=pass"@other.example; dkim=none; dmarc=fail header.from=mail.example;', 0, 1),
        ("spf=pass (a dmarc=pass b) envelope-from=x@other.example; dkim=none; dmarc=fail", 0, 1),
        ("spf=pass envelope-from=x@other.example; helo=a dmarc=pass; dkim=none; dmarc=fail", 0, 1),
        ("spf=pass envelope-from=x@other.example; helo=a dmarc=pass; dkim=none; dmarc=none", 0, 0),
        ('spf=pass envelope-from="x; envelope-from=li@mail.example"@other.example; dkim=none; dmarc=none;', 0, 0),
    ],
)  # fmt: skip
def test_a_sender_is_believed_for_what_their_own_domain_says_alone(results: str, vouched_for: int, forged: int) -> None:
    found = read(mail(Authentication_Results=SES + results)).verdicts
    assert (found.vouched_for, found.forged) == (bool(vouched_for), bool(forged))


def test_two_senders_are_not_one() -> None:
    assert read(mail()).one_sender
    assert not read(b"From: li@mail.example\nFrom: sun@mail.example\n\nx").one_sender
    assert not read(b"From: li@mail.example, sun@mail.example\n\nx").one_sender


@pytest.mark.parametrize(
    ("name", "sign"),
    [("auto_reply", "Auto-Submitted"), ("auto_reply_by_subject", "Subject"), ("bounce", "Auto-Submitted"),
     ("mailing_list", "Precedence")],
)  # fmt: skip
def test_what_a_machine_sent_is_recognised(name: str, sign: str) -> None:
    assert taken(name).automatic == sign


@pytest.mark.parametrize(
    ("headers", "sign"),
    [
        ({"Return_Path": "<>"}, "Return-Path"),
        ({"Precedence": "auto_reply"}, "Precedence"),
        ({"X_Autoreply": "yes"}, "X-Autoreply"),
        ({"List_Id": "<a.lists.example>"}, "List-Id"),
        ({"X_Auto_Response_Suppress": "OOF, AutoReply"}, "X-Auto-Response-Suppress"),
        ({"X_Redress_Loop": "desk.example"}, "X-Redress-Loop"),
        ({"sender": "desk@desk.example"}, "From"),
        ({"sender": "MAILER-DAEMON@mx.example"}, "From"),
        ({"sender": "postmaster@mx.example"}, "From"),
        ({"sender": "no-reply@forms.example"}, "No-Reply"),
        ({"Auto_Submitted": "auto-generated"}, "Auto-Generated"),
        ({"Auto_Submitted": "auto-replied (vacation)"}, "Auto-Submitted"),
        ({"Auto_Submitted": "no"}, ""),
        ({"X_Auto_Response_Suppress": "None"}, ""),
        ({"Return_Path": "<li@mail.example>"}, ""),
        ({"subject": "自动回复机器人答非所问"}, ""),
        ({"subject": "Out of office hours the lift is locked"}, ""),
    ],
)
def test_each_sign_of_a_machine_by_itself(headers: dict[str, str], sign: str) -> None:
    assert read(mail(**headers), OWN).automatic == sign


# what is meant to do harm


def test_more_lines_than_any_program_writes_are_not_taken_apart() -> None:
    found = read(b"Subject: lift\n\n" + b"x\n" * (MOST_LINES + 1))
    assert (found.subject, found.text, found.fault) == ("lift", "", "too_large")
    assert read(b"Subject: lift\n" + b"X-A: b\n" * (MOST_LINES + 1)).fault == "too_large"


def nested(depth: int) -> bytes:
    head = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(depth)
    )
    return head + b"Content-Type: text/plain\n\nx"


@pytest.mark.parametrize(
    ("made", "fault"),
    [
        (nested(MOST_PARTS + 50), "too_many_parts"),
        (nested(DEEPEST + 20), "too_deep"),
        (b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (MOST_PARTS + 1), "too_many_parts"),
        (b"Content-Type: message/rfc822\n\n" * 5_000, "too_many_parts"),
    ],
    ids=["nested beyond all", "nested too deeply", "too many parts", "mails in mails"],
)
def test_what_is_too_much_is_named_and_read_no_further(made: bytes, fault: str) -> None:
    assert read(made).fault == fault


@pytest.mark.parametrize(
    "made",
    [
        b"From: " + b"(" * 200_000 + b"\n\n",
        b"From: " + b"<a@" * 100_000 + b"\n\n",
        b"To: " + b"a@b.example, " * 50_000 + b"\n\n",
        b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\nx",
        b"Content-Type: text/html\n\n" + b"<!--" * 100_000,
        b"Content-Type: text/html\n\n" + b"<a b='" * 80_000,
        b"Content-Type: text/html\n\n" + b"<blockquote>" * 50_000,
        b"Content-Type: text/html\n\n" + b"data:image/png;base64," * 30_000,
        b"\n\n" + b"On " * 300_000,
        b"\n\n" + "在".encode() * 200_000 + "写道".encode() * 1_000,
        b"\n\n" + b"From: x\n" * 50_000,
        b"Content-Disposition: attachment;" + b' a="' * 50_000 + b"\n\nx",
    ],
    ids=lambda made: made[:20].decode("ascii", "replace"),
)
def test_no_mail_takes_long(made: bytes) -> None:
    started = time.process_time()
    found = read(made)
    assert isinstance(found.said + found.key + found.language, str)
    assert time.process_time() - started < 8  # a hundredth of that is usual; a hostile one would take hours


HEADERS = st.sampled_from(
    [b"From", b"To", b"Subject", b"Message-ID", b"References", b"Content-Type", b"Content-Disposition", b"Received",
     b"Content-Transfer-Encoding", b"Authentication-Results", b"Return-Path", b"Date"]
)  # fmt: skip
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"multipart/mixed; boundary=b", b"text/html; charset=gb2312", b"base64", b"quoted-printable", b"x-uuencode",
         b"=?gb2312?B?tefM3Q==?=", b"attachment; filename*0*=x''%ff; filename*1=\"b", b"message/rfc822", b"<a@b>",
         b"text/plain; charset=utf-16", b"text/plain; charset=idna", b"multipart/alternative; boundary=b"]
    ),
)  # fmt: skip
LINES = st.lists(st.tuples(HEADERS, VALUES), max_size=8).map(
    lambda lines: b"".join(n + b": " + v + b"\n" for n, v in lines)
)
BODIES = st.lists(st.one_of(st.binary(max_size=80), st.just(b"\n--b\n"), st.just(b"\n--b--\n"), LINES), max_size=8)


@given(st.one_of(st.binary(max_size=400), st.tuples(LINES, BODIES).map(lambda m: m[0] + b"\n" + b"".join(m[1]))))
@example(b"Content-Type: text/plain; charset=rot13\n\nabc")
@example(b"Content-Type: text/plain; charset=punycode\n\n\xff")
@example(b"Content-Transfer-Encoding: x-uuencode\n\nbegin\n\xff")
@example(b"\xff\xfe: \x00\n\n")
@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_is_a_mail(made: bytes) -> None:
    found = read(made)
    for text in (found.text, found.said, found.subject, found.sender.name, *(file.name for file in found.files)):
        assert text.encode("utf-8").decode() == text
        assert "\x00" not in text
    assert found.said or not found.text
    assert len(found.key) == 64


@pytest.mark.parametrize("name", NAMES)
def test_half_of_any_mail_is_read_too(name: str) -> None:
    whole = raw(name)
    for end in range(0, len(whole), max(1, len(whole) // 20)):
        assert read(whole[:end]).fault in ("", "unreadable")
