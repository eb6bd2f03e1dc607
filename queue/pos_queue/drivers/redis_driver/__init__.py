"""The driver `redis`: workers of several machines share the jobs of one shop.

The shop's file stays the only truth: a job is written there by whoever enqueues, and what becomes
of it is written there again. Redis carries *offers* of jobs to workers and their *answers* back.

    shop's file --Forwarder--> board (Redis) --Dealer--> workers beside the shop's file
                                             --------> RemoteRunner, on any other machine
    shop's file <--Forwarder-- answers       <--------

`board` is the only module that knows how Redis keeps all this, `server` the only one that knows
the library. See docs/queue-drivers.md for what is promised.
"""

from __future__ import annotations
