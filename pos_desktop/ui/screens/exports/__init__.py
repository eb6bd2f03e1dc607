"""Files of reports and lists: what was made, and what can be done with it."""
