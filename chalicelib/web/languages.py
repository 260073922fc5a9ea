"""The caller's language, of the three the desk speaks."""

import re

from chalicelib.desk.complaint import Language

DEFAULT: Language = "zh-Hans"


def language_of(header: str) -> Language:
    """The best fit for an Accept-Language header; simplified Chinese where nothing fits.

    >>> language_of("fr, en;q=0.7"), language_of("zh-TW"), language_of("zh-CN, en;q=0.9"), language_of("*")
    ('en', 'zh-Hant', 'zh-Hans', 'zh-Hans')
    """
    best: Language = DEFAULT
    weight = 0.0
    for entry in header.split(",")[:20]:
        tag, _, quality = entry.strip().partition(";")
        if (spoken := _spoken(tag.strip().lower())) and (found := _quality(quality)) > weight:
            best, weight = spoken, found
    return best


def _spoken(tag: str) -> Language | None:
    language, *rest = tag.split("-")
    if language == "en":
        return "en"
    if language != "zh":
        return None
    return "zh-Hant" if "hant" in rest or ("hans" not in rest and {"tw", "hk", "mo"} & set(rest)) else "zh-Hans"


def _quality(text: str) -> float:
    found = re.fullmatch(r"\s*q=([01](?:\.\d{0,3})?)\s*", text)
    return float(found[1]) if found else 1.0
