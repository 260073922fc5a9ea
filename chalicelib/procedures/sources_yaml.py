"""Read YAML with every scalar as text, so that `no`, `on` and `13:30` mean what they say. Build time only."""

from pathlib import Path
from typing import Any

import yaml

from chalicelib.procedures.problems import Problem, Unsound


class _AsText(yaml.BaseLoader):
    """PyYAML's loader that leaves scalars as texts; a key that stands twice is an error with its line."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        lines: dict[str, int] = {}
        for key_node, _ in node.value:
            key, line = str(key_node.value), key_node.start_mark.line + 1
            if key in lines:
                raise yaml.constructor.ConstructorError(
                    None, None, f'"{key}" stands twice, first in line {lines[key]}', key_node.start_mark
                )
            lines[key] = line
        return super().construct_mapping(node, deep=deep)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping that a YAML file holds, every scalar a text; raises Unsound, naming file and line."""
    try:
        tree = yaml.load(path.read_text("utf-8"), Loader=_AsText)  # noqa: S506 # builds texts, lists and mappings only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise Unsound([Problem(f"{path.name}, line {line}", f"{error.problem}.")]) from error
    except yaml.YAMLError as error:
        raise Unsound([Problem(path.name, f"{error}.")]) from error
    if not isinstance(tree, dict):
        raise Unsound([Problem(path.name, "A procedure is a mapping of names to values.")])
    return tree
