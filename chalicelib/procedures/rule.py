"""One rule of a written procedure, as data."""

from typing import Literal

from msgspec import Struct

from chalicelib.desk.sizes import Texts


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule (`W-97`) of a written procedure.

    kind    what the desk can do about it: `enforce` it, `record` what staff say happened, `guide` them by a line
    clause  the words of the document it stands by, in Chinese, to find the place
    says    its sense in short
    """

    kind: Literal["enforce", "record", "guide"]
    clause: Texts
    says: Texts
