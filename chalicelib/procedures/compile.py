"""Compile procedures from YAML and letters to the JSON that runs. Build time only: the runtime imports none of this."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from chalicelib.procedures.letter_files import read_letters
from chalicelib.procedures.load import COMPILED, EARLIER, Compiled, digest_of
from chalicelib.procedures.problems import Problem, Unsound
from chalicelib.procedures.rule import Rule
from chalicelib.procedures.sources_yaml import read_yaml
from chalicelib.procedures.traditional import with_traditional
from chalicelib.procedures.written import file_of

HERE = Path(__file__).parent
SOURCES = HERE / "sources"
COMMON = "_common.yaml"


def compile_source(path: Path) -> Compiled:
    """One source file with what every procedure shares, in all languages, and its letters.

    The file lies in a folder `sources`, with `_common.yaml` for what procedures share, beside a folder `letters`.
    An organisation's own lies anywhere else, its folder `letters` beside it, and shares what those that ship share.
    Raises Unsound when a file can't be read; whether the procedure is sound is for `check`.
    """
    tree = read_yaml(path)
    if tree.get("procedure") != path.stem:
        raise Unsound([Problem(f"{path.name}: procedure", f'The id must be the name of the file, "{path.stem}".')])
    if not str(tree.get("version", "")).isdigit():
        raise Unsound([Problem(f"{path.name}: version", "A version is a whole number.")])
    own = is_own(path)
    common = SOURCES / COMMON if own else path.with_name(COMMON)
    if common.is_file():
        tree = merged(tree, read_yaml(common))
    tree = opened(tree)
    tree = with_traditional(tree)
    named = tree.get("letters") or []
    names = named if isinstance(named, list) else [named]
    shared = HERE / "letters" if own else None
    return Compiled(tree, read_letters(home_of(path) / "letters", path.stem, names, shared))


def is_own(source: Path) -> bool:
    """Whether this is an organisation's own file: one that lies in no folder `sources`."""
    return source.parent.name != SOURCES.name


def home_of(source: Path) -> Path:
    """The folder that holds `letters` and `rules` of this source file."""
    return source.parent if is_own(source) else source.parents[1]


def read_rules(path: Path) -> dict[str, Rule]:
    """The rules of the written procedure that this source file carries out, in all languages; raises Unsound.

    They lie in a folder `rules` beside `letters`, in a file of the same name; a procedure need not have one.
    """
    source = rules_file(path)
    if not source.is_file():
        return {}
    try:
        return msgspec.convert(with_traditional(read_yaml(source)), dict[str, Rule])
    except msgspec.ValidationError as error:
        raise Unsound([Problem(f"rules/{source.name}", f"{error}.")]) from error


def rules_file(source: Path) -> Path:
    """Where the rules of the written procedure lie that this source file carries out."""
    return home_of(source) / "rules" / source.name


