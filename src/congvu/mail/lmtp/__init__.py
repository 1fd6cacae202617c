"""Handing mail to a server by LMTP (vi: giao thư; kk: хат тапсыру): where it listens, what it answers. RFC 2033."""
