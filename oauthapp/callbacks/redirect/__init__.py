"""The redirect callback: a browser brings the answer to our question."""
