"""How large what somebody sends may be: types with a most, and a most for what has no type of its own."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta

from chalicelib.desk.errors import Problem

Name = Annotated[str, Meta(max_length=64)]
"""An id, a sign-in name, a role, a language, a zone."""

Title = Annotated[str, Meta(max_length=500)]
Titles = Annotated[dict[Name, Title], Meta(max_length=10)]
"""A text in each language."""

Texts = Annotated[dict[Name, Annotated[str, Meta(max_length=2000)]], Meta(max_length=10)]
"""The same of a paragraph."""

Names = Annotated[list[Name], Meta(max_length=500)]

MOST_TEXT, MOST_NAME, MOST_ENTRIES, MOST_DEPTH = 20_000, 200, 1000, 32
"""Of any JSON: characters of a text and of a name, entries of a list or an object, how deep they lie in one another.
No description, letter or procedure comes near; what a field takes is less, and said by the field.
"""


def oversized(data: Any, path: str = "", depth: int = 0) -> Iterator[Problem]:
    """Everything of a body that is larger than anything may be, by its place.

    >>> [problem.field for problem in oversized({"form": {"note": "x" * 20_001}})]
    ['form.note']
    """
    if isinstance(data, str):
        if len(data) > MOST_TEXT:
            yield Problem(path, f"must be at most {MOST_TEXT} characters")
    elif isinstance(data, dict | list):
        if depth == MOST_DEPTH:
            yield Problem(path, f"must be at most {MOST_DEPTH} levels deep")
        elif len(data) > MOST_ENTRIES:
            yield Problem(path, f"must have at most {MOST_ENTRIES} entries")
        else:
            inner = data.items() if isinstance(data, dict) else enumerate(data)
            for name, value in inner:
                if isinstance(name, str) and len(name) > MOST_NAME:
                    yield Problem(path, f"must have names of at most {MOST_NAME} characters")
                else:
                    yield from oversized(value, f"{path}.{name}".lstrip("."), depth + 1)
