"""Whether a party lives and can work, for whoever sends it requests."""
