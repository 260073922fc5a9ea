"""The English sentences that the desk says to callers, read off its source."""

import ast
from collections.abc import Iterator
from pathlib import Path

import chalicelib

HERE = Path(chalicelib.__file__).parent
REFUSALS = {
    "Refusal", "BadInput", "NotFound", "NotAllowed", "NotSignedIn", "Conflict", "VersionNeeded", "KeyReused", "NotOpen",
    "BadRequest", "TooLarge", "WrongMediaType", "TooMany",
}  # fmt: skip
SAYS = {"Problem": 1, "BadAnswer": 0, **dict.fromkeys(REFUSALS, 0)}
"""What says a sentence, and which of its arguments it is."""


def sentences(*folders: str) -> dict[str, str]:
    """Every sentence with `{}` for what is put in, and the file that says it."""
    return {
        text: path.name for folder in folders for path in sorted((HERE / folder).glob("*.py")) for text in _in(path)
    }


def _in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    constants = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and (name := getattr(node.func, "id", getattr(node.func, "attr", ""))) in SAYS:
            if len(node.args) > SAYS[name]:
                yield from _texts(node.args[SAYS[name]], constants)
        elif isinstance(node, ast.ClassDef) and node.name in REFUSALS:
            yield from (s.value.value for s in node.body if isinstance(s, ast.Assign) and s.targets[0].id == "title")  # type: ignore[attr-defined]  # titles are plain


def _texts(node: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(p.value if isinstance(p, ast.Constant) else "{}" for p in parts)  # type: ignore[misc]  # text
        case ast.Name(id=name) if name in constants:
            yield from _texts(constants[name], constants)
        case ast.BinOp(left=left, op=ast.Add(), right=_):
            yield from (text + "{}" for text in _texts(left, constants))
        case ast.IfExp(body=body, orelse=other):
            yield from _texts(body, constants)
            yield from _texts(other, constants)
