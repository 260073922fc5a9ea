"""Complaints by mail, from the bucket into which SES puts them to the acknowledgement."""

from typing import Any

from tests.deployed.desk import Desk, eventually
from tests.mail.mails import mail, raw


def put(desk: Desk, key: str, content: bytes) -> None:
    """What SES does when a mail comes. S3 tells the function then."""
    desk.stack.client("s3").put_object(Bucket=desk.stack.outputs["MailBucketName"], Key=key, Body=content)


def told_again(desk: Desk, key: str) -> None:
    """S3 may tell of one mail more than once, and in any order."""
    bucket = desk.stack.outputs["MailBucketName"]
    desk.stack.invoke("receive_mail", {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": key}}}]})


def acknowledgements(desk: Desk, address: str) -> list[dict[str, Any]]:
    return [letter for letter in desk.mail_to(address) if "您反映的情况已收到" in letter["Subject"]]


def to_org(desk: Desk) -> str:
    """An address of the deployment's own domain."""
    described = desk.stack.client("lambda").get_function_configuration(FunctionName=desk.stack.functions["deliver"])
    return "complaints+c-company@" + described["Environment"]["Variables"]["MAIL_FROM"].partition("@")[2]


def test_a_mail_becomes_a_case_with_its_files_and_is_acknowledged_once(desk: Desk) -> None:
    content = raw("foxmail_gb18030").replace(b"complaints+c-company@desk.example", to_org(desk).encode())
    content = content.replace(b"li@mail.example", b"by-mail@mail.example")
    put(desk, "inbound/one", content)
    put(desk, "inbound/the-same", content)
    told_again(desk, "inbound/one")
    [letter] = eventually(lambda: acknowledgements(desk, "by-mail@mail.example"), "acknowledgement")
    number = letter["Subject"].partition("【")[2].partition("】")[0]
    case = desk.get(f"/v1/tickets/{number}", by="c.li").body
    assert (case["channel"], case["summary"]) == ("email", "一号楼电梯停运")
    assert [file["name"] for file in case["attachments"]] == ["邮件原件.eml", "电梯照片.png"]
    put(
        desk,
        "inbound/more",
        mail("仍未修好。", to=to_org(desk), sender="by-mail@mail.example", subject=f"Re: {number}"),
    )
    replies = eventually(lambda: desk.get(f"/v1/tickets/{number}", by="c.li").body["replies"], "reply")
    assert [reply["text"] for reply in replies] == ["仍未修好。"]
    assert len(acknowledgements(desk, "by-mail@mail.example")) == 1


def test_a_mail_to_nobody_is_listed_for_administrators(desk: Desk) -> None:
    put(desk, "inbound/nobodys", raw("to_nobody"))
    listed = eventually(lambda: desk.get("/v1/admin/mail", by="c.wu").body["items"], "list")
    assert [(one["id"], one["reason"]) for one in listed] == [("nobodys", "nobody")]
