"""The mail server's log (vi: đọc nhật ký máy chủ thư; kk: сервер журналын оқу): what was opened through IMAP."""
