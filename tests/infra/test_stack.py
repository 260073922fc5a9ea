"""The description of a running stack, which other tools read."""

import json
from pathlib import Path

from infra import stack

OUTPUTS = {
    "ApiStage": "api",
    "RestAPIId": "abc",
    "TableName": "t",
    "StaffClientId": "c",
    **{name: name for name in stack.FUNCTIONS.values()},
}


def test_it_describes_where_everything_is() -> None:
    running = stack.Stack("http://127.0.0.1:4720", OUTPUTS)
    described = running.describe({"users": [], "webhook_secret": "whsec_x"})
    assert described["public_url"] == "http://desk.localhost:4720"
    assert described["api_url"] == "http://127.0.0.1:4720/restapis/abc/api/_user_request_"
    assert described["endpoint_url"] == "http://127.0.0.1:4720"
    assert described["mail_url"] == "http://127.0.0.1:4720/_ministack/ses/messages"
    assert described["sms_url"] == "http://127.0.0.1:4720/_ministack/sns/sms-messages"
    assert described["client_id"] == "c"
    assert described["functions"]["sweep"] == "SweepName"
    assert {"table", "users", "webhook_secret"} <= set(described)


def test_it_is_written_whole(tmp_path: Path) -> None:
    stack.write(tmp_path / "stack.json", {"a": "中"})
    assert json.loads((tmp_path / "stack.json").read_text(encoding="utf-8")) == {"a": "中"}
    assert [path.name for path in tmp_path.iterdir()] == ["stack.json"]
