"""The shop's file: the only room that knows peewee and writes SQL."""

from __future__ import annotations
