"""From a procedure's tree, as its file holds it, to the types the desk works with, for the settings of one site."""

from collections.abc import Mapping
from typing import Any

import msgspec

from chalicelib.desk.procedure import Procedure, Setting
from chalicelib.procedures.problems import Problem, Unsound
from chalicelib.procedures.reading import Reader
from chalicelib.procedures.settings import put_in, values
from chalicelib.procedures.shorthand import teach


def normalise(tree: Mapping[str, Any], settings: Mapping[str, str]) -> Procedure:
    """The procedure with a site's settings in place.

    `tree` is what the YAML file says: mappings, lists and texts. `settings` are the site's values by name;
    what it does not set has its default, and an empty text is an empty value. Raises Unsound with every
    problem of form; whether names resolve and the procedure is sound is for `check`.
    """
    if not isinstance(tree, dict):
        raise Unsound([Problem("", "A procedure is a mapping of names to values.")])
    problems: list[Problem] = []
    reader = teach(Reader(_each(tree, "type"), {place: name for name, place in _each(tree, "intake").items()}))
    declared = reader.read(dict[str, Setting], tree.get("settings"), "settings")
    reader.settings = {name: setting for name, setting in declared.items() if setting}
    reader.held = held = values(reader.settings, settings, problems)
    rest = put_in({key: value for key, value in tree.items() if key != "settings"}, held, problems)
    if "procedure" in rest:
        rest["id"] = rest.pop("procedure")
    else:
        problems.append(Problem("", '"procedure", the id, is missing.'))
        rest["id"] = "?"
    read: Procedure = reader.struct(Procedure, {**rest, "settings": tree.get("settings")}, "")
    found = list(dict.fromkeys(problems + reader.problems))  # the settings are read twice
    if found:
        raise Unsound(found)
    return msgspec.structs.replace(read, spoken=held)


def declared_settings(tree: Mapping[str, Any]) -> dict[str, Setting]:
    """The settings a site may set, for the page that sets them; raises Unsound as `normalise` does."""
    return normalise(tree, {}).settings


def _each(tree: Mapping[str, Any], key: str) -> dict[str, str]:
    """What each field says under a key: by its type its answers are read, by its intake conditions name it."""
    fields = tree.get("fields")
    if not isinstance(fields, dict):
        return {}
    return {name: str(spec.get(key)) for name, spec in fields.items() if isinstance(spec, dict)}
