"""The payment page: a shop sends its buyers here, and is told what came of it."""
