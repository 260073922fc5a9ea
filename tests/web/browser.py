"""A browser at the desk: it keeps cookies as browsers do, and can sign in by the whole code flow."""

from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from chalice.test import HTTPResponse

from chalicelib.web.issuer import Issuer
from chalicelib.web.page import FORM
from tests.fakes.issuer import FakeIssuer
from tests.web.air import AUDIENCE, ISSUER, ORG, Air, token
from tests.web.test_pages import Fields

HOME = "https://desk.example"


class Forms(HTMLParser):
    """The forms of a page that post, each with its fields as a browser would send them."""

    def __init__(self, answer: HTTPResponse) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._name, self._kind = "", ""
        self.feed(answer.body.decode())

    def doing(self, action: str) -> tuple[str, dict[str, str]]:
        """The form of an action: where it is sent, and its fields."""
        return next(form for form in self.found if form[1].get("action") == action)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("method") == "post":
            self.found.append((said.get("action", ""), {}))
        if not self.found:
            return
        fields = self.found[-1][1]
        if tag == "input" and "name" in said and (said.get("type") != "checkbox" or "checked" in said):
            fields[said["name"]] = said.get("value", "")
        elif tag in ("select", "textarea"):
            self._name, self._kind = said["name"], tag
            fields[self._name] = ""
        elif tag == "option" and "selected" in said:
            fields[self._name] = said["value"]

    def handle_data(self, data: str) -> None:
        if self._kind == "textarea":
            self.found[-1][1][self._name] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self._kind = ""


class Browser:
    """One browser over TLS, whose issuer is a fake."""

    def __init__(self, air: Air, org: str = ORG) -> None:
        self.air, self.cookies, self.at = air, dict[str, str](), ""
        self.issuer = FakeIssuer(ISSUER, lambda person, nonce: token(person, org, nonce=nonce))
        air.world.issuer = Issuer(issuer=ISSUER, client_id=AUDIENCE, fetch=self.issuer.fetch)

    def get(self, path: str, **headers: str) -> HTTPResponse:
        """Open an address of the desk."""
        self.at = path.removeprefix(HOME).partition("?")[0]
        return self._kept(self.air.get(path.removeprefix(HOME), headers=self._sent(headers)))

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> HTTPResponse:
        """Send a form."""
        sent = self._sent({"Content-Type": FORM, **(headers or {})})
        return self._kept(self.air.call("POST", path, raw=urlencode(fields).encode(), headers=sent))

    def fill(self, page: HTTPResponse, action: str, **answers: str) -> HTTPResponse:
        """Fill in the form of an action on the page that is open (`x__1__c` for `x.1.c`), and send it."""
        _, fields = Forms(page).doing(action)
        typed = {f"f.{name.replace('__', '.')}": value for name, value in answers.items()}
        return self.post(self.at, **{**fields, **typed})

    def begin(self, next: str = "/desk") -> str:
        """Ask to sign in; the issuer's address."""
        return str(self.get("/desk/sign-in?" + urlencode({"next": next})).headers["Location"])

    def sign_in(self, person: str, next: str = "/desk") -> HTTPResponse:
        """The whole flow; what the desk answers when the browser comes back."""
        return self.get(self.issuer.sign_in(self.begin(next), person))

    def follow(self, answer: HTTPResponse) -> HTTPResponse:
        """Go on where an answer leads."""
        assert answer.status_code == 303, answer.body
        assert urlsplit(str(answer.headers["Location"])).netloc == "desk.example"
        return self.get(str(answer.headers["Location"]))

    def token(self) -> str:
        """What the forms of this session carry."""
        return Fields(self.get("/desk")).found["token"]

    def _sent(self, headers: dict[str, str]) -> dict[str, str]:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**({"Cookie": cookies} if cookies else {}), **headers}

    def _kept(self, answer: HTTPResponse) -> HTTPResponse:
        for said in answer.headers.get("Set-Cookie", []):
            name, _, value = said.partition(";")[0].partition("=")
            assert name.startswith("__Host-"), said
            assert {"Path=/", "HttpOnly", "SameSite=Lax", "Secure"} <= {part.strip() for part in said.split(";")}
            if "Max-Age=0" in said:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return answer
