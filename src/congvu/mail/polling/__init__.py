"""Mailboxes on servers of others that are looked into by IMAP (vi: kiểm tra hộp thư từ xa; kk: қашықтағы жәшікті қарау). RFC 3501."""
