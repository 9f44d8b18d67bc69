"""The webhook sender: it posts events to endpoints until they are accepted."""
