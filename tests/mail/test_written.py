"""What somebody wrote themselves, and what their program put below it."""

import pytest

from chalicelib.messaging.inbound.written import said

QUOTED = [
    "-----原始邮件-----\n发件人：客服\n发送时间：2026年11月23日\n收件人：李\n主题：您好\n\n旧信",
    "------------------ 原始邮件 ------------------\n旧信",
    "---- 回复的原邮件 ----\n| 发件人 | desk@desk.example |\n旧信",
    "-----Original Message-----\nFrom: desk\nSent: Monday\nTo: Li\nSubject: x\n\n旧信",
    "发件人： 客服 <desk@desk.example>\n日期： 2026年11月23日 星期一 上午9:01\n收件人： 李\n主题： 您好\n旧信",
    "寄件者: 客服\n寄件日期: 2026年11月23日\n收件者: 陳\n主旨: 您好\n舊信",
    "________________________________\nFrom: desk\nSent: Monday\nTo: Li\nSubject: x\n\n旧信",
    "在 2026年11月23日，上午9:01，客服 <desk@desk.example> 写道：\n\n> 旧信",
    "在 2026-11-23 09:01:00，\"客服\" <desk@desk.example> 写道：\n旧信",
    "客服 <desk@desk.example> 于2026年11月23日周一 09:01写道：\n\n> 旧信",
    "客服 <desk@desk.example> 於 2026年11月23日 週一 上午9:01寫道：\n\n> 舊信",
    "On Mon, Nov 23, 2026 at 9:01 AM The Desk\n<desk@desk.example> wrote:\n\n> 旧信",
    "At 2026-11-23 09:01:00, \"desk\" <desk@desk.example> wrote:\n旧信",
    "Am 23.11.2026 um 09:01 schrieb Desk <desk@desk.example>:\n> 旧信",
    "Le 23 nov. 2026 à 09:01, Desk <desk@desk.example> a écrit :\n> 旧信",
    "------------------ Original ------------------\nFrom: desk;\nDate: Mon, Nov 23, 2026\nTo: li;\nSubject: x\n旧信",
    "---- Replied Message ----\n| From | desk@desk.example |\n旧信",
    "------------------------------------------------------------------\n发件人：客服<desk@desk.example>\n"
    "日　期：2026年11月23日 09:01:00\n收件人：李<li@mail.example>\n主　题：您好\n旧信",
    "From:desk<desk@desk.example>\nSend Time:2026 Nov. 23 (Mon.) 09:01\nTo:li<li@mail.example>\nSubject:x\n旧信",
    "发件人： 客服 <d@desk.example>\n日期： 2026年11月23日\n收件人： li\n主 题： x\n旧信",
    "客服 <complaints+c-company@desk.example>\n于2026年11月23日周一 09:01写道：\n\n> 旧信",
    "> 旧信\n> 旧信",
]  # fmt: skip


@pytest.mark.parametrize("quoted", QUOTED)
def test_the_mail_that_is_answered_is_left_out(quoted: str) -> None:
    assert said(f"仍未修好。\n\n{quoted}\n") == "仍未修好。"


@pytest.mark.parametrize(
    "footer",
    ["发自我的iPhone", "发自我的 iPad", "來自我的 iPhone", "發自我的iPhone", "从我的华为手机发送",
     "发自QQ邮箱手机版", "Sent from my iPhone",
     "发自我的小米手机", "获取 Outlook for iOS<https://aka.ms/o0ukef>", "从 Outlook for iOS 获取",
     "使用 Outlook for Android 發送", "从 Windows 版邮件发送", "發自 Yahoo奇摩電子信箱", "Sent from Gmail Mobile",
     "Sent via the Samsung Galaxy", "Get Outlook for iOS<https://aka.ms/o0ukef>", "-- \n李女士\n某某公司"],
)  # fmt: skip
def test_what_a_telephone_says_of_itself_is_left_out(footer: str) -> None:
    assert said(f"仍未修好。\n\n{footer}\n") == "仍未修好。"


@pytest.mark.parametrize(
    "text",
    [
        "故障如下：\n- 东侧电梯\n- 西侧电梯\n请修复。",
        "谢谢,\n但是还没有修好。\n此致敬礼\n请继续处理",
        "我母亲在信中写道：\n电梯停了三天。",
        "In her letter she wrote:\nthe lift stands still.",
        "From: 三号楼到四号楼都停水。",
        "2026年11月23日，他在群里写道：物业不管。后来也没有人来。",
        "--\n以上是我的意见",
        "发自我的内心，我希望你们改进。",
        "从 Windows 版打印的单据看，三号楼多收了水费。",
        "请联系王师傅 <wang@mail.example>\n他在2026年11月说：不归我管。",
        "On Monday nobody came.\nOn Tuesday they wrote: wait.",
    ],
)
def test_what_belongs_to_a_complaint_stays(text: str) -> None:
    assert said(text) == text


def test_a_forwarded_mail_is_told_whole() -> None:
    text = "请看下面。\n\n发件人: 物业\n发送时间: 2026年11月20日\n收件人: 李\n主题: 收费\n\n多收费用。"
    assert said(text, "转发: 收费") == said(text, "Fw: 收费") == text
    assert said(text, "回复: 收费") == "请看下面。"


def test_where_nothing_of_ones_own_is_left_all_of_it_stays() -> None:
    text = "> 您好\n> 请回复"
    assert said(text) == text
