"""The inbox: what was sent can be read back by who it was sent to."""

import signal
from collections.abc import Callable

import pytest
import requests

from tests.standins import Running


@pytest.fixture(scope="module")
def inbox(starts: Callable[..., Running]) -> Running:
    return starts("inbox")


class TestInbox:
    def test_gives_a_message_to_its_reader_only_newest_first(self, inbox: Running):
        inbox.post("/mail", to="Ria@example.org", subject="Uw code", text="Uw code is 123456")
        inbox.post("/sms", to="+31600000000", text="Morgen om 9 uur")
        inbox.post(
            "/mail", to="ria@example.org", subject="Uw code", text="Uw code is 654321", html="<p>654321</p>"
        )

        found = inbox.get("/messages.json", to="RIA@example.org")["messages"]

        assert [message["text"] for message in found] == ["Uw code is 654321", "Uw code is 123456"]
        newer = inbox.get("/messages.json", to="ria@example.org", after=found[1]["id"])["messages"]
        assert [message["id"] for message in newer] == [found[0]["id"]]
        assert [m["kind"] for m in inbox.get("/messages.json", to="+31600000000")["messages"]] == ["sms"]

    def test_keeps_a_message_once_for_one_key(self, inbox: Running):
        first = inbox.post("/mail", to="jan@example.org", text="hallo", key="k-1")
        again = inbox.post("/mail", to="jan@example.org", text="hallo", key="k-1")

        assert first == again
        assert len(inbox.get("/messages.json", to="jan@example.org")["messages"]) == 1

    def test_shows_messages_without_running_what_is_in_them(self, inbox: Running):
        number = inbox.post(
            "/mail", to="x@example.org", subject="<b>hoi</b>", text="t", html="<script>1</script>"
        )
        page = requests.get(f"{inbox.url}/", timeout=10).text
        one = requests.get(f"{inbox.url}/messages/{number['ids'][0]}", timeout=10).text

        assert "&lt;b&gt;hoi" in page
        assert "<b>hoi" not in page
        assert "<script>" not in one

    @pytest.mark.parametrize("wrong", [{"text": "x"}, {"to": "", "text": "x"}, {"to": "a@example.org"}])
    def test_refuses_what_cannot_be_delivered(self, inbox: Running, wrong: dict[str, str]):
        assert requests.post(f"{inbox.url}/mail", json=wrong, timeout=10).status_code == 400

    def test_loses_nothing_in_a_kill(self, inbox: Running):
        inbox.post("/mail", to="kill@example.org", text="blijft")
        inbox.stop(signal.SIGKILL)

        inbox.start()

        assert len(inbox.get("/messages.json", to="kill@example.org")["messages"]) == 1
