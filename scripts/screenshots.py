"""Makes pictures of every state of the window, for people to look at.

    .venv/bin/python scripts/screenshots.py [--language sw] [--size 1024x600] [--turn 1/2] [PART]

Each state is seen in every language and size (or in those named) and theme: the till is brought
there once and then speaks another language, as it does for people. The pictures go to
build/screenshots; with PART those alone whose names hold it. With a turn such as 1/2 only each
second state is done, beginning with the first, so that two processes share the work. The shop is
the demo shop, in a folder that is thrown away.
"""

from __future__ import annotations

import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from scripts.pictures.command import main

if __name__ == "__main__":
    sys.exit(main(__doc__))
