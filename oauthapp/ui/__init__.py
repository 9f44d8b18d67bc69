"""The compare page: what the recorder heard, side by side."""
