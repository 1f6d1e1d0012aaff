"""What pages and API show of cases: queries only, each with a fixed number of statements."""
