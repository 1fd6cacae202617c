"""The gate before a mail server (vi: cổng chuyển thư; kk: пошта сүзгісі): LMTP on both sides. RFC 2033."""
