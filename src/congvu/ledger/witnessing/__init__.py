"""The command `congvu witness`: both sides of witnessing (vi: chứng kiến; kk: куәландыру)."""
