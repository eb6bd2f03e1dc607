"""Everything that is looked at, in the order in which a technician asks."""

from __future__ import annotations

from pos_desktop.services.doctor import (
    backup_looks,
    clock_looks,
    device_looks,
    disk_looks,
    file_looks,
    network_looks,
    program_looks,
    queue_looks,
    rights_looks,
)
from pos_desktop.services.doctor.examining import Group


def every_group() -> tuple[Group, ...]:
    """Return all looks."""
    return (
        program_looks.GROUP,
        disk_looks.GROUP,
        rights_looks.GROUP,
        file_looks.GROUP,
        backup_looks.GROUP,
        *device_looks.GROUPS,
        queue_looks.GROUP,
        *network_looks.GROUPS,
        clock_looks.GROUP,
    )
