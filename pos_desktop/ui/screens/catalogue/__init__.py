"""The catalogue behind the counter: products, and how their prices have moved."""
