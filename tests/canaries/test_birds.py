"""That a marked person is found wherever they turn up, however that is written."""

import base64
import html
import io
import json
import zipfile
from urllib.parse import quote

import pytest

from tests.canaries.birds import bird, marks_in

SAID = [bird(7).name, bird(7).email, bird(7).address, bird(7).room, bird(7).plate, bird(7).phone]


@pytest.mark.parametrize("said", SAID)
def test_each_part_of_a_marked_person_is_found_however_it_is_written(said: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", f"<t>{said}</t>")
    for written in (
        said, f"x{said}x", said.lower(), html.escape(said), "".join(f"&#{ord(c)};" for c in said), quote(said),
        json.dumps({"a": said}), base64.b64encode(f"about {said}".encode()).decode(),
        base64.urlsafe_b64encode(f"who is {said}?".encode()).decode().rstrip("="), said.encode(), packed.getvalue(),
    ):  # fmt: skip
        assert marks_in(written), written


@pytest.mark.parametrize("phone", ["+86 139 7770 0007", "139-7770-0007", "139.7770.0007", "(139)77700007"])
def test_a_phone_is_found_however_it_is_grouped(phone: str) -> None:
    assert marks_in(f"call {phone} now")


def test_nobody_else_is_found() -> None:
    assert marks_in("李女士 13800138000 li@example.org 京A12345 1-405 261123-0000017 2026-11-23T01:00:00Z") == []
