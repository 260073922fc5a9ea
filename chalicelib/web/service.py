"""What the service says of itself."""

from msgspec import Struct

from chalicelib.web.routes import Answer, Call, serve

VERSION = "0.1.0"


class Health(Struct, kw_only=True):
    """Alive, and which version. `sweep_age_seconds` is empty where no sweep is known of."""

    alive: bool
    version: str
    sweep_age_seconds: int | None


@serve("GET", "/healthz", who="anyone", summary="Alive, version, age of the last sweep", answers={200: Health})
def healthz(call: Call) -> Answer:  # noqa: ARG001 # every handler is called alike
    """No store is asked: a check every few seconds must cost nothing."""
    return Answer(Health(alive=True, version=VERSION, sweep_age_seconds=None))
