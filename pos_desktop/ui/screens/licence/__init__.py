"""The page of the shop's subscription to the program."""
