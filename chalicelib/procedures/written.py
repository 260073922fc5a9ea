"""The rules of a written procedure, to answer "why must I do this?": read only when somebody asks."""

from functools import cache
from pathlib import Path

import msgspec

from chalicelib.procedures.load import COMPILED, Compiled
from chalicelib.procedures.rule import Rule


def file_of(procedure_id: str, folder: Path = COMPILED) -> Path:
    """Where the compiled rules of a procedure lie."""
    return folder / f"{procedure_id}.rules.json"


@cache
def written(procedure_id: str, *, folder: Path = COMPILED) -> dict[str, Rule]:
    """The rules of a procedure that ships, by id; it need not have any."""
    path = file_of(procedure_id, folder)
    return msgspec.json.decode(path.read_bytes(), type=dict[str, Rule]) if path.is_file() else {}


def rules_of(compiled: Compiled) -> dict[str, Rule]:
    """The rules of this procedure by id: those that a company's own brings along, else those that ship with it."""
    if compiled.rules is None:
        return written(str(compiled.tree["procedure"]))
    return msgspec.convert(compiled.rules, dict[str, Rule])
