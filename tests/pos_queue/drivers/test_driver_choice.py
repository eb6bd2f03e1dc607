"""The environment chooses the driver, or is told in a sentence what is wrong with it."""

from __future__ import annotations

import pytest
from pos_queue.drivers.driver_choice import (
    DriverChoice,
    DriverName,
    DriverRefused,
    RedisAddress,
    chosen_driver,
    redis_address,
)


@pytest.mark.parametrize("asked", [None, "", " ", "database", " Database "])
def test_the_file_is_the_usual_driver(asked: str | None) -> None:
    environment = {} if asked is None else {"POS_QUEUE_CONNECTION": asked}
    assert chosen_driver(environment) == DriverChoice(name=DriverName.DATABASE)


def test_a_server_is_asked_for_only_where_it_is_used() -> None:
    environment = {"POS_QUEUE_CONNECTION": "sync", "POS_REDIS_URL": "nonsense"}
    assert chosen_driver(environment) == DriverChoice(name=DriverName.SYNC)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("redis://127.0.0.1", RedisAddress(host="127.0.0.1")),
        ("redis://localhost:7000/3", RedisAddress(host="localhost", port=7000, database=3)),
        ("redis://[::1]:7000", RedisAddress(host="::1", port=7000)),
        ("redis://:p%40ss@shop.example", RedisAddress(host="shop.example", password="p@ss")),
        (
            "rediss://till:secret@10.0.0.5:6380/1?ssl_ca_certs=/etc/shop.pem",
            RedisAddress(
                host="10.0.0.5",
                port=6380,
                database=1,
                username="till",
                password="secret",
                tls=True,
                ca_file="/etc/shop.pem",
            ),
        ),
        ("unix:///run/redis.sock", RedisAddress(socket="/run/redis.sock")),
        ("unix://:secret@/run/r.sock", RedisAddress(socket="/run/r.sock", password="secret")),
    ],
)
def test_an_address_is_read(url: str, address: RedisAddress) -> None:
    assert redis_address(url) == address


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"POS_QUEUE_CONNECTION": "kafka"}, "it can be one of: database, sync, redis"),
        ({"POS_QUEUE_CONNECTION": "redis"}, "POS_REDIS_URL is not set"),
        ({"POS_REDIS_URL": "redis://shop.example"}, r"another machine \(shop.example\) without"),
        ({"POS_REDIS_URL": "redis://till@10.0.0.5"}, "without a password"),
        ({"POS_REDIS_URL": "rediss://:@10.0.0.5"}, "without a password"),
        ({"POS_REDIS_URL": "redis://0.0.0.0"}, "without a password"),
        ({"POS_REDIS_URL": "http://127.0.0.1"}, "must begin with"),
        ({"POS_REDIS_URL": "redis://"}, "must begin with"),
        ({"POS_REDIS_URL": "unix://host/run/r.sock"}, "must begin with"),
        ({"POS_REDIS_URL": "redis://127.0.0.1:port"}, "cannot be read"),
        ({"POS_REDIS_URL": "redis://127.0.0.1/one"}, "cannot be read"),
        ({"POS_REDIS_URL": "redis://[::1"}, "cannot be read"),
        ({"POS_REDIS_URL": "redis://127.0.0.1?socket_timeout=900"}, "'socket_timeout', which"),
    ],
)
def test_what_cannot_be_chosen_is_said_in_a_sentence(
    environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(DriverRefused, match=sentence):
        chosen_driver({"POS_QUEUE_CONNECTION": "redis", **environment})


def test_a_password_is_shown_nowhere() -> None:
    address = redis_address("redis://:secret@shop.example")
    assert "secret" not in f"{address} {address!r}"
    with pytest.raises(DriverRefused) as refused:
        redis_address("redis://:secret@shop.example/x")
    assert "secret" not in str(refused.value)
