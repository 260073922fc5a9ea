"""What is wrong with a procedure, said so that its author finds the place and knows what to write."""

from collections.abc import Iterable

from msgspec import Struct


class Problem(Struct, frozen=True, order=True):
    """`where` is a path in the procedure (`actions.classify.goes[0].to`), `what` a plain sentence."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" if self.where else self.what


class Unsound(Exception):
    """A procedure cannot be used; `problems` names everything wrong with it at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))
