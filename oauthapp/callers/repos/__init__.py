"""Repositories of code: a push is told by webhook, and builds are reported back."""
