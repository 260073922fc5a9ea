"""Files in the attachments bucket."""

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class BucketFiles:
    """Fulfils `Files` on Amazon S3. The bucket encrypts by default and keeps earlier versions."""

    def __init__(self, client: "S3Client", bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def put(self, name: str, content: bytes, kind: str) -> None:
        """Write a file of a media type, replacing what was there."""
        self._client.put_object(Bucket=self._bucket, Key=name, Body=content, ContentType=kind)

    def drop(self, name: str) -> None:
        """See Files. The bucket keeps what was dropped as an earlier version, as long as its lifecycle says."""
        self._client.delete_object(Bucket=self._bucket, Key=name)

    def get(self, name: str) -> bytes | None:
        """Its content, or None where there is no such file."""
        try:
            return self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
