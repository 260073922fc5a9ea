"""The HTTP side. Importing it declares every route."""

from chalicelib.web import (
    admin,
    attach,
    attachments,
    complain,
    complaints,
    forms,
    hotline,
    libraries,
    mail,
    notices,
    open311,
    openapi,
    pages,
    registers,
    reports,
    service,
    tickets,
)
from chalicelib.web.routes import api

__all__ = [
    "admin",
    "api",
    "attach",
    "attachments",
    "complain",
    "complaints",
    "forms",
    "hotline",
    "libraries",
    "mail",
    "notices",
    "open311",
    "openapi",
    "pages",
    "registers",
    "reports",
    "service",
    "tickets",
]
