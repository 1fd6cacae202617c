"""How people arrange their mailboxes (vi: sắp xếp hộp thư; kk: жәшікті реттеу): folders and filters of their own."""
