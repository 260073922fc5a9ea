"""What staff read about a mail, in the language of their site."""

from functools import cache
from pathlib import Path

import msgspec


@cache
def _words() -> dict[str, dict[str, str]]:
    return msgspec.json.decode(Path(__file__).with_name("words.json").read_bytes(), type=dict[str, dict[str, str]])


def word(name: str, language: str) -> str:
    """
    >>> word("original", "en"), word("original", "tlh")
    ('original.eml', '邮件原件.eml')
    """
    of = _words()[name]
    return of.get(language) or of["zh-Hans"]
