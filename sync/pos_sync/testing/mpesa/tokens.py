"""Tokens: who gets one, and how long it is good."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pos_sync.testing.mpesa.habits import Habits
from pos_sync.testing.mpesa.said import EMPTY, Said, TurnedDown, refusal, told


@dataclass(frozen=True)
class _Given:
    app: str
    until: datetime


class Tokens:
    """Gives out tokens to apps that are known by key and secret."""

    def __init__(self, habits: Habits, apps: Mapping[str, str]) -> None:
        self._habits = habits
        self._apps = apps
        self._given: dict[str, _Given] = {}
        self.count = 0

    def give(self, authorization: str, grant: str, now: datetime) -> Said:
        """Return an answer with a token; raises TurnedDown."""
        kind, _, login = authorization.partition(" ")
        if kind != "Basic":
            raise TurnedDown(refusal(400, "400.008.01", "Invalid Authentication passed"))
        if grant != "client_credentials":
            raise TurnedDown(refusal(400, "400.008.02", "Invalid grant type passed"))
        app, _, secret = _decoded(login).partition(":")
        if not app or self._apps.get(app) != secret:
            raise TurnedDown(EMPTY)
        life = self._habits.token_seconds
        text = self._new(app, now)
        expires = str(life) if self._habits.is_life_a_text else life
        return told({"access_token": text, "expires_in": expires})

    def app_of(self, authorization: str, now: datetime) -> str | None:
        """Return whom a token belongs to; None where it is not good."""
        given = self._given.get(authorization.removeprefix("Bearer "))
        return given.app if given is not None and now < given.until else None

    def end_all(self) -> None:
        """Let no token be good any more."""
        self._given.clear()

    def _new(self, app: str, now: datetime) -> str:
        is_ending = self._habits.ends_old_tokens
        self._given = {
            text: given
            for text, given in self._given.items()
            if now < given.until and not (is_ending and given.app == app)
        }
        self.count += 1
        text = f"c9SQxWWhmdVRlyh0zh8gZDT{self.count:06}"
        self._given[text] = _Given(app, now + timedelta(seconds=self._habits.token_seconds))
        return text


def _decoded(login: str) -> str:
    try:
        return base64.b64decode(login, validate=True).decode()
    except ValueError:
        return ""
