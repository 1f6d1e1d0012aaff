"""Everything in Anliu that works without a browser."""
