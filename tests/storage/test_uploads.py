"""Files on their way in: one contract for the store in memory and for S3 on moto; and what the signed form holds to."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
import requests
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.ports import Uploads
from chalicelib.storage.uploads import BucketUploads, signing_client
from tests.fakes.uploads import MemoryUploads

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PHOTO = b"\xff\xd8\xff a photo"
NAME = "c-company/261123-0000017/0123456789abcdef0123456789abcdef"
PLACE = f"attachments/{NAME}"

Send = Callable[[Mapping[str, str], str, bytes], str]


@pytest.fixture
def bucket() -> Iterator[Any]:
    """A bucket on moto."""
    with mock_aws():
        made = boto3.resource("s3").Bucket("files")
        made.create(CreateBucketConfiguration={"LocationConstraint": "ap-southeast-1"})
        yield made


@pytest.fixture(params=["memory", "s3"])
def store(request: pytest.FixtureRequest) -> tuple[Uploads, Send]:
    """A store, and what a browser does with its forms: it answers where the browser goes on."""
    if request.param == "memory":
        memory = MemoryUploads(lambda: NOW)
        return memory, lambda fields, _url, content: memory.send(fields, content)
    request.getfixturevalue("bucket")

    def send(fields: Mapping[str, str], url: str, content: bytes) -> str:
        # With a Content-Type of the file's own, as browsers send: it must not matter.
        answer = requests.post(
            url, data=dict(fields), files={"file": ("现场.jpg", content, "text/html")}, allow_redirects=False, timeout=5
        )
        assert answer.status_code in (204, 303), answer.text
        return answer.headers.get("Location", "")

    return BucketUploads(signing_client(), "files", lambda: NOW), send


def test_what_is_sent_by_a_form_is_read_kept_and_forgotten(store: tuple[Uploads, Send]) -> None:
    uploads, send = store
    form = uploads.form(NAME, most=100, declared="d2hv")
    assert form.expires_at == NOW + timedelta(minutes=10)
    assert uploads.read(NAME, 100) is None
    send(form.fields, form.url, PHOTO)
    found = uploads.read(NAME, 100)
    assert found is not None
    assert (found.content, found.size, found.declared) == (PHOTO, len(PHOTO), "d2hv")
    assert uploads.keep(NAME, found.version, PLACE, "image/jpeg")
    assert uploads.keep(NAME, found.version, PLACE, "image/jpeg")
    uploads.drop(NAME)
    uploads.drop(NAME)
    assert uploads.read(NAME, 100) is None
    assert not uploads.keep(NAME, found.version, PLACE, "image/jpeg")


def test_what_was_sent_anew_meanwhile_is_not_kept() -> None:
    uploads = MemoryUploads(lambda: NOW)
    fields = uploads.form(NAME, most=100).fields
    uploads.send(fields, PHOTO)
    found = uploads.read(NAME, 100)
    assert found is not None
    uploads.send(fields, PHOTO + b"other")
    assert not uploads.keep(NAME, found.version, PLACE, "image/jpeg")


def test_s3_is_asked_to_keep_what_was_looked_at_and_nothing_newer(bucket: Any) -> None:
    """moto copies whatever is there; so what is asked of S3, and what its refusal means, are looked at apart."""
    client, asked = signing_client(), []
    client.meta.events.register("provide-client-params.s3.CopyObject", lambda params, **_: asked.append(params))
    uploads = BucketUploads(client, "files", lambda: NOW)
    bucket.put_object(Key=f"uploads/{NAME}", Body=PHOTO)
    assert uploads.keep(NAME, '"looked at"', PLACE, "image/jpeg")
    assert [params["CopySourceIfMatch"] for params in asked] == ['"looked at"']
    with Stubber(client) as refusing:
        refusing.add_client_error("copy_object", "PreconditionFailed", http_status_code=412)
        assert not uploads.keep(NAME, '"looked at"', PLACE, "image/jpeg")


def test_of_what_is_too_large_nothing_is_read(store: tuple[Uploads, Send]) -> None:
    uploads, send = store
    form = uploads.form(NAME, most=100)
    send(form.fields, form.url, PHOTO)
    found = uploads.read(NAME, 5)
    assert found is not None
    assert (found.content, found.size, found.declared) == (b"", len(PHOTO), "")


def test_a_browser_goes_on_where_the_form_says(store: tuple[Uploads, Send]) -> None:
    uploads, send = store
    form = uploads.form(NAME, most=100, back="https://desk.example/attached?number=1&token=t")
    url = urlsplit(send(form.fields, form.url, PHOTO))
    assert (url.netloc, url.path) == ("desk.example", "/attached")
    assert {"number": ["1"], "token": ["t"]}.items() <= parse_qs(url.query).items()


def test_a_kept_file_is_of_its_kind(bucket: Any) -> None:
    uploads = BucketUploads(signing_client(), "files", lambda: NOW)
    bucket.put_object(Key=f"uploads/{NAME}", Body=PHOTO, Metadata={"declared": "d2hv"})
    found = uploads.read(NAME, 100)
    assert found is not None
    assert uploads.keep(NAME, found.version, PLACE, "image/jpeg")
    kept = bucket.Object(PLACE).get()
    assert (kept["Body"].read(), kept["ContentType"], kept["Metadata"]) == (PHOTO, "image/jpeg", {})


def test_a_form_holds_the_sender_to_everything_that_was_said() -> None:
    uploads = BucketUploads(signing_client(), "files", lambda: NOW)
    sha256 = "ab" * 32
    form = uploads.form(NAME, most=99, kind="image/jpeg", size=12, sha256=sha256, declared="d2hv")
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    said = {k: v for c in policy["conditions"] if isinstance(c, dict) for k, v in c.items()}
    assert ["content-length-range", 12, 12] in policy["conditions"]
    assert said["key"] == f"uploads/{NAME}"
    assert said["bucket"] == "files"
    assert said["Content-Type"] == "image/jpeg"
    assert said["x-amz-checksum-sha256"] == base64.b64encode(bytes.fromhex(sha256)).decode()
    assert said["x-amz-checksum-algorithm"] == "SHA256"
    assert said["x-amz-meta-declared"] == "d2hv"
    assert not [c for c in policy["conditions"] if isinstance(c, list) and c[0] == "starts-with"]
    assert set(form.fields) - {"policy", "x-amz-signature"} <= set(said)


def test_a_form_without_script_takes_any_file_of_a_size_and_no_other_field() -> None:
    form = BucketUploads(signing_client(), "files", lambda: NOW).form(NAME, most=99, back="https://desk.example/x")
    policy = json.loads(base64.b64decode(form.fields["policy"]))
    assert ["content-length-range", 1, 99] in policy["conditions"]
    named = {k for c in policy["conditions"] if isinstance(c, dict) for k in c} - {"bucket"}
    assert named == set(form.fields) - {"policy", "x-amz-signature"}
    assert "x-amz-meta-declared" not in named


def test_forms_and_links_name_the_buckets_own_regional_address() -> None:
    uploads = BucketUploads(signing_client(), "files", lambda: NOW)
    assert uploads.form(NAME, most=1).url == "https://files.s3.ap-southeast-1.amazonaws.com/"
    link = urlsplit(uploads.link(PLACE, "image/jpeg", '现场 "1".jpg', 120))
    asked = {name: value for name, [value] in parse_qs(link.query).items()}
    assert (link.netloc, link.path) == ("files.s3.ap-southeast-1.amazonaws.com", f"/{PLACE}")
    assert (asked["X-Amz-Expires"], asked["X-Amz-Algorithm"]) == ("120", "AWS4-HMAC-SHA256")
    assert asked["response-content-type"] == "image/jpeg"
    plain, encoded = asked["response-content-disposition"].removeprefix("attachment; ").split("; ")
    assert plain == 'filename="____1_.jpg"'
    assert unquote(encoded.removeprefix("filename*=UTF-8''")) == '现场 "1".jpg'
