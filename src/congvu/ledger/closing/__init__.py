"""Closing a log whose key was stolen or that is lost, and beginning another (vi: đóng nhật ký; kk: журналды жабу)."""