def merged(tree: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    """The procedure with every shared element that it does not define itself; its own come first."""
    both = dict(tree)
    for key, shared in common.items():
        own = both.get(key) or type(shared)()
        if isinstance(shared, dict) and isinstance(own, dict):
            both[key] = {**own, **{name: value for name, value in shared.items() if name not in own}}
        elif isinstance(shared, list) and isinstance(own, list):
            both[key] = own + [item for item in shared if item not in own]
        else:
            both[key] = own or shared
    return both


def opened(tree: dict[str, Any]) -> dict[str, Any]:
    """The procedure whose opening action has, after its own, what `opening` adds to it."""
    adds, actions = tree.get("opening"), tree.get("actions")
    if not isinstance(adds, dict) or not isinstance(actions, dict):
        return tree
    both = dict(actions)
    for name, action in actions.items():
        if isinstance(action, dict) and "new" in _listed(action.get("at")):
            more = {key: [*_listed(action.get(key)), *_listed(added)] for key, added in adds.items()}
            both[name] = {**action, **more}
    return {key: value for key, value in tree.items() if key != "opening"} | {"actions": both}


def _listed(value: Any) -> list[Any]:
    """A list, or one thing as a list of it, or nothing."""
    return value if isinstance(value, list) else [] if value in (None, "") else [value]


def sources(home: Path = HERE) -> dict[str, Path]:
    """The source file of each procedure, by id."""
    return {path.stem: path for path in sorted((home / "sources").glob("*.yaml")) if not path.name.startswith("_")}


def source_of(name: str) -> Path | None:
    """The source file that is meant: by the id of a procedure that ships, or by the path of an organisation's own."""
    known, path = sources(), Path(name).resolve()
    if name in known or path in known.values():
        return known.get(name, path)
    return path if path.suffix == ".yaml" and path.is_file() else None


def shared_letters() -> list[str]:
    """The letters that every procedure has."""
    return list(read_yaml(SOURCES / COMMON)["letters"])


def build_own(source: Path, into: Path | None = None) -> Path:
    """Write an organisation's own procedure as `PUT /v1/admin/procedures` takes it, beside its source.

    Raises Unsound as `compile_source` does.
    """
    compiled = compile_source(source)
    tree = compiled.tree
    path = (into or source.parent) / f"{tree['procedure']}@{tree['version']}.json"
    return _put(path, {"tree": tree, "letters": compiled.letters, "rules": read_rules(source)}, indent=0)


def build(ids: Iterable[str] = (), into: Path = COMPILED, home: Path = HERE) -> list[Path]:
    """Compile these procedures, or all; what can be compiled is, then Unsound is raised for the rest."""
    known = sources(home)
    written, problems = [], []
    for procedure_id in list(ids) or known:
        if procedure_id not in known:
            problems.append(Problem(procedure_id, "There is no such source."))
            continue
        try:
            source = known[procedure_id]
            compiled, rules = compile_source(source), read_rules(source)
            _put(file_of(procedure_id, into), rules)
            written.append(_write(compiled, _made_from(source), into))
        except Unsound as error:
            problems += error.problems
    if problems:
        raise Unsound(problems)
    return written


def keep(source: Path, into: Path = EARLIER) -> Path:
    """Keep a version that ships as it is, with its letters and rules, for the cases that are pinned to it.

    Raises Unsound as `compile_source` does, and where another content was kept under this number.
    """
    compiled = compile_source(source)
    tree, letters = compiled.tree, compiled.letters
    path = into / f"{tree['procedure']}@{tree['version']}.json"
    digest = digest_of(tree, letters)
    if path.is_file() and msgspec.json.decode(path.read_bytes())["digest"] != digest:
        raise Unsound([Problem(path.name, "Cases are pinned to what was kept: a change needs the next version.")])
    rules = read_rules(source)
    return _put(path, {"digest": digest, "tree": tree, "letters": letters, "rules": rules}, indent=0)


def ensure(into: Path = COMPILED, home: Path = HERE) -> None:
    """Bring the compiled files up to date with the sources: for tests and for development."""
    stale = [name for name, path in sources(home).items() if _held(name, into) != _made_from(path)]
    if stale:
        build(stale, into, home)


def _write(compiled: Compiled, made_from: str, into: Path) -> Path:
    tree, letters = compiled.tree, compiled.letters
    content = {"made_from": made_from, "digest": digest_of(tree, letters), "tree": tree, "letters": letters}
    return _put(into / f"{tree['procedure']}@{tree['version']}.json", content)


def _put(path: Path, content: Any, indent: int = 1) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as part:  # two may build at once
        part.write(msgspec.json.format(msgspec.json.encode(content), indent=indent))
    os.chmod(part.name, 0o644)
    os.replace(part.name, path)
    return path


def _made_from(source: Path) -> str:
    """A digest of every file that goes into a compiled procedure, this compiler included."""
    letters = source.parents[1] / "letters"
    files = [source, source.with_name(COMMON), rules_file(source)]
    files += sorted([*(letters / source.stem).glob("*.md"), *(letters / "common").glob("*.md")])
    files += [
        HERE / f"{module}.py"
        for module in ("compile", "letter_files", "load", "sources_yaml", "traditional", "written")
    ]
    digest = hashlib.sha256()
    for path in files:
        if path.is_file():
            digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _held(procedure_id: str, into: Path) -> str:
    """What the newest compiled file says it was made from."""
    files = sorted(into.glob(f"{procedure_id}@*.json"), key=lambda path: int(path.stem.partition("@")[2]))
    return str(msgspec.json.decode(files[-1].read_bytes())["made_from"]) if files else ""
