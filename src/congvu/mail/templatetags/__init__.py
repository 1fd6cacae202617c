"""Template tags of the mailboxes."""
