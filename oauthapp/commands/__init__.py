"""The sender's commands: `oauthapp send`, `endpoints`, `deliveries`, `schedule`."""
