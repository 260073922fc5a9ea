"""Break the sound procedure in one place and hear what `check` says."""

from pathlib import Path
from typing import Any

from chalicelib.procedures.check import prove
from chalicelib.procedures.letter_files import read_letters
from chalicelib.procedures.load import Compiled
from chalicelib.procedures.sources_yaml import read_yaml
from chalicelib.procedures.traditional import with_traditional

HERE = Path(__file__).parent
GONE = object()
"""In place of a value: take the key away."""


def sound(**letters: dict[str, Any]) -> Compiled:
    """The sound procedure; `letters` replace its own."""
    return broken({}, **letters)


def broken(changes: dict[str, Any], **letters: dict[str, Any]) -> Compiled:
    """The sound procedure with other values at these paths (`actions.solve.goes.0.to`)."""
    tree = read_yaml(HERE / "sound.yaml")
    for path, value in changes.items():
        *above, last = path.split(".")
        place: Any = tree
        for key in above:
            place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
        if value is GONE:
            del place[last]
        elif isinstance(place, list):
            place[int(last)] = value
        else:
            place[last] = value
    texts = read_letters(HERE / "letters", tree["procedure"], tree["letters"])
    return Compiled(with_traditional(tree), {**texts, **letters})


def said(changes: dict[str, Any], **letters: dict[str, Any]) -> list[str]:
    """What `check` says of the procedure with these changes."""
    return [str(problem) for problem in prove(broken(changes, **letters))]
