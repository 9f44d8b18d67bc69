"""The history of the recorder's tables."""
