"""Work that takes a while: begun by one request, its result told in three ways."""
