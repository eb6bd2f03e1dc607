"""Importing a file: what it is read as, what would come of it, and taking it back."""
