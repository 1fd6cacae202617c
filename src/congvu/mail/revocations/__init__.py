"""Authorities asked if a certificate was revoked (vi: hỏi việc thu hồi; kk: кері қайтаруды сұрау). RFC 5280, 6960."""
