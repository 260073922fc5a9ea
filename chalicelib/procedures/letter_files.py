"""Read letters: files with `subject` and `sms` above and the body below. Build time only."""

from collections.abc import Iterable
from pathlib import Path

from chalicelib.procedures.load import Letters
from chalicelib.procedures.problems import Problem, Unsound
from chalicelib.procedures.reading import LANGUAGES
from chalicelib.procedures.traditional import traditional


def read_letters(folder: Path, procedure_id: str, names: Iterable[str], shared: Path | None = None) -> Letters:
    """Each named letter by language, the procedure's own before the shared one of the same name.

    `shared` is another folder with letters in `common`, looked into last. A language whose file is missing is left
    out (`check` says so), but zh-Hant is made from zh-Hans.
    """
    places = [folder / procedure_id, folder / "common", *([shared / "common"] if shared else [])]
    letters: Letters = {}
    for name in names:
        texts: dict[str, dict[str, str]] = {}
        for language in LANGUAGES:
            for place in places:
                path = place / f"{name}.{language}.md"
                if path.is_file():
                    texts[language] = read_letter(path)
                    break
        if "zh-Hans" in texts and "zh-Hant" not in texts:
            texts["zh-Hant"] = {part: traditional(text) for part, text in texts["zh-Hans"].items()}
        letters[name] = {language: texts[language] for language in LANGUAGES if language in texts}
    return letters


def read_letter(path: Path) -> dict[str, str]:
    """A letter's subject, sms and body; raises Unsound when the front matter can't be read."""
    where = f"{path.parent.name}/{path.name}"
    lines = path.read_text("utf-8").splitlines()
    if not lines or lines[0].strip() != "---" or "---" not in (line.strip() for line in lines[1:]):
        raise Unsound([Problem(where, "A letter begins with `subject` and `sms` between two lines of `---`.")])
    end = next(index for index, line in enumerate(lines[1:], 1) if line.strip() == "---")
    letter = {"subject": "", "sms": ""}
    for number, line in enumerate(lines[1:end], 2):
        key, colon, text = line.partition(":")
        if line.strip() and (not colon or key.strip() not in letter):
            raise Unsound([Problem(f"{where}, line {number}", "Only `subject:` and `sms:` stand here, a line each.")])
        if line.strip():
            letter[key.strip()] = text.strip().strip('"')
    return {**letter, "body": "\n".join(lines[end + 1 :]).strip() + "\n"}
