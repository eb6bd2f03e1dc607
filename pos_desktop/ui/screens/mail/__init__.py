"""Mail behind the counter: what goes out, to whom, with which words, and by which server."""
