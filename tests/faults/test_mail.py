"""No mail is lost, and none is there twice, wherever taking it in ends: Lambda calls again for the same object."""

import json

import boto3
import pytest

from chalicelib.storage.inbox import BucketInbox
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import REGION, Stage
from tests.mail.mails import mail, raw

INBOX = "mail"


@pytest.fixture(scope="module")
def post(stage: Stage) -> Stage:
    """The stage with an inbox of its own."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=INBOX, CreateBucketConfiguration={"LocationConstraint": REGION})
    vars(stage.world)["inbox"] = BucketInbox(s3, INBOX)
    stage.world.receive_mail  # noqa: B018 # a warm container has built it
    return stage


def put(key: str, content: bytes) -> None:
    boto3.client("s3").put_object(Bucket=INBOX, Key=key, Body=content)


def heads(stage: Stage) -> dict[str, dict[str, object]]:
    return {row["PK"]: json.loads(row["state"]) for row in stage.heads()}


def names(bucket: str) -> list[str]:
    return [entry["Key"] for entry in boto3.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])]


def test_a_complaint_by_mail_is_there_once_with_its_files_and_acknowledged(post: Stage, tally: Tally) -> None:
    put("inbound/complaint", raw("foxmail_gb18030"))
    before = set(heads(post))

    def once(_: KthCall) -> None:
        [(place, case)] = [item for item in heads(post).items() if item[0] not in before]
        assert [file["name"] for file in case["attachments"]] == ["邮件原件.eml", "电梯照片.png"]  # type: ignore[attr-defined]
        assert {file["place"] for file in case["attachments"]} <= set(names("files"))  # type: ignore[attr-defined]
        letters = post.world.stores.cases.messages("c-company", place.split("#")[3])
        assert [(m.message.letter, m.state) for m in letters] == [("acknowledgement", "sent")]

    crash_everywhere(post, lambda: post.world.receive_mail("inbound/complaint"), tally=tally, what="mail", then=once)


def test_an_addition_by_mail_is_there_once(post: Stage, tally: Tally) -> None:
    case = post.post("c-company", "by-web", email="li@mail.example")
    post.settle()
    put("inbound/addition", mail("仍未修好。", to="desk@desk.example", subject=f"Re: {case.number}"))

    def once(_: KthCall) -> None:
        head = post.head(case)
        assert [reply.text for reply in head.replies] == ["仍未修好。"]
        assert len(head.attachments) == 1
        letters = post.world.stores.cases.messages(case.org, case.number)
        assert sum(m.message.letter == "customer_wrote" for m in letters) == 1

    crash_everywhere(post, lambda: post.world.receive_mail("inbound/addition"), tally=tally, what="mail", then=once)


def test_what_nobody_can_be_given_is_kept_apart(post: Stage, tally: Tally) -> None:
    put("inbound/nobodys", raw("to_nobody"))
    before = set(heads(post))

    def kept(_: KthCall) -> None:
        assert "unassigned/nobody/nobodys" in names(INBOX)
        assert set(heads(post)) == before

    crash_everywhere(post, lambda: post.world.receive_mail("inbound/nobodys"), tally=tally, what="mail", then=kept)
