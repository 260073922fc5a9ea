"""Numbers of cases: short enough to say on the phone, safe against a slip of the tongue.

A date, six random digits and a check digit (ISO 7064 Mod 11,10): `261121-4829136`. Random, so that a number tells
nobody how many complaints there are; a taken one is refused when it is written, and another is drawn.
"""

from collections.abc import Callable
from datetime import date

from stdnum.iso7064 import mod_11_10

Random = Callable[[int], int]
"""Gives an integer from 0 to below its argument (`secrets.randbelow`)."""


def draw(day: date, randbelow: Random) -> str:
    """A new number for a day.

    >>> draw(date(2026, 11, 21), lambda most: 482913)
    '261121-4829136'
    """
    digits = f"{day:%y%m%d}{randbelow(10**6):06d}"
    return f"{digits[:6]}-{digits[6:]}{mod_11_10.calc_check_digit(digits)}"


def heard(text: str) -> str | None:
    """The number somebody typed or said, in its usual form, or None where it cannot be one.

    >>> heard(" 2611 2148 29136 ")
    '261121-4829136'
    >>> heard("261121-4829163") is None
    True
    """
    digits = "".join(c for c in text if c not in " -‐‑–—.")
    if len(digits) != 13 or not digits.isascii() or not digits.isdigit() or not mod_11_10.is_valid(digits):
        return None
    return f"{digits[:6]}-{digits[6:]}"
