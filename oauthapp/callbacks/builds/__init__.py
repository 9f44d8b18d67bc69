"""We call back: a push named an address, and there we report how the build went."""
