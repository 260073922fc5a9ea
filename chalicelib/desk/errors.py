"""The desk's own refusals. The web translates each to one HTTP status, in one place."""

from msgspec import Struct

from chalicelib.desk.procedure import Words


class Problem(Struct, frozen=True):
    """One thing wrong with what a caller sent: which field, and what about it, in the caller's terms.

    `problem` is English of the desk's own, or the procedure's words in each language.
    """

    field: str
    problem: str | Words


class Refusal(Exception):
    """The desk will not do this; `title` says it in a word, `detail` in a sentence."""

    status = 400
    title = "refused"

    def __init__(self, detail: str = "", problems: list[Problem] | None = None) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.problems = problems or []


class BadInput(Refusal):
    """What was sent is wrong; `problems` names everything at once."""

    status = 422
    title = "invalid input"


class NotFound(Refusal):
    """There is no such thing, or not for this caller: the two are not told apart."""

    status = 404
    title = "not found"


class NotAllowed(Refusal):
    """This person may not do this here."""

    status = 403
    title = "not allowed"


class NotSignedIn(Refusal):
    """No valid proof of who is calling."""

    status = 401
    title = "not signed in"


class NotSigned(Refusal):
    """The signature is missing, wrong, too old or was used before; which of these is not told."""

    status = 401
    title = "not signed"


class TooMany(Refusal):
    """Too many calls from one place, or for one case: `seconds` later there may be one more."""

    status = 429
    title = "too many calls"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Try the same again in {seconds} seconds.")
        self.seconds = seconds


class Conflict(Refusal):
    """Somebody was faster: the case is no longer at the version this was decided on."""

    status = 409
    title = "changed meanwhile"


class OnHold(Refusal):
    """Nothing of the case may be erased while it is held."""

    status = 409
    title = "on hold"


class VersionNeeded(Refusal):
    """An action needs If-Match with the version it was decided on."""

    status = 428
    title = "If-Match is needed"


class KeyReused(Refusal):
    """The same Idempotency-Key came with another body."""

    status = 422
    title = "idempotency key reused with another body"


class NotOpen(Refusal):
    """The action is none of this stage's: the case has moved on, or not got there yet."""

    status = 409
    title = "not open at this stage"
