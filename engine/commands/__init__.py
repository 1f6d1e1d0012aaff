"""The commands by subject. What they need is imported when they run, so that ``--help`` is instant."""
