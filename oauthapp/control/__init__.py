"""Orders to a party on this machine: what it is to do wrong, and when."""
