"""The pages of M-Pesa behind the counter: what no sale has for certain, and how it is set up."""
