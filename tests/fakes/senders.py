"""Providers in memory: they remember what they took, and answer as they are told."""

from collections.abc import Mapping
from typing import NamedTuple

from chalicelib.ports import Sent


class Letter(NamedTuple):
    """What a provider was asked to send."""

    to: str
    subject: str
    text: str
    html: str
    reference: str


class FakeSender:
    """A provider. `troubles` are raised one after the other, before anything is taken; then it takes all."""

    def __init__(self, *troubles: Exception) -> None:
        self.troubles = list(troubles)
        self.taken: list[Letter] = []

    def send(self, to: str, subject: str, text: str, html: str, reference: str) -> Sent:
        """Take it, or raise the next trouble."""
        if self.troubles:
            raise self.troubles.pop(0)
        self.taken.append(Letter(to, subject, text, html, reference))
        return Sent(f"provider-{len(self.taken)}")


class FakeTemplateSender(FakeSender):
    """A provider of text messages by registered templates."""

    def __init__(self, *troubles: Exception) -> None:
        super().__init__(*troubles)
        self.templates: list[tuple[str, dict[str, str]]] = []

    def send_template(self, to: str, template: str, words: Mapping[str, str], text: str, reference: str) -> Sent:
        """Take the template and its words."""
        sent = self.send(to, "", text, "", reference)
        self.templates.append((template, dict(words)))
        return sent
