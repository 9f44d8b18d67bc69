"""A call, or a run, in forms that other programs take."""
