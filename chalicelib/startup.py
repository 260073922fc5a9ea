"""A cold start without the garbage collector, and without what nothing asks for. `app.py` imports this before the rest,
and says when it is done.

What is imported stays, and looking it over again and again takes a fifth of the time that importing takes.
"""

import gc
import sys

gc.disable()

if "typing_extensions" not in sys.modules:
    # msgspec would take from it what typing has since Python 3.11, and `inspect` would come with it: 5 ms of 200.
    sys.modules["typing_extensions"] = None  # type: ignore[assignment] # to import, one that is not there
    import msgspec  # noqa: F401 # for its sake

    del sys.modules["typing_extensions"]


def done() -> None:
    """Collect again, but never look at what is there by now."""
    gc.freeze()
    gc.enable()
