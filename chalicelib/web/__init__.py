"""The HTTP side. Importing it declares every route."""

from chalicelib.web import admin, complaints, openapi, pages, service, tickets
from chalicelib.web.routes import api

__all__ = ["admin", "api", "complaints", "openapi", "pages", "service", "tickets"]
