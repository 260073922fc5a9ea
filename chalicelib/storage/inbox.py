"""The bucket into which SES puts mail: `inbound/` as it came, `unassigned/{reason}/` what somebody has to look at."""

from datetime import UTC
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from chalicelib.desk.errors import BadInput, Problem
from chalicelib.ports import Arrived, KeptApart, KeptApartPage

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

APART = "unassigned/"
BEGINNING = 256 * 1024
"""Bytes read of a mail that is too large: its headers are among them."""
GONE = frozenset({"NoSuchKey", "404"})


class BucketInbox:
    """Fulfils `Inbox` on Amazon S3."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def read(self, key: str, most: int) -> Arrived | None:
        """See Inbox. One request: of a body that is too large only the beginning is taken off the line."""
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return None
            raise
        size, body = answer["ContentLength"], answer["Body"]
        whole = size <= most
        raw = body.read() if whole else body.read(BEGINNING)
        body.close()
        return Arrived(key=key, raw=raw, at=answer["LastModified"].astimezone(UTC), size=size, whole=whole)

    def keep_apart(self, key: str, reason: str) -> None:
        """See Inbox. The copy has the name that the mail has in `inbound/`."""
        source = {"Bucket": self._bucket, "Key": key}
        name = f"{APART}{reason}/{key.rpartition('/')[2]}"
        self._client.copy_object(Bucket=self._bucket, Key=name, CopySource=source)  # type: ignore[arg-type]  # a mapping will do

    def apart(self, cursor: str = "", limit: int = 100) -> KeptApartPage:
        """See Inbox."""
        more = {"ContinuationToken": cursor} if cursor else {}
        try:
            found = self._client.list_objects_v2(Bucket=self._bucket, Prefix=APART, MaxKeys=limit, **more)  # type: ignore[arg-type]  # as above
        except ClientError as error:
            if cursor and error.response["Error"]["Code"] in ("InvalidArgument", "InvalidToken"):
                raise BadInput("There is no such page.", [Problem("cursor", "is not one of a list")]) from None
            raise
        items = []
        for entry in found.get("Contents", []):
            reason, _, id = entry["Key"].removeprefix(APART).partition("/")
            at = entry["LastModified"].astimezone(UTC)
            items.append(KeptApart(id=id, reason=reason, at=at, size=entry["Size"]))
        return KeptApartPage(items, found.get("NextContinuationToken", ""))
