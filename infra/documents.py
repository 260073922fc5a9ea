"""`python -m infra.documents`: what the documents name must be there: files, headings, `make` targets, modules."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
TARGET = re.compile(r"`make ([a-z]+)")
MODULE = re.compile(r"python3? -m ((?:chalicelib|infra|tests)[\w.]*)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as GitHub makes them."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text)}


def targets(makefile: str) -> set[str]:
    return set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))


def module_exists(root: Path, name: str) -> bool:
    path = root.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__main__.py").exists()


def problems(root: Path, document: Path) -> Iterator[str]:
    """What `document` names and is not there."""
    text = document.read_text(encoding="utf-8")
    for file, anchor in LINK.findall(text):
        place = (document.parent / file) if file else document
        if not place.exists():
            yield f"no file {file}"
        elif anchor and place.suffix == ".md" and anchor not in anchors(place.read_text(encoding="utf-8")):
            yield f"no heading #{anchor} in {place.name}"
    known = targets((root / "Makefile").read_text(encoding="utf-8"))
    yield from (f"no target: make {name}" for name in sorted(set(TARGET.findall(text)) - known))
    named = {name.rstrip(".") for name in MODULE.findall(text)}
    yield from (f"nothing to run: python -m {name}" for name in sorted(named) if not module_exists(root, name))


def documents(root: Path) -> list[Path]:
    """Every Markdown file under version control, and those about to be."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return [root / line for line in listed.stdout.splitlines() if (root / line).exists()]


def main() -> int:
    found = [
        f"{document.relative_to(ROOT)}: {problem}"
        for document in documents(ROOT)
        for problem in problems(ROOT, document)
    ]
    print("\n".join(found) if found else "the documents name nothing that is not there")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
