"""The first run: a shop is made in a few steps, until the first sale."""
