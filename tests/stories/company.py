"""One leak reported to the real-estate company, brought to any point of its way: where the stories of C begin."""

from typing import Any

from chalicelib.desk.people import Absence
from tests.stories.story import Case
from tests.stories.town import Town

BEFORE_THE_FESTIVAL = "02-13 18:00"
"""Friday; Saturday the 14th is a make-up workday, the Spring Festival lasts from Sunday the 15th to the 23rd."""

LEAK: dict[str, Any] = {
    "channel": "visit",
    "received_at": "2026-02-13T18:00:00+08:00",
    "content": {"details": "主卧飘窗漏水，墙纸都泡起来了，报修三次没人管！", "where": "3栋2单元1101"},
    "customer": {"name": "陈先生", "phone": "13900001101", "room": "3-2-1101"},
    "demand": "年前必须来人修好。",
    "form": {"receiving_unit": "project_service"},
}


def leak(*absences: Absence, **settings: str) -> Case:
    """A leak reported at the sales office on Friday evening before the Spring Festival, taken by c.li."""
    return Town("c-company", BEFORE_THE_FESTIVAL, *absences, **settings).receives(LEAK, by="c.li")


def transferred() -> Case:
    """The same leak, with engineering (c.sun, c.qian) since Saturday 11:00, not yet accepted."""
    return leak().until("02-14 10:00").do("send_form").until("02-14 11:00").do("classify")


def solving() -> Case:
    """The same leak, accepted by engineering on Saturday at 12:00; the three days end on Tuesday at 24:00."""
    return transferred().until("02-14 12:00").do("accept")
