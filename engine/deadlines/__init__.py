"""How long the law gives for a step, when that time ends, and why."""
