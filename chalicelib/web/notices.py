"""What administrators call to publish the notices of a site. The public reads them on the start page."""

from msgspec import Struct

from chalicelib.cases.entries import NoticeView, SiteNotice
from chalicelib.web.routes import Answer, Call, serve


class NoticeList(Struct, kw_only=True):
    """Every notice that the procedures of the sites want published."""

    items: list[NoticeView]
    next: str = ""


@serve("GET", "/v1/admin/notices", who="admin", summary="The public notices", answers={200: NoticeList})
def notices(call: Call) -> Answer:
    """With what was published, and when."""
    return Answer(NoticeList(items=call.world.notices.all(call.staff.org, call.language)))


@serve(
    "PUT", "/v1/admin/notices", who="admin", summary="Publish a notice of a site", body=SiteNotice,
    answers={200: SiteNotice},
)  # fmt: skip
def publish(call: Call) -> Answer:
    """Refused while an entry is blank; the date is kept."""
    call.world.notices.publish(call.staff.org, call.body, call.staff.person)
    return Answer(call.body)
