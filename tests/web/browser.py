"""A browser at the desk: it keeps cookies as browsers do, and can sign in by the whole code flow."""

from urllib.parse import urlencode, urlsplit

from chalice.test import HTTPResponse

from chalicelib.web.issuer import Issuer
from chalicelib.web.page import FORM
from tests.fakes.issuer import FakeIssuer
from tests.web.air import AUDIENCE, ISSUER, ORG, Air, token
from tests.web.test_pages import Fields

HOME = "https://desk.example"


class Browser:
    """One browser over TLS, whose issuer is a fake."""

    def __init__(self, air: Air, org: str = ORG) -> None:
        self.air, self.cookies = air, dict[str, str]()
        self.issuer = FakeIssuer(ISSUER, lambda person, nonce: token(person, org, nonce=nonce))
        air.world.issuer = Issuer(issuer=ISSUER, client_id=AUDIENCE, fetch=self.issuer.fetch)

    def get(self, path: str, **headers: str) -> HTTPResponse:
        """Open an address of the desk."""
        return self._kept(self.air.get(path.removeprefix(HOME), headers=self._sent(headers)))

    def post(self, path: str, headers: dict[str, str] | None = None, **fields: str) -> HTTPResponse:
        """Send a form."""
        sent = self._sent({"Content-Type": FORM, **(headers or {})})
        return self._kept(self.air.call("POST", path, raw=urlencode(fields).encode(), headers=sent))

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
