"""Decoders that are built when something is first read: a start builds none, and a container few of them."""

from collections.abc import Callable
from functools import cached_property
from typing import Generic, TypeVar

from msgspec import json

Kind = TypeVar("Kind")


class Decoder(Generic[Kind]):
    """A msgspec.json.Decoder of a type. Raises msgspec.DecodeError, as that does."""

    def __init__(self, kind: type[Kind]) -> None:
        self._kind = kind

    @cached_property
    def decode(self) -> Callable[[str | bytes], Kind]:
        """What a text holds."""
        return json.Decoder(self._kind).decode
