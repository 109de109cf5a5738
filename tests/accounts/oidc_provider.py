"""A small OpenID provider on loopback, with a key of its own and tokens that it really signs."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT = "halfday"


class Provider:
    """Who is signed in there, and what its next token says."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.issuer = ""
        self.claims: dict[str, Any] = {}  # of the next token, over what is right
        self.person: dict[str, Any] = {}  # what its userinfo says
        self.asked: list[str] = []
        self.signed_with = self.key

    def answers(self, path: str) -> dict[str, Any]:
        self.asked.append(path)
        named = {"/authorize": "authorization_endpoint", "/token": "token_endpoint", "/me": "userinfo_endpoint"}
        if path.startswith("/.well-known/"):
            places = {name: self.issuer + where for where, name in named.items()}
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **places}
        if path == "/keys":
            public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
            return {"keys": [{**public, "kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/token":
            right = {"iss": self.issuer, "aud": CLIENT, "exp": time.time() + 60, "sub": self.person["sub"]}
            said = {name: value for name, value in {**right, **self.claims}.items() if value is not None}
            token = jwt.encode(said, self.signed_with, algorithm="RS256", headers={"kid": "one"})
            return {"access_token": "a", "id_token": token}
        return self.person


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(provider.answers(self.path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def log_message(self, *told: object) -> None:
            """Nothing: tests say what they see."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.issuer = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
