"""What the product is known not to do yet. The expectation stands as it should be; once it is met, its test fails here
until the mark is taken off (`strict`), so that no gap is forgotten and none stays listed."""

import pytest


def gap(why: str) -> pytest.MarkDecorator:
    """Marks a story that the product does not yet tell."""
    return pytest.mark.xfail(strict=True, reason=why)
