"""Work that runs beside the till: a durable queue of jobs, and child processes.

On top stands what jobs are declared with and how they come in. Below: `engine` runs them, on Huey;
`children` runs what must not run in the program's own process; `drivers` carries them; `owners`
knows who runs them; `network` and `rounds` say when; `views` and `control` are for people, and
`testing` for tests of jobs.
"""

from __future__ import annotations
