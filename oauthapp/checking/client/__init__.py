"""A relying party is driven through every fault of a provider and of a browser."""
