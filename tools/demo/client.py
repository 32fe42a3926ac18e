"""Somebody at a browser or phone: signs in with a code from the inbox, and acts over HTTP."""

import re
import time
from dataclasses import dataclass, field
from typing import Any

import requests

CODE = re.compile(r"\b([A-Z0-9]{3,4}-?[A-Z0-9]{3,4})\b")
TRIES = 40
ACCOUNT = "/account/"  # whoever is still here is not signed in


class Refusal(Exception):
    """The site said no, with a code and a sentence."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail


@dataclass
class Person:
    """One user with a session of their own."""

    site: str
    inbox: str
    email: str
    session: requests.Session = field(default_factory=requests.Session)

    def sign_up(self) -> None:
        """Make an account, with the code that was mailed."""
        self._enter("/account/signup/", "/account/confirm-email/")

    def sign_in(self) -> None:
        """Sign in with the code that was mailed."""
        self._enter("/account/login/code/", "/account/login/code/confirm/")

    def _enter(self, page: str, confirm: str) -> None:
        answer = None
        for _try in range(3):
            seen = max((mail["id"] for mail in self._mails()), default=0)
            self._form(page, {"email": self.email})
            answer = self._form(confirm, {"code": self._code(seen)})
            if not answer.url.startswith(f"{self.site}{ACCOUNT}"):
                return
            self.session.cookies.clear()
        raise RuntimeError(f"{self.email} could not sign in at {page}: {answer and answer.url}")

    def _mails(self) -> list[dict[str, Any]]:
        answer = requests.get(f"{self.inbox}/messages.json", params={"to": self.email}, timeout=20).json()
        return list(answer["messages"] if isinstance(answer, dict) else answer)

    def _code(self, seen: int) -> str:
        """Return the code in a mail that is newer than the one that was seen; other mails may come in between."""
        for _try in range(TRIES):
            for mail in self._mails():
                lines = [line.strip() for line in mail["text"].splitlines()]
                code = next((line for line in lines if CODE.fullmatch(line)), None)
                if code and mail["id"] > seen:
                    return str(code)
            time.sleep(0.05)
        raise RuntimeError(f"no code was mailed to {self.email}")

    def _form(self, page: str, fields: dict[str, str]) -> requests.Response:
        address = f"{self.site}{page}"
        return self._request(
            "POST", address, data=self._with_token(address, fields), headers={"Referer": address}
        )

    def _with_token(self, address: str, fields: dict[str, Any]) -> dict[str, Any]:
        if "csrf" not in self.session.cookies:
            self._request("GET", address)
        return {**fields, "csrfmiddlewaretoken": self.session.cookies.get("csrf", "")}

    def fill(self, path: str, fields: dict[str, Any]) -> None:
        """Fill in and send the form of a page.

        :raises Refusal: the form came back, or the page is not there.
        """
        address = f"{self.site}{path}"
        answer = self._request(
            "POST", address, data=self._with_token(address, fields), headers={"Referer": address},
            allow_redirects=False,
        )  # fmt: skip
        if answer.status_code != 302 or answer.headers["Location"].startswith(ACCOUNT):
            raise Refusal(answer.status_code, "form", f"{path} did not take {fields}")

    def get(self, path: str) -> Any:
        """Return what the API answers."""
        return self._answer(self._request("GET", f"{self.site}/api/{path}"))

    def post(self, path: str, body: Any = None, *, key: str = "", xml: bytes = b"") -> Any:
        """Do an act over the API.

        :raises Refusal: the site said no.
        """
        headers = {"X-CSRFToken": self.session.cookies.get("csrf", ""), "Referer": self.site}
        if key:
            headers["Idempotency-Key"] = key
        if xml:
            headers["Content-Type"] = "application/xml"
            return self._answer(self._request("POST", f"{self.site}/api/{path}", data=xml, headers=headers))
        return self._answer(
            self._request("POST", f"{self.site}/api/{path}", json=body or {}, headers=headers)
        )

    def _request(self, method: str, address: str, **more: Any) -> requests.Response:
        """Try again while the site is away: whoever was promised something asks again."""
        for attempt in range(TRIES):
            try:
                answer = self.session.request(method, address, timeout=60, **more)
            except requests.RequestException:
                if attempt == TRIES - 1:
                    raise
                time.sleep(0.5)
                continue
            if answer.status_code >= 500 and attempt < 5:
                time.sleep(0.5)
                continue
            return answer
        raise RuntimeError("unreachable")

    def _answer(self, answer: requests.Response) -> Any:
        if answer.ok:
            return answer.json()
        try:
            said = answer.json()
        except ValueError:
            said = {"detail": answer.text[:300]}
        raise Refusal(answer.status_code, said.get("code", ""), str(said.get("detail", said)))


def pay(pay_url: str, *, method: str = "ideal") -> None:
    """Press 'pay' on the hosted pay page."""
    answer = requests.post(pay_url, data={"act": "pay", "method": method}, allow_redirects=False, timeout=60)
    if answer.status_code not in {302, 303, 409, 410}:
        answer.raise_for_status()
        raise RuntimeError(f"the pay page answered {answer.status_code}")
