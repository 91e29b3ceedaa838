"""A small OpenID Connect provider on localhost: it knows one person at a time and signs what it says."""

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "beffroi-client", "beffroi-secret"


def challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


class IdentityProvider:
    """`person` is who stands before the screen; `signs_user_info` answers as ProConnect does."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.asked: dict[str, str] = {}
        self.signs_user_info = False
        self.replays_nonce = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self.handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path, query = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
                self.answer(*provider.read(path, query, self.headers.get("Authorization", "")))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                self.answer(*provider.token(dict(parse_qsl(body))))

            def answer(self, status: int, kind: str, content: str) -> None:
                self.send_response(status)
                self.send_header("Location" if status == 302 else "Content-Type", content if status == 302 else kind)
                self.end_headers()
                self.wfile.write(b"" if status == 302 else content.encode())

            def log_message(self, *args: object) -> None:
                """Tests read the log: the fake says nothing there."""

        return Handler

    def read(self, path: str, query: dict[str, str], authorization: str) -> tuple[int, str, str]:
        match path:
            case "/.well-known/openid-configuration":
                return self.plain(self.configuration())
            case "/jwks":
                public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
                return self.plain({"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]})
            case "/authorize":
                self.asked = query
                back = urlencode({"code": "the-code", "state": query["state"]})
                return 302, "", f"{query['redirect_uri']}?{back}"
            case "/userinfo" if authorization == "Bearer the-access-token":
                return self.user_info()
            case _:
                return 404, "text/plain", ""

    def token(self, given: dict[str, str]) -> tuple[int, str, str]:
        is_right = (
            (given["client_id"], given["client_secret"], given["code"]) == (CLIENT, SECRET, "the-code")
            and given["redirect_uri"] == self.asked["redirect_uri"]
            and challenge(given["code_verifier"]) == self.asked["code_challenge"]
        )
        if not is_right:
            return 400, "application/json", '{"error": "invalid_grant"}'
        identity = {"sub": self.person["sub"], "nonce": self.replays_nonce or self.asked["nonce"]}
        return self.plain({"access_token": "the-access-token", "token_type": "Bearer", "id_token": self.signed(identity)})

    def user_info(self) -> tuple[int, str, str]:
        return (200, "application/jwt", self.signed(self.person)) if self.signs_user_info else self.plain(self.person)

    def signed(self, content: dict[str, Any]) -> str:
        now = int(time.time())
        standard = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300}
        return jwt.encode(standard | content, self.key, algorithm="RS256", headers={"kid": "one"})

    def configuration(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    @staticmethod
    def plain(content: dict[str, Any]) -> tuple[int, str, str]:
        return 200, "application/json", json.dumps(content)
