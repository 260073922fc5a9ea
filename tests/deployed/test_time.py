"""What nobody does by hand: the minute comes round, ladders are climbed, letters that failed go another way."""

import json
import time
from datetime import timedelta
from typing import Any

from chalicelib.messaging.email import TAG
from chalicelib.messaging.reference import Reference
from chalicelib.wiring import World
from tests.deployed.desk import Case, Desk, eventually, hours_ago

FORGOTTEN = {
    "org": "w-workshop",
    "channel": "letter",
    "customer": {"name": "孙女士", "phone": "13900139001"},
    "content": {"summary": "来信放在抽屉里", "details": "修好的空调又坏了。"},
}
REACHED_BY_BOTH = {
    "org": "c-company",
    "channel": "web",
    "customer": {"name": "周先生", "phone": "13800138002", "email": "zhou@example.org"},
    "content": {"summary": "车库漏水", "details": "地下车库漏水。"},
}


def test_what_lies_too_long_reaches_those_above_exactly_once(desk: Desk) -> None:
    """Neither is asked not to be disturbed at night, so it does not matter when this test runs."""
    case = desk.registers({**FORGOTTEN, "received_at": hours_ago(3)})
    above = ["w.xie@w-workshop.example", "w.pan@w-workshop.example"]
    desk.stack.sweep()
    for address in above:
        assert (
            "已逾期" in eventually(lambda a=address: desk.mail_to(a, case.number), f"mail to {address}")[0]["Subject"]
        )
    for _ in range(2):
        desk.stack.sweep()
    settled(desk)
    assert [len(desk.mail_to(address, case.number)) for address in above] == [1, 1]
    seen = case.seen_by("w.xie")
    assert [late["clock"] for late in seen["lateness"]] == ["report"]
    assert [clock["state"] for clock in seen["clocks"] if clock["clock"] == "report"] == ["late"]


def test_a_mail_that_bounces_goes_by_text_message_and_its_owner_is_told(desk: Desk, world: World) -> None:
    case = desk.registers(REACHED_BY_BOTH)
    eventually(lambda: desk.mail_to("zhou@example.org", case.number), "mail")
    for _ in range(2):  # events come at least once
        bounces(desk, world, case, "zhou@example.org")
    owner = "c.li@c-company.example"
    eventually(lambda: swept(desk) and desk.texts_to("+8613800138002", case.number), "text message")
    [mail] = eventually(lambda: swept(desk) and desk.mail_to(owner, case.number), "mail to the owner")
    assert "未能送达" in mail["Subject"]
    desk.stack.sweep()
    settled(desk)
    assert len(desk.texts_to("+8613800138002", case.number)) == len(desk.mail_to(owner, case.number)) == 1

    again = desk.registers(REACHED_BY_BOTH)
    eventually(lambda: swept(desk) and desk.texts_to("+8613800138002", again.number), "text message instead of mail")
    assert desk.mail_to("zhou@example.org", again.number) == []


def test_a_duty_prepares_its_report_and_tells_whoever_owes_it(desk: Desk, world: World) -> None:
    org, site, duty = "w-workshop", "main", "weekly_summary"
    upcoming = world.stores.duties.load(org, site, duty)
    assert upcoming is not None
    world.stores.duties.arm(org, site, duty, upcoming - timedelta(days=7))
    desk.stack.sweep()
    [run] = eventually(lambda: world.stores.duties.periods(org, site, duty), "period")
    assert world.stores.duties.load(org, site, duty) == upcoming
    title = "请按时报送：《客户信息反馈处理单》每周二汇总"
    [mail] = eventually(lambda: desk.mail_to("w.pan@w-workshop.example", title), "mail about the summary")
    assert "每周二汇总" in mail["BodyText"]
    report = eventually(lambda: prepared(desk, f"reports/{org}/{site}/{duty}/{run.period}.json"), "report")
    assert (report["org"], report["duty"], report["period"]) == (org, duty, run.period)


def prepared(desk: Desk, key: str) -> Any:
    """The report in the bucket, or None."""
    s3, bucket = desk.stack.client("s3"), desk.stack.outputs["AttachmentsName"]
    if not s3.list_objects_v2(Bucket=bucket, Prefix=key).get("KeyCount"):
        return None
    return json.loads(s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def bounces(desk: Desk, world: World, case: Case, address: str) -> None:
    """Say over SNS, as SES does, that the case's first letter came back for good."""
    [first, *_] = [
        m.message for m in world.stores.cases.messages(case.org, case.number) if m.message.channel == "email"
    ]
    event = {
        "eventType": "Bounce",
        "mail": {
            "messageId": "0000-1111",
            "destination": [address],
            "tags": {TAG: [Reference.of(first).encode()]},
        },
        "bounce": {
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [{"emailAddress": address}],
        },
    }
    desk.stack.client("sns").publish(
        TopicArn=desk.stack.outputs["DeliveryEventsArn"],
        Message=json.dumps(event),
        Subject="Amazon SES Email Event Notification",
        MessageAttributes={"source": {"DataType": "String", "StringValue": "ses"}},  # Chalice wants one; SES sends none
    )


def swept(desk: Desk) -> bool:
    """One minute's sweep; True."""
    desk.stack.sweep()
    return True


def settled(desk: Desk) -> None:
    """Wait until the queue of letters holds none that could be taken, and none has gone out for a while."""
    sqs, url = desk.stack.client("sqs"), desk.stack.outputs["DeliverQueueUrl"]

    def quiet() -> bool:
        before = len(desk.stack.mail())
        time.sleep(4)
        waiting = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
        return waiting["ApproximateNumberOfMessages"] == "0" and len(desk.stack.mail()) == before

    eventually(quiet, "quiet")
