"""A webhook endpoint is driven through every fault of a sender, and of forgers."""
