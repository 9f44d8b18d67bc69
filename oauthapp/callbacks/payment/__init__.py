"""The return URL: a buyer's browser comes back, and it settles nothing."""
