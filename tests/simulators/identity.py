"""A real OpenID Connect provider on loopback: Authlib's server, one client, no screen.

Whoever `person` names is taken to be at the browser. It demands PKCE by S256, and signs
its tokens with a key made for the test.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from authlib.common.security import generate_token
from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from authlib.oauth2.rfc6750 import BearerTokenGenerator
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from joserfc.jwk import RSAKey

CLIENT, SECRET = "jalon", "a-secret-of-the-provider"


class Request(OAuth2Request):
    """What came over HTTP, as Authlib reads it."""

    def __init__(
        self, method: str, uri: str, form: dict[str, str], headers: Any
    ) -> None:
        super().__init__(method, uri, headers=headers)
        self._form = form
        self._args = dict(parse_qsl(urlsplit(uri).query))
        self.payload = BasicOAuth2Payload({**self._args, **form})

    @property
    def args(self) -> dict[str, str]:
        return self._args

    @property
    def form(self) -> dict[str, str]:
        return self._form


@dataclass
class Code:
    """A code of authorization, good once."""

    code: str
    request: Request
    user: dict[str, Any]
    made: float = field(default_factory=time.time)

    def get_redirect_uri(self) -> str:
        return str(self.request.payload.redirect_uri)

    def get_scope(self) -> str:
        return str(self.request.payload.scope)

    def get_nonce(self) -> str | None:
        return self.request.payload.data.get("nonce")

    def get_auth_time(self) -> int:
        return int(self.made)

    def get_acr(self) -> None:
        return None

    def get_amr(self) -> None:
        return None


class Client:
    """The one client, which keeps a secret."""

    client_id = CLIENT

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> str:
        return ""

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, uri: str) -> bool:
        return urlsplit(uri).path == "/sign-on/back/"

    def check_client_secret(self, secret: str) -> bool:
        return secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return endpoint != "token" or method == "client_secret_basic"

    def check_response_type(self, kind: str) -> bool:
        return kind == "code"

    def check_grant_type(self, kind: str) -> bool:
        return kind == "authorization_code"


class Grant(AuthorizationCodeGrant):
    """Codes kept by the provider, each good once."""

    def save_authorization_code(self, code: str, request: Any) -> None:
        self.server.codes[code] = Code(code, request, request.user)

    def query_authorization_code(self, code: str, _client: Any) -> Code | None:
        found: Code | None = self.server.codes.get(code)
        return found

    def delete_authorization_code(self, found: Code) -> None:
        self.server.codes.pop(found.code, None)

    def authenticate_user(self, found: Code) -> dict[str, Any]:
        return found.user


class Challenge(CodeChallenge):
    """PKCE, by S256 alone."""

    SUPPORTED_CODE_CHALLENGE_METHOD: ClassVar[list[str]] = ["S256"]

    def get_authorization_code_challenge(self, found: Code) -> str | None:
        return found.request.payload.data.get("code_challenge")

    def get_authorization_code_challenge_method(self, found: Code) -> str:
        return str(found.request.payload.data.get("code_challenge_method"))


class Identity(OpenIDCode):
    """The identity token beside the access token."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(require_nonce=True)
        self.provider = provider

    def exists_nonce(self, _nonce: str, _request: Any) -> bool:
        return False

    def resolve_client_private_key(self, _client: Any) -> RSAKey:
        return self.provider.signing

    def get_client_claims(self, _client: Any) -> dict[str, Any]:
        return {"iss": self.provider.issuer}

    def get_client_algorithm(self, _client: Any) -> str:
        return "RS256"

    def generate_user_info(self, user: Any, _scope: str) -> UserInfo:
        return UserInfo(**{**user, **self.provider.tamper})


class Provider(AuthorizationServer):
    """The provider; `person` is who is at the browser, `tamper` changes their token."""

    def __init__(self) -> None:
        super().__init__()
        self.key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig"}, private=True)
        self.signing = self.key
        self.person: dict[str, Any] = {}
        self.tamper: dict[str, Any] = {}
        self.codes: dict[str, Code] = {}
        self.asked: list[dict[str, str]] = []
        self.issuer = ""
        self.register_grant(Grant, [Challenge(required=True), Identity(self)])
        self.register_token_generator(
            "default", BearerTokenGenerator(lambda **_: generate_token(40))
        )

    def query_client(self, client_id: str) -> Client | None:
        return Client() if client_id == CLIENT else None

    def save_token(self, token: dict[str, Any], request: Any) -> None:
        pass

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        pass

    def create_oauth2_request(self, request: Request) -> Request:
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Any:
        return status, body, dict(headers)

    def answer(self, request: Request) -> tuple[int, Any, dict[str, str]]:
        path = urlsplit(request.uri).path
        if path == "/.well-known/openid-configuration":
            return 200, self._described(), {}
        if path == "/keys":
            return 200, {"keys": [self.key.as_dict(private=False)]}, {}
        if path == "/token":
            self.asked.append(request.form)
            answer: tuple[int, Any, dict[str, str]] = self.create_token_response(
                request
            )
            return answer
        if path == "/authorize":
            self.asked.append(request.args)
            grant = self.get_consent_grant(request, self.person)
            found: tuple[int, Any, dict[str, str]] = self.create_authorization_response(
                request, grant_user=self.person, grant=grant
            )
            return found
        return 404, {}, {}

    def _described(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
        }


@contextlib.contextmanager
def running() -> Iterator[Provider]:
    """Serve a provider on a port of its own."""
    provider = Provider()

    class Handler(http.server.BaseHTTPRequestHandler):
        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            form = dict(parse_qsl(self.rfile.read(length).decode()))
            uri = f"{provider.issuer}{self.path}"
            request = Request(self.command, uri, form, self.headers)
            status, body, headers = provider.answer(request)
            told = json.dumps(body).encode() if body else b""
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Type" not in headers:
                self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = _serve  # noqa: N815 - http.server's names

        def log_message(self, *_args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
