"""Frames between a parent and its child."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from pos_queue.children import frames


def test_a_broken_frame_is_told_from_an_end(tmp_path: Path) -> None:
    path = tmp_path / "frames"
    with path.open("wb") as pipe:
        frames.write_frame(pipe, frames.ITEM, (1, "a"))
    whole = path.read_bytes()
    for broken in (whole[:3], whole[:-1], b"X" + whole[1:], b"I\xff\xff\xff\xff"):
        path.write_bytes(broken)
        with path.open("rb") as pipe, pytest.raises(frames.BrokenFrame):
            frames.read_frame(pipe)
    path.write_bytes(whole)
    with path.open("rb") as pipe:
        assert frames.read_frame(pipe) == (frames.ITEM, (1, "a"))
        assert frames.read_frame(pipe) is None


def test_what_cannot_be_a_frame_leaves_the_pipe_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = io.BytesIO()
    with pytest.raises(ValueError, match="unmarshallable"):
        frames.write_frame(pipe, frames.END, object())
    monkeypatch.setattr(frames, "LONGEST_FRAME", 100)
    with pytest.raises(ValueError, match="more than a frame holds"):
        frames.write_frame(pipe, frames.END, bytes(100))
    assert pipe.getvalue() == b""
