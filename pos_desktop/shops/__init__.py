"""How a shop comes about: made, restored, saved out of a damaged file, given its keys again."""
