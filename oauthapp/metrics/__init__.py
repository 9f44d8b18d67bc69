"""What a party counts of itself, for Prometheus."""
