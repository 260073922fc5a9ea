"""Files in memory."""


class MemoryFiles:
    """Files, by name."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.kinds: dict[str, str] = {}

    def put(self, name: str, content: bytes, kind: str) -> None:
        """See Files."""
        self.kept[name], self.kinds[name] = content, kind

    def drop(self, name: str) -> None:
        """See Files."""
        self.kept.pop(name, None)

    def get(self, name: str) -> bytes | None:
        """See Files."""
        return self.kept.get(name)
