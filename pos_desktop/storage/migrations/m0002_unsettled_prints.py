"""0002: the prints that are not over are found without reading all that were ever printed."""

from __future__ import annotations

NAME = "unsettled prints"
APPEND_ONLY = ()
SEARCH = ()
SCHEMA = """
CREATE INDEX print_job_unsettled ON print_job (id)
    WHERE state IN ('queued', 'sending', 'unknown', 'failed')
"""
