"""Mailboxes elsewhere that are looked into (vi: kiểm tra hộp thư từ xa; kk: қашықтағы жәшікті қарау). RFC 3501."""
