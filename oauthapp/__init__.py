"""A callback URL is not one thing: redirect and webhook, side by side."""

__version__ = "0.1.0"
