"""Who reads in the benches: three people of the sample company and what they open."""

from __future__ import annotations

import re
from typing import Any

PEOPLE = {
    "director": ("helene.vasseur@ardoise.example", "demo-direction"),
    "manager": ("claire.morel@ardoise.example", "demo-manager"),
    "salesperson": ("nicolas.aubert@ardoise.example", "demo-commercial"),
}
OPENED = {
    "director": ("/", "/direction/", "/team/?team=company", "/pacing/", "/alerts/"),
    "manager": ("/", "/team/", "/weekly/", "/objectives/", "/check-in/team/"),
    "salesperson": ("/", "/pacing/", "/check-in/", "/wall/", "/objectives/"),
}
HIDDEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


def logged_in(client: Any, name: str, word: str) -> None:  # noqa: ANN401 - Locust's or httpx's
    """Log somebody in, or raise."""
    form = client.get("/login/")
    (token,) = HIDDEN.findall(form.text)[:1]
    said = {"username": name, "password": word, "csrfmiddlewaretoken": token}
    answer = client.post("/login/", data=said)
    if "/login/" in str(answer.url):
        raise RuntimeError(f"{name} cannot log in.")
