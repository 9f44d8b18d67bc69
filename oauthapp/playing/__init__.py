"""Somebody plays each scenario through, with a fault in it or without."""
