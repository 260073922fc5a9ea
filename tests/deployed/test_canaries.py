"""A marked person complains to the deployed product: what its functions log and its table holds does not say who."""

import json
from collections.abc import Iterator
from typing import Any

from msgspec.structs import asdict

from tests.canaries.birds import bird, marks_in
from tests.deployed.desk import Case, Desk, eventually
from tests.deployed.test_mail import put, to_org
from tests.mail.mails import mail

WHO = bird(4711)


def logged(desk: Desk) -> Iterator[str]:
    """Every line in every log group of the deployment, those of the gateway among them."""
    client = desk.stack.client("logs")
    for group in client.get_paginator("describe_log_groups").paginate().search("logGroups[].logGroupName"):
        for page in client.get_paginator("filter_log_events").paginate(logGroupName=group):
            yield from (event["message"] for event in page["events"])


def rows(desk: Desk) -> list[dict[str, Any]]:
    pages = desk.stack.client("dynamodb").get_paginator("scan").paginate(TableName=desk.stack.described["table"])
    return [row for page in pages for row in page["Items"]]


def complained(desk: Desk, **changes: Any) -> Case:
    said = {"summary": "电梯停运", "details": "一号楼电梯停运三天。"}
    body = {"org": "c-company", "customer": asdict(WHO), "content": said, **changes}
    return desk.registers(body, Idempotency_Key=f"{WHO.phone} {changes}")


def test_no_log_line_and_no_key_of_the_table_says_who_complains(desk: Desk) -> None:
    secret, known = complained(desk, confidential=True), complained(desk)
    for case in (secret, known):
        eventually(lambda case=case: desk.mail_to(WHO.email, case.number), "acknowledgement")
        for proof in (f"phone_tail={WHO.phone[-4:]}", "phone_tail=0000", f"code={WHO.phone[:8]}", f"token={WHO.email}"):
            desk.get(f"/v1/complaints/{case.number}?{proof}")
        for wrong in ({"customer": {"phone": WHO.phone * 9}}, {WHO.name: WHO.email}, {"site": WHO.address}):
            assert desk.post("/v1/complaints", {"org": "c-company", "content": {"details": "x"}, **wrong}).status == 422
        desk.get(f"/v1/tickets/{case.number}?identity=show", by="c.li")
    desk.get(f"/v1/customers?phone={WHO.phone}", by="c.li")
    put(desk, "inbound/marked", mail("仍未修好。", to=to_org(desk), sender=f"{WHO.name} <{WHO.email}>"))
    desk.stack.sweep()
    eventually(lambda: any("mail handled" in line for line in logged(desk)), "mail")
    lines = list(logged(desk))
    assert [line for line in lines if marks_in(line)] == []
    for row in rows(desk):
        keys = [str(row[name]) for name in row if name in ("PK", "SK") or name.endswith(("_pk", "_sk"))]
        assert marks_in(" ".join(keys)) == []
        about_secret = secret.number in json.dumps(row, default=str)
        assert not about_secret or marks_in(json.dumps(row, default=str, ensure_ascii=False)) == []
