"""Runs over time: a case with `[transient]` from its first state to its last."""
