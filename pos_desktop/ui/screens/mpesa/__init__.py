"""The page of M-Pesa: payments that no sale has for certain, and what is done with them."""
