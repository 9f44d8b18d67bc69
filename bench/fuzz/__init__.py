"""Does anything break, hang or grow, whatever comes? Inputs that look for new code."""
