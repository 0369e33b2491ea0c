"""The people of `bench/soak.py`, for locust: each at her own work, from a list of addresses made beforehand. No Django here."""

import json
import os
from itertools import cycle
from pathlib import Path

from locust import FastHttpUser, between, task

PEOPLE = cycle(json.loads(Path(os.environ["SOAK_PEOPLE"]).read_text()))
PAUSE = [float(one) for one in os.environ.get("SOAK_PAUSE", "2,6").split(",")]

POSTED = {"HX-Request": "true", "Content-Type": "application/x-www-form-urlencoded"}


class Professional(FastHttpUser):
    """Reads her pages, looks at what a communication would come to; a few seconds between two."""

    wait_time = between(*PAUSE)
    connection_timeout = network_timeout = 60

    def on_start(self) -> None:
        self.her = next(PEOPLE)
        self.headers = {"Cookie": self.her["cookies"]}

    def page(self, name: str) -> None:
        """One of her pages; anything but 200 is an error, a redirection to the sign-in page included."""
        with self.client.get(
            self.her["pages"][name], name=name, headers=self.headers, allow_redirects=False, catch_response=True
        ) as answer:
            if answer.status_code != 200:
                answer.failure(f"status {answer.status_code} ({answer.error})")

    @task(3)
    def my_situations(self) -> None:
        self.page("my_situations")

    @task(3)
    def one_case(self) -> None:
        self.page("one_case")

    @task(2)
    def compose(self) -> None:
        self.page("compose")

    @task(2)
    def home(self) -> None:
        self.page("home")

    @task(1)
    def inbox(self) -> None:
        self.page("inbox")

    @task(4)
    def preview(self) -> None:
        """The live verdict, as the page asks it at each change."""
        with self.client.post(
            self.her["verdict"], name="preview", data=self.her["form"], headers=self.headers | POSTED,
            allow_redirects=False, catch_response=True,
        ) as answer:  # fmt: skip
            if answer.status_code != 200 or 'id="verdict"' not in (answer.text or ""):
                answer.failure(f"status {answer.status_code}, or no verdict ({answer.error})")
