"""Load the procedures that were compiled to JSON. This is all that runs: nothing here knows YAML."""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.desk.procedure import Procedure
from chalicelib.procedures.normalise import normalise

COMPILED = Path(__file__).parent / "compiled"
EARLIER = Path(__file__).parent / "earlier"
"""Versions that cases are pinned to and that no source makes any more, as they were compiled."""

Letters = dict[str, dict[str, dict[str, str]]]
"""Letter id, language tag, then `subject`, `sms` and `body`."""


class Unknown(LookupError):
    """There is no such procedure, or not this version of it."""


class Compiled:
    """One version of a procedure as compiled: its tree, before any site's settings, and its letters.

    `rules` are those that a company's own brings along (each a `Rule`); None: they lie beside the compiled file.
    """

    def __init__(
        self, tree: dict[str, Any], letters: Letters, digest: str = "", rules: dict[str, Any] | None = None
    ) -> None:
        self.tree = tree
        self.letters = letters
        self.rules = rules
        self.digest = digest or digest_of(tree, letters)
        self._bound: dict[tuple[tuple[str, str], ...], Procedure] = {}

    @classmethod
    def from_tree(cls, tree: dict[str, Any], letters: Letters, rules: dict[str, Any] | None = None) -> "Compiled":
        """A procedure that comes from elsewhere: a company's own, kept in the table."""
        return cls(tree, letters, rules=rules or {})

    def bind(self, settings: Mapping[str, str]) -> Procedure:
        """The procedure with a site's settings, kept for the next time; raises Unsound (see `normalise`)."""
        own = self.tree.get("settings") or {}
        key = tuple(sorted((name, value) for name, value in settings.items() if name in own))
        if key not in self._bound:
            self._bound[key] = normalise(self.tree, dict(key))
        return self._bound[key]


@cache
def load(
    procedure_id: str, version: int | None = None, *, folder: Path = COMPILED, earlier: Path = EARLIER
) -> Compiled:
    """The procedure of this id, the latest version unless one is named; raises Unknown."""
    if version is None:
        version = available(folder=folder).get(procedure_id)
    paths = [home / f"{procedure_id}@{version}.json" for home in (folder, earlier)]
    found = next((path for path in paths if path.is_file()), None)
    if not re.fullmatch(r"[a-z][a-z0-9-]*", procedure_id) or found is None:
        raise Unknown(f"There is no compiled procedure {procedure_id!r}, version {version or 'any'}.")
    held = msgspec.json.decode(found.read_bytes())
    return Compiled(held["tree"], held["letters"], held["digest"], held.get("rules"))


def available(*, folder: Path = COMPILED) -> dict[str, int]:
    """The id of each compiled procedure and its latest version."""
    latest: dict[str, int] = {}
    for path in sorted(folder.glob("*@*.json")):
        name, _, number = path.stem.partition("@")
        latest[name] = max(int(number), latest.get(name, 0))
    return latest


def digest_of(tree: dict[str, Any], letters: Letters) -> str:
    """A digest of everything a procedure says, to tell whether two are the same."""
    said = msgspec.json.encode({"tree": tree, "letters": letters}, order="deterministic")
    return hashlib.sha256(said).hexdigest()
