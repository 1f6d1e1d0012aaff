"""Documents of a case: what kinds there are, their numbers, their text, and their PDF."""
