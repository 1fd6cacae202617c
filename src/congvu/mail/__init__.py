"""Official mailboxes (vi: thư điện tử công vụ; kk: қызметтік пошта): SMTP in and out, receipts. RFC 5321, RFC 5322."""
