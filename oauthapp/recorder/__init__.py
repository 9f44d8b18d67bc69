"""Hears both parties: every HTTP call in and out, without its secrets."""
