"""Printers, drawers, scanners: plain values in, bytes out; knows neither Qt nor the shop."""

from __future__ import annotations
