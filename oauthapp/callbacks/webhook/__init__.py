"""The webhook callback: a server tells us what happened."""
