"""The restaurant chain at work: its directory, and a case of its own procedure played through the engine."""

from functools import cache
from pathlib import Path
from typing import Any

from chalicelib.desk.calendar import Calendar
from chalicelib.desk.complaint import ChannelOfIntake
from chalicelib.desk.people import Department, Organisation, Person, Site
from chalicelib.desk.rulebook import Desk, Rulebook
from chalicelib.procedures.compile import compile_source
from chalicelib.procedures.load import Compiled
from tests.procedures.playing import Play, answer

SOURCE = Path(__file__).with_name("restaurant-chain.yaml")
CHAIN = "restaurant-chain"
NOON = "02 12:00"

NAMES = {"mei": "梅店长", "qu": "曲经理", "shi": "石安全员", "ke": "柯客服", "pin": "平经理", "chu": "储师傅",
         "ban": "班主任", "wu": "伍服务员"}  # fmt: skip
STAFF = {id: Person(id=id, name=name, email=f"{id}@example.org", phone="13800138000") for id, name in NAMES.items()}
POSTS = {"restaurant_manager": ["mei"], "area_manager": ["qu"], "hygiene_officer": ["shi"], "customer_service": ["ke"],
         "quality_manager": ["pin"], "chef": ["chu"], "head_office": ["ban"]}  # fmt: skip
RESTAURANTS = {"lake": "湖滨店", "gate": "东门店", "river": "江畔店"}


@cache
def chain() -> Compiled:
    """The procedure, from its files."""
    return compile_source(SOURCE)


def organisation(procedure: str = CHAIN) -> Organisation:
    """Three restaurants with the same people at head office."""
    sites = {
        id: Site(id=id, name={"zh-Hans": name, "en": id.title()}, procedure=procedure, posts=POSTS)
        for id, name in RESTAURANTS.items()
    }
    root = Person(id="root", name="管理员", email="root@example.org", admin=True)
    units = {"floor": Department(id="floor", name={"zh-Hans": "厅面", "en": "Floor"}, people=[*STAFF])}
    return Organisation(
        id=CHAIN, name={"zh-Hans": "三味餐厅", "en": "Sanwei"}, sites=sites, departments=units,
        staff=STAFF | {"root": root},
    )  # fmt: skip


class Meal(Play):
    """A complaint at the restaurant by the lake."""

    def __init__(self, channel: ChannelOfIntake = "visit", by: str = "wu", **settings: str) -> None:
        own = organisation()
        rulebook = Rulebook(chain().bind(settings))
        desk = Desk(organisation=own, site=own.sites["lake"], calendar=Calendar(), rulebook=rulebook)
        self.sit_at(desk, NOON, by, channel)


def taken(channel: ChannelOfIntake = "visit", matter: str = "dish_or_speed", by: str = "wu", **more: Any) -> Play:
    """A complaint as it was taken down at noon."""
    said = {"received_at": answer(NOON), "content": "酸菜鱼上错了", "matter": matter, "dish": "酸菜鱼",
            "guest_phone": "13900139000"}  # fmt: skip
    ill = {"how_many_ill": 2, "symptoms": "呕吐、腹泻"} if matter == "poisoning" else {}
    if matter in ("attitude", "bill"):
        del said["dish"]
    return Meal(channel, by).open(**{**said, **ill, **more})


def proposed(play: Play, when: str, who: str = "mei", **more: Any) -> Play:
    """The manager knows what happened and what to offer."""
    known = {"facts": "传菜时拿错桌号", "cause": "staff", "remedies": ["apology", "redo"], "plan": "重做一份"}
    return play.do(when, who, "propose", **{**known, **more})


def replied(play: Play, when: str, who: str = "mei", **more: Any) -> Play:
    """The guest is told."""
    asked = {} if more.get("accepted") == "no" else {"trifle": "no"}
    said = {"reply": "已为您重做一份，非常抱歉。", "accepted": "yes", **asked, **more}
    return play.do(when, who, "reply", **said)


def revisiting() -> Play:
    """A complaint about a dish that is no trifle, answered."""
    return replied(proposed(taken(), "02 12:10"), "02 12:20")


def ill() -> Play:
    """Two guests may have been poisoned."""
    return taken(matter="poisoning")


def sealed() -> Play:
    """The hygiene officer is there, and the sample is sealed."""
    play = ill().do("02 12:10", "shi", "take_charge")
    return play.do("02 12:30", "mei", "seal", sampled_at=answer("02 12:30"), sample="酸菜鱼200克，冷藏柜2号")


def established() -> Play:
    """All that comes at once is done, and the cause is known."""
    play = sealed().do(
        "02 13:00", "shi", "report_to_regulator", reported_at=answer("02 12:50"), regulator="区局 吴科长"
    )
    play.do("02 15:00", "mei", "visit_patient", visit_result="visited", diagnosis="急性肠胃炎")
    return play.do("03 09:00", "shi", "establish_cause", facts="冷藏温度超标", cause="storage")
