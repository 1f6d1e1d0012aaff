"""``anliu serve``: one process that starts, watches and stops all others of this machine."""
