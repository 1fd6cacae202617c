"""Reads of the mailboxes: where mail goes, what lies in a box, how far a message came, whom one may write to."""
