"""They call: the other side of each callback."""
