"""What the service says of itself."""

from msgspec import Struct

from chalicelib.web.routes import Answer, Call, serve

VERSION = "0.1.0"


class Health(Struct, kw_only=True):
    """Alive, and which version. `sweep_age_seconds` is empty before the first sweep."""

    alive: bool
    version: str
    sweep_age_seconds: int | None


@serve("GET", "/healthz", who="anyone", summary="Alive, version, age of the last sweep", answers={200: Health})
def healthz(call: Call) -> Answer:
    """One small read, kept for some seconds: a check costs next to nothing."""
    swept = call.world.stores.pulse.last()
    age = int((call.world.clock() - swept).total_seconds()) if swept else None
    return Answer(Health(alive=True, version=VERSION, sweep_age_seconds=age))
