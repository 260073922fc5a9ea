"""The rules of a written procedure, to answer "why must I do this?": read only when somebody asks."""

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from chalicelib.desk.procedure import Words
from chalicelib.procedures.load import COMPILED


class Rule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule (`W-97`) of a written procedure.

    kind    what the desk can do about it: `enforce` it, `record` what staff say happened, `guide` them by a line
    clause  the words of the document it stands by, in Chinese, to find the place
    says    its sense in short
    """

    kind: Literal["enforce", "record", "guide"]
    clause: Words
    says: Words


def file_of(procedure_id: str, folder: Path = COMPILED) -> Path:
    """Where the compiled rules of a procedure lie."""
    return folder / f"{procedure_id}.rules.json"


@cache
def written(procedure_id: str, *, folder: Path = COMPILED) -> dict[str, Rule]:
    """The rules of this procedure by id; none for a company's own, whose document the desk does not hold."""
    path = file_of(procedure_id, folder)
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Rule]) if path.is_file() else {}
