"""Files on their way in: sent by the browser straight to the attachments bucket, under `uploads/`, by a signed form.

What the form says (size, media type, hash, name) S3 holds the sender to: a field that differs from the policy, or one
that the policy does not name, is refused. Source: "Creating an HTML form" and "POST Object", Amazon S3 API Reference.
"""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import get_session

from chalicelib.ports import Form, Uploaded

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LASTS = timedelta(minutes=10)
"""A form's life: time to send 20 MB over a poor line, and no more."""

PREFIX = "uploads/"
GONE = ("NoSuchKey", "NoSuchVersion", "404")


def signing_client() -> "S3Client":
    """A client whose forms and links name the bucket's own regional address: S3 redirects no POST, and what a key
    encrypts opens to signatures of version 4 alone.
    """
    config = Config(
        signature_version="s3v4", s3={"addressing_style": "virtual"}, connect_timeout=1, read_timeout=5,
        retries={"total_max_attempts": 3, "mode": "standard"},
    )  # fmt: skip
    return cast("S3Client", get_session().create_client("s3", config=config))


class BucketUploads:
    """Fulfils `Uploads` on Amazon S3."""

    def __init__(self, client: "S3Client", bucket: str, clock: Callable[[], datetime]) -> None:
        self._client, self._bucket, self._clock = client, bucket, clock

    def form(
        self, name: str, *, most: int, kind: str = "", size: int = 0, sha256: str = "", declared: str = "",
        back: str = "",
    ) -> Form:  # fmt: skip
        """See Uploads."""
        fields = {"x-amz-meta-declared": declared} if declared else {}
        if kind:
            fields["Content-Type"] = kind
        if sha256:
            fields["x-amz-checksum-algorithm"] = "SHA256"
            fields["x-amz-checksum-sha256"] = base64.b64encode(bytes.fromhex(sha256)).decode()
        if back:
            fields["success_action_redirect"] = back
        conditions: list[Any] = [{field: value} for field, value in fields.items()]
        conditions.append(["content-length-range", size or 1, size or most])
        made = self._client.generate_presigned_post(
            self._bucket, PREFIX + name, Fields=fields, Conditions=conditions, ExpiresIn=int(LASTS.total_seconds())
        )
        return Form(url=made["url"], fields=made["fields"], expires_at=self._clock() + LASTS)

    def read(self, name: str, most: int) -> Uploaded | None:
        """See Uploads."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=PREFIX + name)
        except ClientError as error:
            if error.response["Error"]["Code"] in GONE:
                return None
            raise
        size = found["ContentLength"]
        with found["Body"] as body:
            content = body.read() if size <= most else b""
        return Uploaded(
            content=content, size=size, declared=found["Metadata"].get("declared", ""), version=found["ETag"]
        )

    def keep(self, name: str, version: str, place: str, kind: str) -> bool:
        """See Uploads."""
        try:
            self._client.copy_object(
                Bucket=self._bucket, Key=place, CopySource={"Bucket": self._bucket, "Key": PREFIX + name},
                CopySourceIfMatch=version, ContentType=kind, MetadataDirective="REPLACE",
            )  # fmt: skip
        except ClientError as error:
            if error.response["Error"]["Code"] in (*GONE, "PreconditionFailed", "412"):
                return False
            raise
        return True

    def drop(self, name: str) -> None:
        """See Uploads."""
        self._client.delete_object(Bucket=self._bucket, Key=PREFIX + name)

    def link(self, place: str, kind: str, name: str, seconds: int) -> str:
        """See Uploads. Saved, never shown: what a browser does not open needs no guess of its kind."""
        plain = "".join(c if c.isascii() and (c.isalnum() or c in "._-") else "_" for c in name)
        asked = {
            "Bucket": self._bucket,
            "Key": place,
            "ResponseContentType": kind,
            "ResponseContentDisposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}",
            "ResponseCacheControl": "private, no-store",
        }
        return str(self._client.generate_presigned_url("get_object", Params=asked, ExpiresIn=seconds))
