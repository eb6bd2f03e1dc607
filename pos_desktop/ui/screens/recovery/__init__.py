"""What a person sees where a shop does not open: what is wrong, what is safe, and the ways out."""
