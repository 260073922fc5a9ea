"""Whatever ends the taking in of a file: it is in the case once, its bytes at their place, or can still be taken in."""

import hashlib

import boto3
from moto.s3.models import s3_backends

from chalicelib.desk.complaint import CUSTOMER
from tests.faults.crashes import Tally, crash_everywhere
from tests.faults.kth_call import KthCall
from tests.faults.stage import ACCOUNT, Stage

PHOTO = b"\xff\xd8\xff\xe0 a photo of the lift"


def test_a_file_is_in_the_case_once_with_its_bytes(stage: Stage, tally: Tally) -> None:
    case = stage.post("c-company", "attachment-1")
    stage.settle()
    attachments, bucket = stage.world.attachments, boto3.resource("s3").Bucket("files")
    sha256 = hashlib.sha256(PHOTO).hexdigest()
    begun = attachments.invite(
        case, CUSTOMER, name="照片.jpg", kind="image/jpeg", size=len(PHOTO), sha256=sha256, purpose=""
    )
    declared = begun.fields["x-amz-meta-declared"]
    store = s3_backends[ACCOUNT]["aws"]

    def take_in() -> None:
        store.put_object("files", begun.fields["key"], PHOTO).set_metadata({"declared": declared})  # by the browser
        attachments.take_in(stage.head(case), begun.id, CUSTOMER)

    def again() -> None:
        attachments.take_in(stage.head(case), begun.id, CUSTOMER)

    def taken_in(_harm: KthCall) -> None:
        [file] = stage.head(case).attachments
        assert (file.id, file.sha256, file.by) == (begun.id, sha256, CUSTOMER)
        assert bucket.Object(file.place).get()["Body"].read() == PHOTO
        added = [event for event in stage.world.stores.cases.history(case.org, case.number) if event.kind == "attached"]
        assert len(added) == 1

    crash_everywhere(stage, take_in, tally=tally, what="taking in a file", then=taken_in, again=again)
    assert not [item.key for item in bucket.objects.all() if item.key.startswith("uploads/")]
