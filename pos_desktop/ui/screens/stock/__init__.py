"""Stock behind the counter: suppliers, goods that come and go, corrections, counts."""
