"""The shop's subscription to the program: how it stands, and how it is paid and activated."""

from __future__ import annotations
