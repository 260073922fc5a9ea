"""The HTTP side. Importing it declares every route."""

from chalicelib.web import complaints, service, tickets
from chalicelib.web.routes import api

__all__ = ["api", "complaints", "service", "tickets"]
