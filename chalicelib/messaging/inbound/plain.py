"""HTML as the text that a reader sees. Quotations become lines that begin with `>`, as in plain mail."""

import re
from html.parser import HTMLParser

LONGEST = 500_000
"""Characters of a page that are read, pictures within it left out first."""

_PICTURES = re.compile(r"data:[a-z/+.-]{0,40};base64,[A-Za-z0-9+/=\s]*", re.IGNORECASE)
_UNSEEN = frozenset({"script", "style", "head", "title", "template", "noscript", "select", "svg", "object"})
_LINES = frozenset({
    "address", "article", "blockquote", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul",
})  # fmt: skip
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "source", "wbr"})


def seen(html: str) -> str:
    """The text of a page.

    >>> seen("<style>p{}</style><p>电梯<b>停运</b>三天<br>请修复</p><blockquote>旧信</blockquote>")
    '电梯停运三天\\n请修复\\n> 旧信'
    """
    reader = _Reader()
    reader.feed(_PICTURES.sub("", html)[:LONGEST])
    # What is unfinished at the end is never handed to `close`, which looks for its end again and again.
    reader.handle_data(re.sub(r"<[^<>]*>?", " ", reader.rawdata))
    return reader.text()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[tuple[int, list[str]]] = [(0, [])]
        self._unseen, self._quotes, self._pre = 0, 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 # the parser's
        """See HTMLParser."""
        if tag == "body":
            self._unseen = 0  # a head that was not closed ends here
        if tag in _UNSEEN:
            self._unseen += 1
        self._quotes += tag == "blockquote"
        self._pre += tag == "pre"
        if tag in _LINES or tag == "br":
            self._break(always=tag == "br")
        if tag == "li":
            self._lines[-1][1].append("- ")
        if tag in ("td", "th"):
            self._lines[-1][1].append(" ")

    def handle_endtag(self, tag: str) -> None:
        """See HTMLParser."""
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        if tag in _LINES and tag not in _VOID:
            self._break()
        self._quotes = max(0, self._quotes - (tag == "blockquote"))
        self._pre = max(0, self._pre - (tag == "pre"))
        if tag == "blockquote":
            self._break()

    def handle_data(self, data: str) -> None:
        """See HTMLParser."""
        if self._unseen:
            return
        if self._pre:
            first, *others = data.split("\n")
            self._lines[-1][1].append(first)
            for line in others:
                self._break(always=True)
                self._lines[-1][1].append(line)
        else:
            self._lines[-1][1].append(re.sub(r"[ \t\r\n\f\u00a0]+", " ", data))

    def text(self) -> str:
        """What was read so far."""
        lines = []
        for depth, pieces in self._lines:
            line = " ".join("".join(pieces).split())
            lines.append(f"{'>' * depth} {line}".strip() if depth else line)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def _break(self, *, always: bool = False) -> None:
        depth, pieces = self._lines[-1]
        if always or "".join(pieces).strip():
            self._lines.append((min(self._quotes, 9), []))
        elif depth != self._quotes:
            self._lines[-1] = (min(self._quotes, 9), pieces)
