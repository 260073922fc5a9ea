"""One complaint of each kind, from the first word to the last, on the deployed product."""

from tests.deployed.desk import Case, Desk, eventually

LIFT = {
    "org": "c-company",
    "channel": "web",
    "customer": {"name": "李女士", "phone": "13800138000", "email": "li@example.org", "room": "1-405"},
    "content": {"summary": "电梯停运", "details": "一号楼电梯停运三天，老人无法下楼。", "where": "一号楼"},
    "demand": "尽快修复",
}
NOISE = {
    "org": "w-workshop",
    "channel": "phone",
    "customer": {"name": "王先生", "phone": "13900139000", "plate": "粤AD2468"},
    "content": {"summary": "底盘异响", "details": "取车后底盘仍有异响。"},
    "people_concerned": ["w.wei"],
}


def test_a_complaint_of_the_company_from_the_form_to_the_result(desk: Desk) -> None:
    first = desk.post("/v1/complaints", LIFT, Idempotency_Key="journey-1")
    again = desk.post("/v1/complaints", LIFT, Idempotency_Key="journey-1")
    other = desk.post("/v1/complaints", {**LIFT, "demand": "退款"}, Idempotency_Key="journey-1")
    assert (first.status, again.status, other.status) == (201, 200, 422)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.body == first.body
    case = Case(desk, "c-company", first.body)

    [mail] = eventually(lambda: desk.mail_to("li@example.org", case.number), "acknowledgement")
    assert case.receipt["tracking_url"] in mail["BodyText"]
    assert mail["Source"] == "desk@desk.example"

    worklist = desk.get("/v1/tickets", by="c.li").body["items"]
    assert [line["stage"] for line in worklist if line["number"] == case.number] == ["received"]
    assert case.tracked()["status"] == "received"

    stale = case.seen_by("c.li")["version"]
    assert case.do("send_form", "c.li")["stage"] == "classifying"
    assert case.act("add_note", "c.wang", {"note": "已致电"}, stale).status == 409
    assert case.do("classify", "c.wang", department="engineering")["stage"] == "transferred"
    assert [m["Subject"] for m in eventually(lambda: desk.mail_to("c.sun@c-company.example", case.number), "transfer")]
    assert case.do("accept", "c.sun")["stage"] == "solving"
    assert case.do("return_result", "c.sun", result="已更换曳引机，电梯恢复运行。")["stage"] == "result_in"
    told = case.do("tell_customer", "c.wang", reply="电梯已修复，今日起恢复运行。", satisfied="yes")
    assert (told["stage"], told["status"]) == ("closed", "closed")

    mails = eventually(lambda: desk.mail_to("li@example.org", case.number)[1:], "result")
    assert ["电梯已修复，今日起恢复运行。" in mail["BodyText"] for mail in mails] == [True]
    tracked = case.tracked()
    assert (tracked["status"], tracked["closed_at"] is not None) == ("closed", True)
    assert "电梯已修复，今日起恢复运行。" in [shown["value"] for shown in tracked["shown"]]
    assert case.number not in [line["number"] for line in desk.get("/v1/tickets", by="c.wang").body["items"]]
    assert verified(case, "c.wang") > 5


def test_a_complaint_of_the_workshop_through_a_dissatisfied_revisit_to_the_archive(desk: Desk) -> None:
    case = desk.registers(NOISE)
    [text] = eventually(lambda: desk.texts_to("+8613900139000", case.number), "acknowledgement by text message")
    assert case.receipt["tracking_url"] in text

    case.do("report", "w.lin")
    case.do("open_form", "w.pan", department="workshop")
    case.do("number_form", "w.pan")
    case.do("read_history", "w.xie")
    to_the_revisit(case)
    after = case.do("revisit", "w.pan", satisfied="no", revisit_words="异响还在")
    assert (after["stage"], after["round"]) == ("determining", 2)
    eventually(lambda: desk.mail_to("w.xie@w-workshop.example", case.number), "word of a new round")
    to_the_revisit(case)
    assert case.do("revisit", "w.pan", satisfied="yes")["stage"] == "archiving"
    assert case.do("archive", "w.pan")["status"] == "archived"
    assert case.tracked()["status"] == "archived"
    assert verified(case, "w.pan") > 25
    assert desk.get(f"/v1/tickets/{case.number}", by="w.wei").status == 404  # the person concerned sees nothing


def test_the_complainant_adds_to_the_case_and_the_owner_is_told(desk: Desk) -> None:
    case = desk.registers({**LIFT, "customer": {"name": "赵先生", "phone": "13800138001"}})
    path = f"/v1/complaints/{case.number}/messages?phone_tail=8001"
    assert [desk.post(path, {"text": "今天又停了一次"}).status for _ in range(2)] == [201, 200]
    assert [reply["text"] for reply in case.seen_by("c.li")["replies"]] == ["今天又停了一次"]
    eventually(lambda: desk.mail_to("c.li@c-company.example", case.number), "word to the owner")


def to_the_revisit(case: Case) -> None:
    """The main way of the workshop, from the facts to the service centre's assessment."""
    case.do("find_facts", "w.xie")
    case.do("talk", "w.xie")
    case.do("determine", "w.xie", rework="not_applicable")
    case.do("review", "w.yuan")
    case.do("report_result", "w.yuan")
    case.do("give_opinion", "w.fan")
    case.do("finish_task", "w.xie", task=only_task(case, "carry_out"))
    case.do("complete_final", "w.yuan")
    case.do("transfer_final", "w.yuan")
    assert case.do("assess", "w.pan")["stage"] == "revisiting"


def only_task(case: Case, kind: str) -> str:
    """The open task of a kind."""
    [task] = [one for one in case.seen_by("w.xie")["tasks"] if one["task"] == kind and not one["finished"]]
    return str(task["id"])


def verified(case: Case, person: str) -> int:
    """How many entries the history has, once its chain is recomputed."""
    answer = case.desk.get(f"/v1/tickets/{case.number}/history/verify", by=person)
    assert (answer.status, answer.body["whole"]) == (200, True), answer
    return len(case.desk.get(f"/v1/tickets/{case.number}/history", by=person).body["items"])
