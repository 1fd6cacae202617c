"""Acts of the mailboxes: accept, send, open, acknowledge, recall, file, hand on to others, import."""
