"""The inbox on a bucket."""

from datetime import UTC, datetime

import boto3
import pytest

from chalicelib.storage import inbox
from chalicelib.storage.inbox import BucketInbox

pytestmark = pytest.mark.usefixtures("aws")


@pytest.fixture
def box(aws: None) -> BucketInbox:
    client = boto3.client("s3")
    client.create_bucket(Bucket="mail", CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
    client.put_object(Bucket="mail", Key="inbound/1", Body=b"0123456789")
    return BucketInbox(client, "mail")


def test_a_mail_is_read_whole_with_when_it_came(box: BucketInbox) -> None:
    found = box.read("inbound/1", 10)
    assert found is not None
    assert (found.raw, found.size, found.whole, found.at.tzinfo) == (b"0123456789", 10, True, UTC)
    assert abs((datetime.now(UTC) - found.at).total_seconds()) < 60


def test_of_one_that_is_too_large_only_the_beginning_is_read(box: BucketInbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "BEGINNING", 4)
    found = box.read("inbound/1", 9)
    assert found is not None
    assert (found.raw, found.size, found.whole) == (b"0123", 10, False)


def test_one_that_is_gone_is_nothing(box: BucketInbox) -> None:
    assert box.read("inbound/2", 10) is None


def test_what_is_kept_apart_is_listed_by_reason_once_and_page_by_page(box: BucketInbox) -> None:
    assert box.apart().items == []
    for reason in ("virus", "nobody", "nobody"):
        box.keep_apart("inbound/1", reason)
    first = box.apart(limit=1)
    rest = box.apart(first.next)
    found = [*first.items, *rest.items]
    assert [(one.reason, one.id, one.size) for one in found] == [("nobody", "1", 10), ("virus", "1", 10)]
    assert rest.next == ""
