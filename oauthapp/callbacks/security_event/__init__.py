"""Security events that a provider pushes: the third answer that a server may want."""
