"""The standard's XML: names are those of the JSON, and each entry of a list stands in an element of its own."""

import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

ENTRIES = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
"""Of what a list is."""

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml(root: str, value: Any) -> str:
    """The document of plain data: mappings, lists, texts, numbers, true and false, None for what is empty.

    >>> xml("errors", [{"code": 404, "description": "<none>"}]).partition("?>")[2].strip()
    '<errors><error><code>404</code><description>&lt;none&gt;</description></error></errors>'
    """
    element = Element(root)
    _fill(element, value)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(element, encoding="unicode")}'


def _fill(element: Element, value: Any) -> None:
    match value:
        case dict():
            for name, inner in value.items():
                _fill(SubElement(element, name), inner)
        case list():
            for inner in value:
                _fill(SubElement(element, ENTRIES[element.tag]), inner)
        case bool():
            element.text = "true" if value else "false"
        case None:
            pass
        case _:
            element.text = _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", str(value))
