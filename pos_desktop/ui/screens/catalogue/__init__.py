"""The catalogue behind the counter: products, their prices, and many prices at once."""
