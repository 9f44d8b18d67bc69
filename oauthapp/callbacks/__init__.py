"""We are called: by the user's browser (redirect) and by a server (webhook)."""
