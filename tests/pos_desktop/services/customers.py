"""A customer with an account, for tests of what is owed."""

from __future__ import annotations

from pos_desktop.domain.customer import Customer
from pos_desktop.services.people.customers import Particulars
from pos_desktop.shop import Shop
from tests.pos_desktop.services.play import play


def add_customer(shop: Shop, limit_cents: int = 1000_00) -> Customer:
    """Add a customer who may owe so much."""
    particulars = Particulars(
        name="Akinyi Otieno", phone="0712 345 678", email="akinyi@example.com"
    )
    customer = shop.customers.add(particulars, actor=None)
    return shop.customers.set_limit(customer, limit_cents, actor=None)


def buy_on_account(shop: Shop) -> Customer:
    """Sell milk on a new customer's account, and take a part of it."""
    customer = add_customer(shop)
    play(shop, "2*MILK", f"customer {customer.code}", "pay credit")
    play(shop, f"customer {customer.code}", "settle 30")
    shop.till.clear()
    return customer
