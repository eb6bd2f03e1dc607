"""Starts the till's window where the program is installed; a job's child is this program too."""

from __future__ import annotations

import sys

from pos_queue.children.command import frozen_child

if not frozen_child(sys.argv):
    from pos_desktop.app import main

    sys.exit(main())
